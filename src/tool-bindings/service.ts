import { type AgentKey, agentKey, ownerKey } from '../agents/collection.ts';
import { type AgentService, notFound } from '../agents/service.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { Agent } from '../domain/agents.ts';
import type { Effects } from '../domain/effects.ts';
import { DomainError } from '../domain/errors.ts';
import type { ItemChange } from '../domain/items.ts';
import {
  configureToolBinding,
  credentialIdsOf,
  removeToolBinding,
  secretIdsOf,
  setToolBindingEnabled,
  toolBindingOf,
} from '../domain/tool-bindings.ts';
import { type GivenConfig, newSecrets, secretValue } from '../domain/tool-config.ts';
import { bindingsRemoved, type OAuthService } from '../oauth/service.ts';
import type { SecretStore } from '../secrets/secret-store.ts';
import { toTheEnd, type Work } from '../work.ts';

/** Who holds the secrets of bindings in the secret store. */
const HOLDER = 'toolBindings';
const NO_SECRETS: ReadonlyMap<string, string> = new Map();

export interface ToolBindingParts {
  readonly agents: AgentService;
  readonly tools: Catalog['tools'];
  readonly secrets: SecretStore;
  readonly oauth: OAuthService;
  readonly effects: Pick<Effects, 'now'>;
}

/**
 * Binds tools to agents. The agent's document is the only truth about which
 * secret a binding has; the order of writes around it is that of `SecretStore`.
 */
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
   * Binds the tool, or replaces or merges the config of its binding.
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
    config: GivenConfig['config'],
  ): Promise<Agent> {
    const agent = await this.#agents.change(work, ref, expectedVersion, unchanged);
    if (mode === 'merge') toolBindingOf(agent, toolId);
    const change: GivenConfig = { tool: this.#known(toolId), mode, config };
    const at = this.#effects.now().toISOString();
    // Refused before anything is stored.
    configureToolBinding(agent, change, NO_SECRETS, at);

    // Given up halfway, it could not tell whether the document refers to the secrets.
    return toTheEnd(work, (work) => this.#write(work, agent, expectedVersion, change, at));
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
   * @throws SecretUnreadable
   */
  async runtimeConfig(work: Work, ref: AgentKey, toolId: string): Promise<Record<string, unknown>> {
    const agent = await this.#agents.get(work, ref);
    const { config, secrets = {} } = toolBindingOf(agent, toolId);
    const values = await Promise.all(
      Object.entries(secrets).map(async ([field, { id }]) => {
        const text = await this.#secrets.read(work, ownerKey(agent), id);
        return text === undefined ? [] : [[field, secretValue(text)] as const];
      }),
    );
    return { ...config, ...Object.fromEntries(values.flat()) };
  }

  /**
   * Changes an agent by a function that may take bindings away, and lets go of
   * what those held: secrets, and grants, which are revoked at their providers.
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
      let before: Agent | undefined;
      const remembering = (it: Agent) => {
        before = it;
        return fn(it);
      };
      const change = await this.#agents.changeItem(
        work,
        ref,
        expectedVersion,
        remembering,
        bindingsRemoved,
      );
      if (before) await this.#letGo(work, before, change.agent);
      return change;
    });
  }

  async #letGo(work: Work, before: Agent, after: Agent): Promise<void> {
    const kept = credentialIdsOf(after);
    for (const id of credentialIdsOf(before)) {
      if (!kept.has(id)) await this.#oauth.giveUp(work, before, id);
    }
    await this.#forget(work, before, after);
  }

  /** Stores the secrets, then writes the document that refers to them, then lets go of those replaced. */
  async #write(
    work: Work,
    agent: Agent,
    expectedVersion: number | null | undefined,
    change: GivenConfig,
    at: string,
  ): Promise<Agent> {
    const owner = ownerKey(agent);
    const secretIds = await this.#store(work, owner, change);
    let before = agent;
    let after: Agent;
    try {
      after = await this.#agents.change(work, agent, expectedVersion, (it) => {
        // A later agent of the same id has no part in these secrets.
        if (ownerKey(it) !== owner) throw notFound(agentKey(agent));
        before = it;
        return configureToolBinding(it, change, secretIds, at);
      });
    } catch (error) {
      // Only a refusal says for certain that nothing refers to them.
      if (error instanceof DomainError) await this.#secrets.remove(work, owner, secretIds.values());
      throw error;
    }
    await this.#forget(work, before, after);
    return after;
  }

  async #store(
    work: Work,
    owner: string,
    change: GivenConfig,
  ): Promise<ReadonlyMap<string, string>> {
    const stored = [...newSecrets(change)].map(
      async ([field, text]) => [field, await this.#secrets.add(work, owner, HOLDER, text)] as const,
    );
    return new Map(await Promise.all(stored));
  }

  /** Removes the secrets that a change let go, and those that an earlier one could not. */
  async #forget(work: Work, before: Agent, after: Agent): Promise<void> {
    const owner = ownerKey(after);
    const kept = secretIdsOf(after);
    await this.#secrets.remove(
      work,
      owner,
      [...secretIdsOf(before)].filter((id) => !kept.has(id)),
    );
    await this.#secrets.sweep(work, owner, HOLDER, async () => {
      const [agent] = await this.#agents.getMany(work, [{ org: after.org, id: after.id }]);
      return agent ? secretIdsOf(agent) : new Set();
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
