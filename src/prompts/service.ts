import type { Catalog } from '../catalog/catalog.ts';
import type { Agent, AgentContent } from '../domain/agents.ts';
import { withPresentGrants } from '../domain/history.ts';
import type { Org } from '../domain/orgs.ts';
import { type Prompt, promptOf } from '../domain/prompt.ts';
import type { PromptAgent, Recipient } from '../domain/prompt-composition.ts';
import { NO_PROMPT, type PromptDiff, promptDiff } from '../domain/prompt-diff.ts';
import { countedTexts, type PromptSize, promptSize } from '../domain/prompt-size.ts';
import { problemOfTool } from '../domain/readiness-tools.ts';
import type { SlotPerson } from '../domain/slot-values.ts';
import { secretIdsOf } from '../domain/tool-bindings.ts';
import type { OAuthService, ReadCredential } from '../oauth/service.ts';
import { grantsOf } from '../readiness/grants.ts';
import { type ReadSecret, unreadableOf } from '../readiness/unreadable.ts';
import type { SecretStore } from '../secrets/secret-store.ts';
import type { MaybePromise } from '../store/bounds.ts';
import type { TokenCounter } from '../tokens/counter.ts';
import type { Work } from '../work.ts';

/** The parts of an agent that a prompt is assembled from. */
const PARTS: Readonly<Record<keyof PromptAgent | 'toolBindings', true>> = {
  name: true,
  identity: true,
  personality: true,
  guardrails: true,
  objectives: true,
  playbooks: true,
  skills: true,
  messageTemplates: true,
  toolBindings: true,
};
export const PROMPT_PARTS = Object.keys(PARTS) as readonly (keyof typeof PARTS)[];

/** The conversation that a prompt is for, and the version of the agent. */
export interface PromptQuery {
  /** The active playbook; the default one if it is not given. */
  readonly playbookId?: string | null | undefined;
  /** If given, message templates are rendered for this person. */
  readonly personId?: string | null | undefined;
  readonly channel?: string | null | undefined;
  /** The current one if it is not given. */
  readonly version?: number | null | undefined;
}

/** The readers of one request. */
export interface PromptReads {
  readonly credential?: ReadCredential;
  readonly secret?: ReadSecret;
}

/** Of the lines of a comparison. The longest text of an agent fits twice. */
const MAX_CHANGED_CHARACTERS = 250_000;

interface Parts {
  readonly catalog: Pick<Catalog, 'tools' | 'systemSkills' | 'guardrailTemplates'>;
  readonly oauth: OAuthService;
  readonly secrets: SecretStore;
  readonly orgs: { get(work: Work, id: string): MaybePromise<Org> };
  readonly people: {
    get(work: Work, owner: Pick<Agent, 'org' | 'uid'>, id: string): MaybePromise<SlotPerson>;
  };
  readonly tokens: TokenCounter;
  readonly history: {
    content(work: Work, agent: Agent, version: number): Promise<AgentContent>;
  };
}

/** Assembles the prompts that the model sees, and measures them. */
export class PromptService {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** @throws DomainError `playbook.not_found`, `person.not_found`, `version.not_found` */
  async of(
    work: Work,
    agent: Agent,
    { playbookId, personId, channel, version }: PromptQuery,
    reads: PromptReads = {},
  ): Promise<Prompt> {
    const { catalog, history, oauth, secrets } = this.#parts;
    const content =
      version == null
        ? agent
        : withPresentGrants(await history.content(work, agent, version), agent);
    const [grants, unreadable, recipient] = await Promise.all([
      grantsOf(work, agent, content.toolBindings ?? [], oauth, reads.credential),
      // As grants: those that the agent has now.
      unreadableOf(work, agent, secretIdsOf(agent), secrets, reads.secret),
      personId == null ? undefined : this.#recipient(work, agent, personId),
    ]);
    return work.inTurn(() =>
      promptOf({
        agent: content,
        systemSkills: catalog.systemSkills.list(),
        guardrailTemplates: catalog.guardrailTemplates.list(),
        problemOfTool: problemOfTool(content, { tools: catalog.tools, grants, unreadable }),
        playbookId: playbookId ?? undefined,
        recipient,
        channel: channel ?? undefined,
      }),
    );
  }

  /** @throws DomainError `server.busy`, `request.too_complex` */
  async size(work: Work, prompt: Prompt): Promise<PromptSize> {
    return promptSize(prompt, await this.#parts.tokens.count(work, countedTexts(prompt)));
  }

  /**
   * What the prompt of one version of an agent adds to that of another.
   *
   * @param from unset: an empty prompt
   * @throws DomainError `playbook.not_found` if one of the versions lacks it, `person.not_found`,
   *   `version.not_found`, `server.busy`, `request.too_complex`
   */
  async between(
    work: Work,
    agent: Agent,
    { from, to }: { readonly from: number | undefined; readonly to: number },
    conversation: Omit<PromptQuery, 'version'>,
    reads: PromptReads = {},
  ): Promise<PromptDiff> {
    const measured = async (version: number) => {
      const prompt = await this.of(work, agent, { ...conversation, version }, reads);
      return { prompt, size: await this.size(work, prompt) };
    };
    const [before, after] = await Promise.all([
      from === undefined ? NO_PROMPT : measured(from),
      measured(to),
    ]);
    return work.inTurn(() => promptDiff(before, after, MAX_CHANGED_CHARACTERS));
  }

  async #recipient(work: Work, agent: Agent, personId: string): Promise<Recipient> {
    const { orgs, people } = this.#parts;
    const [org, person] = await Promise.all([
      orgs.get(work, agent.org),
      people.get(work, agent, personId),
    ]);
    return { companyName: org.name, person };
  }
}
