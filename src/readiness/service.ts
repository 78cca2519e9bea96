import type { Catalog } from '../catalog/catalog.ts';
import type { Agent } from '../domain/agents.ts';
import type { Effects } from '../domain/effects.ts';
import { type Finding, type Grant, readinessOf } from '../domain/readiness.ts';
import type { CredentialDoc } from '../oauth/credentials.ts';
import type { OAuthService } from '../oauth/service.ts';
import type { OutreachLinkDoc } from '../outreach-links/collection.ts';
import type { OutreachLinkService } from '../outreach-links/service.ts';
import type { Scanner } from '../paging/pager.ts';
import type { Work } from '../work.ts';

export interface ReadinessParts {
  readonly catalog: Pick<Catalog, 'tools' | 'systemSkills'>;
  readonly oauth: OAuthService;
  readonly outreachLinks: OutreachLinkService;
  readonly effects: Pick<Effects, 'now'>;
}

/** What a request reads with; what is read for many agents comes together. */
interface Reads {
  readonly links: Scanner<OutreachLinkDoc>;
  readonly credential: (key: string) => Promise<CredentialDoc | undefined>;
}

const LINKS_LOOKED_AT = 200;

/** Gathers what is known around an agent, for `readinessOf` to judge. */
export class ReadinessService {
  readonly #parts: ReadinessParts;

  constructor(parts: ReadinessParts) {
    this.#parts = parts;
  }

  async of(work: Work, agent: Agent, { links, credential }: Reads): Promise<readonly Finding[]> {
    const { catalog, oauth, outreachLinks, effects } = this.#parts;
    const { toolBindings = [] } = agent;
    const page = outreachLinks.list(work, agent, { first: LINKS_LOOKED_AT }, links);
    const statuses = await Promise.all(
      toolBindings.map((binding) => oauth.statusOfBinding(work, agent, binding, credential)),
    );
    const grants = toolBindings.flatMap(({ toolId }, i) => {
      const grant: Grant | undefined = statuses[i];
      return grant ? [[toolId, grant] as const] : [];
    });
    const around = { ...catalog, grants: new Map(grants), links: (await page).docs };
    return readinessOf(agent, around, effects.now());
  }
}
