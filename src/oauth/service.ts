import { type AgentKey, ownerKey } from '../agents/collection.ts';
import { agentUpdated } from '../agents/events.ts';
import type { AgentService } from '../agents/service.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { ToolOAuth } from '../catalog/types.ts';
import type { Agent } from '../domain/agents.ts';
import type { Effects } from '../domain/effects.ts';
import { DomainError } from '../domain/errors.ts';
import type { EventType } from '../domain/events.ts';
import { isUsable, type OAuthStatus, type Revocation, statusOf } from '../domain/oauth.ts';
import type { AgentToolBinding } from '../domain/tool-bindings.ts';
import { credentialIdsOf, disconnectToolBinding, toolBindingOf } from '../domain/tool-bindings.ts';
import { SecretUnreadable } from '../secrets/keyring.ts';
import { toTheEnd, type Work } from '../work.ts';
import { type CredentialDoc, type CredentialStore, credentialKey } from './credentials.ts';
import type { ProviderClient, Tokens } from './provider-client.ts';
import type { ProviderClients } from './provider-clients.ts';
import { Renewal } from './renewal.ts';

/** Reads a credential by its key. */
type ReadCredential = (key: string) => Promise<CredentialDoc | undefined>;

export interface OAuthParts {
  readonly agents: AgentService;
  readonly tools: Catalog['tools'];
  readonly credentials: CredentialStore;
  readonly providers: ProviderClients;
  readonly effects: Pick<Effects, 'now'>;
}

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
    const credential = found && (await this.#renewal.current(work, found));
    return statusOf(oauth?.connectedAt, credential, this.#parts.effects.now());
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
  credentials(work: Work, keys: readonly string[]): Promise<(CredentialDoc | undefined)[]> {
    return this.#parts.credentials.getMany(work, keys);
  }

  /** Removes the credentials of an agent that is gone. */
  purge(work: Work, owner: string): Promise<void> {
    return this.#parts.credentials.purge(work, owner);
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
      let credentialId: string | undefined;
      const agent = await agents.change(
        work,
        ref,
        expectedVersion,
        (it) => {
          oauthOf(tools, it, toolId);
          credentialId = toolBindingOf(it, toolId).oauth?.credentialId;
          return credentialId === undefined ? it : disconnectToolBinding(it, credentialId);
        },
        (_, now) => [toolEvent('tool.disconnected', now, toolId)],
      );
      // Only what no binding refers to any more is given up.
      const revocation =
        credentialId === undefined ? 'none' : await this.giveUp(work, agent, credentialId);
      return { agent, revocation };
    });
  }

  /**
   * Revokes a credential at its provider and deletes it here, whatever the
   * provider does.
   */
  async giveUp(work: Work, agent: Agent, credentialId: string): Promise<Revocation> {
    const { credentials, providers } = this.#parts;
    const key = credentialKey(ownerKey(agent), credentialId);
    const credential = await credentials.find(work, key);
    if (!credential) return 'none';
    const client = providers.find(credential.provider);
    const revocation = credential.revoked
      ? 'none'
      : client
        ? await this.#revoked(client, credential)
        : 'unsupported';
    await credentials.remove(work, key);
    return revocation;
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
    const credential = found && (await this.#renewal.current(work, found));
    if (credential && isUsable(credential, effects.now())) {
      return (await credentials.tokens(credential)).accessToken;
    }
    const { state, lastError } = statusOf(oauth?.connectedAt, credential, effects.now());
    throw new DomainError(
      state === 'error' ? 'oauth.provider_unavailable' : 'oauth.not_connected',
      `the tool '${toolId}' has no usable grant: ${lastError ?? state}`,
    );
  }

  async #revoked(client: ProviderClient, credential: CredentialDoc): Promise<Revocation> {
    let tokens: Tokens;
    try {
      tokens = await this.#parts.credentials.tokens(credential);
    } catch (error) {
      if (error instanceof SecretUnreadable) return 'unsupported';
      throw error;
    }
    return client.revoke(tokens);
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

/** What a removal of bindings tells, beside that the agent changed. */
export function bindingsRemoved(before: Agent, after: Agent) {
  const kept = credentialIdsOf(after);
  const gone = (before.toolBindings ?? []).filter(
    ({ oauth }) => oauth && !kept.has(oauth.credentialId),
  );
  return [
    ...agentUpdated(before, after),
    ...gone.map(({ toolId }) => toolEvent('tool.disconnected', after, toolId)),
  ];
}

/** That a tool was connected or disconnected. */
export function toolEvent(
  type: Extract<EventType, `tool.${string}`>,
  { org, id }: Agent,
  toolId: string,
) {
  return { type, data: { id: toolId, orgId: org, agentId: id } };
}

function notSupported(toolId: string): DomainError {
  return new DomainError('oauth.not_supported', `the tool '${toolId}' takes no OAuth grant`);
}
