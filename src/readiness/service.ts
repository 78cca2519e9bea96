import type { Catalog } from '../catalog/catalog.ts';
import type { Agent } from '../domain/agents.ts';
import type { Effects } from '../domain/effects.ts';
import { type Finding, readinessOf } from '../domain/readiness.ts';
import type { OAuthService, ReadCredential } from '../oauth/service.ts';
import type { OutreachLinkDoc } from '../outreach-links/collection.ts';
import type { OutreachLinkService } from '../outreach-links/service.ts';
import type { Scanner } from '../paging/pager.ts';
import type { Work } from '../work.ts';
import { grantsOf } from './grants.ts';

export interface ReadinessParts {
  readonly catalog: Pick<Catalog, 'tools' | 'systemSkills'>;
  readonly oauth: OAuthService;
  readonly outreachLinks: OutreachLinkService;
  readonly effects: Pick<Effects, 'now'>;
}

/** The readers of one request. Reads for many agents are batched. */
interface Reads {
  readonly links: Scanner<OutreachLinkDoc>;
  readonly credential: ReadCredential;
}

/** Links of an agent, newest first. */
const MAX_LINKS = 200;

/** Reads everything that `readinessOf` depends on. */
export class ReadinessService {
  readonly #parts: ReadinessParts;

  constructor(parts: ReadinessParts) {
    this.#parts = parts;
  }

  async of(work: Work, agent: Agent, { links, credential }: Reads): Promise<readonly Finding[]> {
    const { catalog, oauth, outreachLinks, effects } = this.#parts;
    const [page, grants] = await Promise.all([
      outreachLinks.list(work, agent, { first: MAX_LINKS }, links),
      grantsOf(work, agent, oauth, credential),
    ]);
    const context = { ...catalog, grants, links: page.docs };
    return work.inTurn(() => readinessOf(agent, context, effects.now()));
  }
}
