import { type AgentKey, ownerKey } from '../agents/collection.ts';
import { type AgentEvents, agentUpdated } from '../agents/events.ts';
import type { AgentService } from '../agents/service.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { ToolOAuth } from '../catalog/types.ts';
import type { ChangeLog } from '../changes/change-log.ts';
import type { Agent } from '../domain/agents.ts';
import type { Effects } from '../domain/effects.ts';
import { DomainError } from '../domain/errors.ts';
import type { EventType } from '../domain/events.ts';
import { isUsable, type OAuthStatus, type Revocation, statusOf } from '../domain/oauth.ts';
import type { AgentToolBinding } from '../domain/tool-bindings.ts';
import { credentialIdsOf, disconnectToolBinding, toolBindingOf } from '../domain/tool-bindings.ts';
import type { Trace } from '../domain/trace.ts';
import { SecretUnreadable } from '../secrets/keyring.ts';
import type { MaybePromise } from '../store/bounds.ts';
import type { Write } from '../store/writes.ts';
import { attributed, systemWork, toTheEnd, type Work } from '../work.ts';
import {
  type CommitCredential,
  type CredentialDoc,
  type CredentialStore,
  credentialKey,
} from './credentials.ts';
import type { ProviderClient, Tokens } from './provider-client.ts';
import type { ProviderClients } from './provider-clients.ts';
import { Renewal } from './renewal.ts';

/** Reads a credential by its key. */
export type ReadCredential = (key: string) => MaybePromise<CredentialDoc | undefined>;

export interface OAuthParts {
  readonly agents: AgentService;
  readonly tools: Catalog['tools'];
  readonly credentials: CredentialStore;
  readonly providers: ProviderClients;
  readonly effects: Pick<Effects, 'now'>;
  readonly log: ChangeLog;
}

const UNREADABLE = 'the stored credential cannot be decrypted; connect again';

/** The author of changes that a provider makes necessary. */
const RENEWAL = systemWork('oauth-renewal').origin;

/** What operators granted to tools: how it stands, its use and its end. */
export class OAuthService {
  readonly #parts: OAuthParts;
  readonly #renewal: Renewal;

  constructor(parts: OAuthParts) {
    this.#parts = parts;
    this.#renewal = new Renewal(
      parts.credentials,
      (provider) => parts.providers.require(provider),
      parts.effects.now,
    );
  }

  /**
   * The state of a binding's grant; undefined for a tool without OAuth. An access
   * token that has expired is renewed first.
   */
  async statusOfBinding(
    work: Work,
    agent: Agent,
    { toolId, oauth }: AgentToolBinding,
    read: ReadCredential = (key) => this.#parts.credentials.find(work, key),
  ): Promise<OAuthStatus | undefined> {
    if (!this.#parts.tools.get(toolId)?.oauth) return undefined;
    const found = oauth && (await read(credentialKey(ownerKey(agent), oauth.credentialId)));
    // From here on the answer depends on the clock.
    if (found) work.reads?.other();
    const lose = this.#losing(agent, toolId);
    const credential = found && (await this.#renewal.current(work, found, lose));
    const status = statusOf(oauth?.connectedAt, credential, this.#parts.effects.now());
    if (status.state !== 'connected') return status;
    if (credential && (await this.#parts.credentials.opens(credential))) return status;
    return { ...status, state: 'error', lastError: UNREADABLE };
  }

  /** @throws DomainError `oauth.not_supported`, `tool_binding.not_found` */
  async status(
    work: Work,
    agent: Agent,
    toolId: string,
    read?: ReadCredential,
  ): Promise<OAuthStatus> {
    oauthOf(this.#parts.tools, agent, toolId);
    const status = await this.statusOfBinding(work, agent, toolBindingOf(agent, toolId), read);
    if (!status) throw notSupported(toolId);
    return status;
  }

  /** The credentials of these keys, in their order; one read. */
  async credentials(work: Work, keys: readonly string[]): Promise<(CredentialDoc | undefined)[]> {
    return this.#parts.credentials.getMany(work, keys);
  }

  /**
   * Gives the grant up: at the provider, as far as it lets us, and here in any case.
   *
   * @throws DomainError `agent.not_found`, `version.mismatch`, `oauth.not_supported`,
   *   `tool_binding.not_found`
   */
  async disconnect(
    work: Work,
    ref: AgentKey,
    expectedVersion: number | null | undefined,
    toolId: string,
  ): Promise<{ agent: Agent; revocation: Revocation }> {
    const { agents, tools } = this.#parts;
    return toTheEnd(work, async (work) => {
      let removed: readonly CredentialDoc[] = [];
      const disconnected = (it: Agent) => {
        oauthOf(tools, it, toolId);
        const { oauth } = toolBindingOf(it, toolId);
        return oauth ? disconnectToolBinding(it, oauth.credentialId) : it;
      };
      const agent = await agents.change(
        work,
        ref,
        expectedVersion,
        disconnected,
        (_, now) => [toolEvent('tool.disconnected', now, toolId)],
        async (before, after) => {
          removed = await this.removedGrants(work, before, after);
          return this.credentialWrites(before, after);
        },
      );
      const [credential] = removed;
      return { agent, revocation: credential ? await this.revoke(work, credential) : 'none' };
    });
  }

  /** The writes that remove the credentials which a change of an agent no longer refers to. */
  credentialWrites(before: Agent, after: Agent): readonly Write[] {
    return this.#parts.credentials.writes({
      owner: ownerKey(after),
      before: credentialIdsOf(before),
      after: credentialIdsOf(after),
    });
  }

  /** The credentials that `credentialWrites` removes, to be revoked then. */
  async removedGrants(work: Work, before: Agent, after: Agent): Promise<readonly CredentialDoc[]> {
    const kept = credentialIdsOf(after);
    const removed = [...credentialIdsOf(before)].filter((id) => !kept.has(id));
    const keys = removed.map((id) => credentialKey(ownerKey(before), id));
    const found = keys.length > 0 ? await this.#parts.credentials.getMany(work, keys) : [];
    return found.filter((it) => it !== undefined);
  }

  /** Revokes a removed credential at its provider, as far as that is possible. */
  async revoke({ origin }: Pick<Work, 'origin'>, credential: CredentialDoc): Promise<Revocation> {
    if (credential.revoked) return 'none';
    const client = this.#parts.providers.find(credential.provider);
    return client ? this.#revoked(origin, client, credential) : 'unsupported';
  }

  /**
   * An access token that can be used now: for the runtime, which calls the tool.
   * Never for an answer.
   *
   * @throws DomainError `agent.not_found`, `tool_binding.not_found`, `oauth.not_connected`,
   *   `oauth.provider_unavailable`
   * @throws SecretUnreadable
   */
  async accessToken(work: Work, ref: AgentKey, toolId: string): Promise<string> {
    const { agents, credentials, effects } = this.#parts;
    const agent = await agents.get(work, ref);
    const { oauth } = toolBindingOf(agent, toolId);
    const found =
      oauth && (await credentials.find(work, credentialKey(ownerKey(agent), oauth.credentialId)));
    const lose = this.#losing(agent, toolId);
    const credential = found && (await this.#renewal.current(work, found, lose));
    if (credential && isUsable(credential, effects.now())) {
      return (await credentials.tokens(credential)).accessToken;
    }
    const { state, lastError } = statusOf(oauth?.connectedAt, credential, effects.now());
    throw new DomainError(
      state === 'error' ? 'oauth.provider_unavailable' : 'oauth.not_connected',
      `the tool '${toolId}' has no usable grant: ${lastError ?? state}`,
    );
  }

  /**
   * Notes that the provider has ended the grant: for the runtime, whose call with the access token
   * was refused. Does nothing for a tool without a grant.
   *
   * @param reason for the operator
   * @throws DomainError `agent.not_found`, `tool_binding.not_found`
   */
  async ended(work: Work, ref: AgentKey, toolId: string, reason: string): Promise<void> {
    const { agents, credentials } = this.#parts;
    const agent = await agents.get(work, ref);
    const { oauth } = toolBindingOf(agent, toolId);
    if (!oauth) return;
    const key = credentialKey(ownerKey(agent), oauth.credentialId);
    const state = { revoked: true, lastError: reason };
    await credentials.settle(work, key, state, undefined, this.#losing(agent, toolId));
  }

  /** Commits the loss of a tool's grant, which is no change of the agent's document. */
  #losing({ org, id }: Agent, toolId: string): CommitCredential {
    const { log, effects } = this.#parts;
    return async (work, write, { key, id: uid, version }) => {
      const change = {
        type: 'tool',
        resource: { org, id, uid, key },
        verb: 'updated',
        version,
        at: effects.now().toISOString(),
        events: [toolEvent('tool.disconnected', { org, id }, toolId)],
      } as const;
      const watched = await log.isWatched(work, org);
      return (await log.commit(attributed(work, RENEWAL), change, [write], watched)).committed;
    };
  }

  async #revoked(
    trace: Trace,
    client: ProviderClient,
    credential: CredentialDoc,
  ): Promise<Revocation> {
    let tokens: Tokens;
    try {
      tokens = await this.#parts.credentials.tokens(credential);
    } catch (error) {
      if (error instanceof SecretUnreadable) return 'unsupported';
      throw error;
    }
    return client.revoke(trace, tokens);
  }
}

/**
 * The grant that a tool takes.
 *
 * @throws DomainError `oauth.not_supported`; `tool_binding.not_found` of a tool that is nowhere
 */
export function oauthOf(tools: Catalog['tools'], agent: Agent, toolId: string): ToolOAuth {
  const tool = tools.get(toolId);
  if (tool?.oauth) return tool.oauth;
  if (!tool) toolBindingOf(agent, toolId);
  throw notSupported(toolId);
}

/** The events of a removal of bindings, beside `agent.updated`. */
export const bindingsRemoved: AgentEvents = (before, after, sections) => {
  const kept = credentialIdsOf(after);
  const gone = (before.toolBindings ?? []).filter(
    ({ oauth }) => oauth && !kept.has(oauth.credentialId),
  );
  return [
    ...agentUpdated(before, after, sections),
    ...gone.map(({ toolId }) => toolEvent('tool.disconnected', after, toolId)),
  ];
};

/** That a tool was connected or disconnected. */
export function toolEvent(
  type: Extract<EventType, `tool.${string}`>,
  { org, id }: Pick<Agent, 'org' | 'id'>,
  toolId: string,
) {
  return { type, data: { id: toolId, orgId: org, agentId: id } };
}

function notSupported(toolId: string): DomainError {
  return new DomainError('oauth.not_supported', `the tool '${toolId}' takes no OAuth grant`);
}
