import type { Catalog } from '../catalog/catalog.ts';
import type { Agent } from '../domain/agents.ts';
import { authIdsOf } from '../domain/channels.ts';
import type { Effects } from '../domain/effects.ts';
import { promptOf } from '../domain/prompt.ts';
import { countedTexts, promptSize } from '../domain/prompt-size.ts';
import { type Finding, type ReadinessContext, readinessOf } from '../domain/readiness.ts';
import { isSmall, longestPlaybook, sizeFindings } from '../domain/readiness-size.ts';
import { problemOfTool } from '../domain/readiness-tools.ts';
import { secretIdsOf } from '../domain/tool-bindings.ts';
import type { OAuthService, ReadCredential } from '../oauth/service.ts';
import type { OutreachLinkDoc } from '../outreach-links/collection.ts';
import type { OutreachLinkService } from '../outreach-links/service.ts';
import type { Scanner } from '../paging/pager.ts';
import type { SecretDoc, SecretStore } from '../secrets/secret-store.ts';
import type { TokenCounter } from '../tokens/counter.ts';
import type { Work } from '../work.ts';
import { grantsOf } from './grants.ts';
import { type ReadSecret, unreadableOf } from './unreadable.ts';

export interface ReadinessParts {
  readonly catalog: Pick<Catalog, 'tools' | 'systemSkills'>;
  readonly tokens: TokenCounter;
  /** A prompt with more estimated tokens gets a warning. */
  readonly maxPromptTokens: number;
  readonly oauth: OAuthService;
  readonly secrets: SecretStore;
  readonly outreachLinks: OutreachLinkService;
  readonly effects: Pick<Effects, 'now'>;
}

/** The readers of one request. Reads for many agents are batched. */
export interface ReadinessReads {
  readonly links: Scanner<OutreachLinkDoc>;
  readonly credential: ReadCredential;
  readonly secret: ReadSecret;
}

/** Links of an agent, newest first. */
const MAX_LINKS = 200;

/** Reads everything that readiness depends on, and measures the longest prompt. */
export class ReadinessService {
  readonly #parts: ReadinessParts;

  constructor(parts: ReadinessParts) {
    this.#parts = parts;
  }

  /** Secrets, sealed, by their keys in the store and in their order; one read. */
  secrets(work: Work, keys: readonly string[]): Promise<(SecretDoc | undefined)[]> {
    return this.#parts.secrets.getMany(work, keys);
  }

  async of(
    work: Work,
    agent: Agent,
    { links, credential, secret }: ReadinessReads,
  ): Promise<readonly Finding[]> {
    const { catalog, oauth, secrets, outreachLinks, effects } = this.#parts;
    const ids = [...secretIdsOf(agent), ...authIdsOf(agent)];
    const [page, grants, unreadable] = await Promise.all([
      outreachLinks.list(work, agent, { first: MAX_LINKS }, links),
      grantsOf(work, agent, agent.toolBindings ?? [], oauth, credential),
      unreadableOf(work, agent, ids, secrets, secret),
    ]);
    const context = { ...catalog, grants, unreadable, links: page.docs };
    const findings = await work.inTurn(() => readinessOf(agent, context, effects.now()));
    return [...findings, ...(await this.#sizeFindings(work, agent, context))];
  }

  /** Of the longest prompt. Only one that can be too long is counted. */
  async #sizeFindings(
    work: Work,
    agent: Agent,
    { tools, grants, unreadable, systemSkills }: ReadinessContext,
  ): Promise<readonly Finding[]> {
    const { maxPromptTokens, tokens } = this.#parts;
    const prompt = await work.inTurn(() => {
      const sources = {
        agent,
        systemSkills: systemSkills.list(),
        guardrailTemplates: [],
        problemOfTool: problemOfTool(agent, { tools, grants, unreadable }),
      };
      return promptOf({ ...sources, playbookId: longestPlaybook(sources) });
    });
    if (isSmall(prompt, maxPromptTokens)) return [];
    const tokensOf = await tokens.count(work, countedTexts(prompt));
    return sizeFindings(prompt, promptSize(prompt, tokensOf), maxPromptTokens);
  }
}
