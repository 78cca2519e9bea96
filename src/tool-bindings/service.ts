import { type AgentKey, agentKey, ownerKey } from '../agents/collection.ts';
import { agentUpdated } from '../agents/events.ts';
import { type AgentService, notFound } from '../agents/service.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { Agent } from '../domain/agents.ts';
import type { Effects } from '../domain/effects.ts';
import { DomainError } from '../domain/errors.ts';
import type { ItemChange } from '../domain/items.ts';
import {
  configureToolBinding,
  removeToolBinding,
  secretIdsOf,
  setToolBindingEnabled,
  toolBindingOf,
} from '../domain/tool-bindings.ts';
import {
  type GivenBinding,
  type GivenConfig,
  newSecrets,
  secretValue,
} from '../domain/tool-config.ts';
import type { CredentialDoc } from '../oauth/credentials.ts';
import { bindingsRemoved, type OAuthService } from '../oauth/service.ts';
import { SecretUnreadable } from '../secrets/keyring.ts';
import type { SecretDoc, SecretStore } from '../secrets/secret-store.ts';
import { toTheEnd, type Work } from '../work.ts';

/** Of a config whose secrets are replaced again and again. */
const MAX_READS = 5;
const NO_SECRETS: ReadonlyMap<string, string> = new Map();

export interface ToolBindingParts {
  readonly agents: AgentService;
  readonly tools: Catalog['tools'];
  readonly secrets: SecretStore;
  readonly oauth: OAuthService;
  readonly effects: Pick<Effects, 'now'>;
}

/** Binds tools to agents. The agent's document refers to the secrets of its bindings. */
export class ToolBindingService {
  readonly #agents: AgentService;
  readonly #tools: Catalog['tools'];
  readonly #secrets: SecretStore;
  readonly #oauth: OAuthService;
  readonly #effects: Pick<Effects, 'now'>;

  constructor({ agents, tools, secrets, oauth, effects }: ToolBindingParts) {
    this.#agents = agents;
    this.#tools = tools;
    this.#secrets = secrets;
    this.#oauth = oauth;
    this.#effects = effects;
  }

  /**
   * Binds the tool, or replaces or merges the config of its binding. Sets `enabled` if it is
   * given.
   *
   * @throws DomainError `agent.not_found`, `tool_binding.not_found`, `tool.unknown`,
   *   `request.invalid`, `version.mismatch`
   */
  async configure(
    work: Work,
    ref: AgentKey,
    expectedVersion: number | null | undefined,
    toolId: string,
    mode: GivenConfig['mode'],
    given: GivenBinding,
  ): Promise<Agent> {
    const agent = await this.#agents.change(work, ref, expectedVersion, unchanged);
    if (mode === 'merge') toolBindingOf(agent, toolId);
    const change: GivenConfig = { ...given, tool: this.#known(toolId), mode };
    const at = this.#effects.now().toISOString();
    // Refused before anything is sealed.
    configureToolBinding(agent, change, NO_SECRETS, at);

    const owner = ownerKey(agent);
    const sealed = new Map<string, SecretDoc>();
    for (const [field, text] of newSecrets(change)) {
      sealed.set(field, await this.#secrets.seal(owner, text));
    }
    const secretIds = new Map([...sealed].map(([field, { id }]) => [field, id]));
    const configured = (it: Agent) => {
      // The secrets are sealed for this agent, and not for a later one of the same id.
      if (ownerKey(it) !== owner) throw notFound(agentKey(agent));
      return configureToolBinding(it, change, secretIds, at);
    };
    return this.#agents.change(
      work,
      ref,
      expectedVersion,
      configured,
      agentUpdated,
      (before, after) => this.#secretWrites(before, after, [...sealed.values()]),
    );
  }

  /**
   * Unbinds the tool, clears its secrets and gives its grant up.
   *
   * @throws DomainError `agent.not_found`, `tool_binding.not_found`, `version.mismatch`
   */
  async remove(
    work: Work,
    ref: AgentKey,
    expectedVersion: number | null | undefined,
    toolId: string,
  ): Promise<Agent> {
    const { agent } = await this.changeAll(work, ref, expectedVersion, (it) => ({
      agent: removeToolBinding(it, toolId),
      item: undefined,
    }));
    return agent;
  }

  /** @throws DomainError `agent.not_found`, `tool_binding.not_found`, `version.mismatch` */
  setEnabled(
    work: Work,
    ref: AgentKey,
    expectedVersion: number | null | undefined,
    toolId: string,
    enabled: boolean,
  ): Promise<Agent> {
    return this.#agents.change(work, ref, expectedVersion, (it) =>
      setToolBindingEnabled(it, toolId, enabled),
    );
  }

  /**
   * The config with the secrets in it: for the runtime, which calls the tool.
   * Never for an answer.
   *
   * @throws DomainError `agent.not_found`, `tool_binding.not_found`
   * @throws SecretUnreadable, also if the store has lost a secret
   */
  async runtimeConfig(work: Work, ref: AgentKey, toolId: string): Promise<Record<string, unknown>> {
    for (let attempt = 1; ; attempt += 1) {
      const agent = await this.#agents.get(work, ref);
      const { config, secrets = {} } = toolBindingOf(agent, toolId);
      const read = await Promise.all(
        Object.entries(secrets).map(async ([field, { id }]) => {
          const text = await this.#secrets.read(work, ownerKey(agent), id);
          return { field, id, text };
        }),
      );
      const missing = read.flatMap(({ id, text }) => (text === undefined ? [id] : []));
      if (missing.length === 0) {
        const values = read.map(({ field, text = '' }) => [field, secretValue(text)] as const);
        return { ...config, ...Object.fromEntries(values) };
      }
      // Others may have replaced them meanwhile.
      const now = secretIdsOf(await this.#agents.get(work, ref));
      if (attempt === MAX_READS || missing.some((id) => now.has(id))) {
        throw new SecretUnreadable(`the store has no secret ${missing.join(', ')}`);
      }
    }
  }

  /**
   * Changes an agent by a function that may remove bindings. Their secrets and grants are removed
   * in the same commit; then the grants are revoked at their providers.
   *
   * @throws DomainError `agent.not_found`, `version.mismatch`, and what `fn` throws
   */
  changeAll<T>(
    work: Work,
    ref: AgentKey,
    expectedVersion: number | null | undefined,
    fn: (agent: Agent) => ItemChange<T>,
  ): Promise<ItemChange<T>> {
    return toTheEnd(work, async (work) => {
      let removed: readonly CredentialDoc[] = [];
      const also = async (before: Agent, after: Agent) => {
        removed = await this.#oauth.removedGrants(work, before, after);
        return [
          ...this.#secretWrites(before, after),
          ...this.#oauth.credentialWrites(before, after),
        ];
      };
      const change = await this.#agents.changeItem(
        work,
        ref,
        expectedVersion,
        fn,
        bindingsRemoved,
        also,
      );
      for (const credential of removed) await this.#oauth.revoke(work, credential);
      return change;
    });
  }

  #secretWrites(before: Agent, after: Agent, sealed: readonly SecretDoc[] = []) {
    return this.#secrets.writes({
      owner: ownerKey(after),
      before: secretIdsOf(before),
      after: secretIdsOf(after),
      sealed,
    });
  }

  #known(toolId: string) {
    const tool = this.#tools.get(toolId);
    if (tool) return tool;
    throw new DomainError('tool.unknown', `the catalog has no tool '${toolId}'`, [
      { path: 'toolId', message: 'is not a tool of the catalog' },
    ]);
  }
}

/** A change that reads the agent at the expected version, and writes nothing. */
function unchanged(agent: Agent): Agent {
  return agent;
}
