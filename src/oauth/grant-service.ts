import { type AgentKey, agentKey, ownerKey } from '../agents/collection.ts';
import { type AgentService, notFound } from '../agents/service.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { Effects } from '../domain/effects.ts';
import { DomainError } from '../domain/errors.ts';
import { returnUrl } from '../domain/oauth.ts';
import { connectToolBinding, credentialIdsOf, toolBindingOf } from '../domain/tool-bindings.ts';
import { attributed, toTheEnd, type Work } from '../work.ts';
import type { CredentialStore } from './credentials.ts';
import { OAuthFailure, UNAVAILABLE } from './failure.ts';
import type { PendingGrants, TakenGrant } from './pending-grants.ts';
import type { Tokens } from './provider-client.ts';
import type { ProviderClients } from './provider-clients.ts';
import { oauthOf, toolEvent } from './service.ts';

/** How a grant ended, for the browser that came back. */
export interface GrantOutcome {
  /** Unset when the `state` is none that we know. */
  readonly toolId?: string;
  /** Set when it failed: a word for programs. */
  readonly reason?: string;
  /** Where the browser goes; unset where there is no allowed place. */
  readonly redirectTo?: string;
}

/** The tool that a grant is for. */
export type GrantedTool = Pick<TakenGrant, 'agent' | 'owner' | 'toolId' | 'provider'>;

export interface GrantParts {
  readonly agents: AgentService;
  readonly tools: Catalog['tools'];
  readonly credentials: CredentialStore;
  readonly pending: PendingGrants;
  readonly providers: ProviderClients;
  readonly returnHosts: readonly string[];
  readonly effects: Pick<Effects, 'now'>;
  /** Counts a grant that a caller begins. @throws DomainError `request.rate_limited` */
  readonly admitStart: (caller: string) => void;
}

/** Takes operators through the grant of a tool: to the provider, and back. */
export class OAuthGrantService {
  readonly #parts: GrantParts;
  #redirectUri: string | undefined;

  constructor(parts: GrantParts) {
    this.#parts = parts;
  }

  /** Sets the URL that providers send the browser back to, once it is known. */
  redirectTo(uri: string): void {
    this.#redirectUri = uri;
  }

  /**
   * Begins a grant.
   *
   * @returns where the operator's browser goes
   * @throws DomainError `agent.not_found`, `oauth.not_supported`,
   *   `tool_binding.not_found`, `oauth.provider_not_configured`, `oauth.provider_unavailable`,
   *   `request.rate_limited`
   */
  async start(
    work: Work,
    ref: AgentKey,
    toolId: string,
    returnTo: string | undefined,
  ): Promise<string> {
    const { agents, pending, providers } = this.#parts;
    if (this.#redirectUri === undefined) throw new Error('no redirect URI was told');
    this.#parts.admitStart(work.origin.actor.id);
    const agent = await agents.get(work, ref);
    const { provider, scopes } = oauthOf(this.#parts.tools, agent, toolId);
    toolBindingOf(agent, toolId);
    const client = providers.find(provider);
    if (!client) {
      throw new DomainError(
        'oauth.provider_not_configured',
        `no credentials of the OAuth provider '${provider}' are configured here`,
      );
    }
    const owner = ownerKey(agent);
    const grant = await pending.begin(
      work,
      {
        agent: ref,
        owner,
        toolId,
        provider,
        actor: work.origin.actor,
        ...(returnTo !== undefined && { returnTo }),
      },
      this.#redirectUri,
    );
    return reported(() => client.authorizationUrl(work.origin, scopes, grant));
  }

  /** Completes a grant with what the browser brought back. Each `state` is taken once. */
  async complete(work: Work, parameters: URLSearchParams): Promise<GrantOutcome> {
    const states = parameters.getAll('state');
    const grant =
      states.length === 1 ? await this.#parts.pending.take(work, states[0] ?? '') : undefined;
    if (!grant) return { reason: 'state_unknown' };
    const { toolId, returnTo } = grant;
    const reason = await this.#reasonOf(() =>
      toTheEnd(work, (work) => this.#connect(work, grant, parameters)),
    );
    const outcome: Record<string, string> = reason
      ? { oauthStatus: 'error', reason }
      : { oauthStatus: 'success', toolId };
    const redirectTo = returnUrl(returnTo, this.#parts.returnHosts, outcome);
    return { toolId, ...(reason && { reason }), ...(redirectTo && { redirectTo }) };
  }

  async #connect(work: Work, grant: TakenGrant, parameters: URLSearchParams): Promise<void> {
    const { providers } = this.#parts;
    if (grant.expired) throw new OAuthFailure('state_expired', 'the grant took too long');
    const client = providers.require(grant.provider);
    const tokens = await client.exchange(work.origin, parameters, grant);
    const granted = attributed(work, { ...work.origin, actor: grant.actor });
    await this.connect(granted, grant, tokens);
  }

  /**
   * Connects a tool with the tokens of a completed grant. The binding refers to the new credential
   * in the commit that stores it and removes the old one.
   *
   * @throws DomainError `agent.not_found`, `tool_binding.not_found`
   */
  async connect(
    work: Work,
    { agent: ref, owner, toolId, provider }: GrantedTool,
    tokens: Tokens,
  ): Promise<void> {
    const { agents, credentials, effects } = this.#parts;
    const credential = await credentials.seal(owner, provider, tokens);
    const connection = {
      credentialId: credential.id,
      connectedAt: effects.now().toISOString(),
    };
    await agents.change(
      work,
      ref,
      undefined,
      (it) => {
        if (ownerKey(it) !== owner) throw notFound(agentKey(ref));
        return connectToolBinding(it, toolId, connection);
      },
      (_, now) => [toolEvent('tool.connected', now, toolId)],
      // The old one is not revoked: some providers would end the new grant of the same account too.
      (before, after) =>
        credentials.writes({
          owner,
          before: credentialIdsOf(before),
          after: credentialIdsOf(after),
          sealed: [credential],
        }),
    );
  }

  /** Why a grant could not be completed; undefined when it was. */
  async #reasonOf(complete: () => Promise<void>): Promise<string | undefined> {
    try {
      await complete();
      return undefined;
    } catch (error) {
      if (error instanceof OAuthFailure) return error.reason;
      if (error instanceof DomainError) return error.code;
      throw error;
    }
  }
}

/** A failed talk with a provider as a refusal of the request. */
async function reported<T>(talk: () => Promise<T>): Promise<T> {
  try {
    return await talk();
  } catch (error) {
    if (!(error instanceof OAuthFailure)) throw error;
    const what = error.reason === UNAVAILABLE ? '' : ` (${error.reason})`;
    throw new DomainError('oauth.provider_unavailable', `${error.message}${what}`);
  }
}
