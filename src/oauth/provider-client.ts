import {
  type AuthorizationServer,
  allowInsecureRequests,
  authorizationCodeGrantRequest,
  type Client,
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretPost,
  calculatePKCECodeChallenge,
  customFetch,
  discoveryRequest,
  processAuthorizationCodeResponse,
  processDiscoveryResponse,
  processRefreshTokenResponse,
  processRevocationResponse,
  refreshTokenGrantRequest,
  revocationRequest,
  type TokenEndpointResponse,
  validateAuthResponse,
} from 'oauth4webapi';
import type { Revocation } from '../domain/oauth.ts';
import { type Trace, traceHeaders } from '../domain/trace.ts';
import { outgoing } from '../tracing/outgoing.ts';
import type { Tracer } from '../tracing/span.ts';
import { failureOf, OAuthFailure, UNAVAILABLE } from './failure.ts';
import type { OAuthProvider } from './providers.ts';

/** The settings of one provider. */
export interface OAuthClientSettings {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Found by discovery there, in place of the published endpoints. */
  readonly issuer?: string;
}

/** The tokens that a provider issued. */
export interface Tokens {
  readonly accessToken: string;
  readonly refreshToken?: string;
  /** ISO-8601; unset where the provider names no end. */
  readonly expiresAt?: string;
}

/** What must be the same when a grant begins and when it completes. */
export interface GrantSecrets {
  readonly state: string;
  readonly verifier: string;
  readonly redirectUri: string;
}

export interface ProviderClientOptions {
  readonly now: () => Date;
  /** Of each call to the provider. */
  readonly timeoutMs: number;
  readonly tracer?: Tracer | undefined;
}

/** As oauth4webapi gives it to a fetch of ours. */
type Init = { [K in keyof RequestInit]: RequestInit[K] | undefined };

const DISCOVERY_MS = 600_000;
const MAX_ANSWER_BYTES = 256 * 1024;
/** The token is of no use any more: what was asked for. */
const GONE_ALREADY = new Set(['invalid_token', 'token_revoked', 'token_expired', 'invalid_auth']);

/**
 * The conversations with one provider. Each call ends in time; what fails is an
 * `OAuthFailure`. Each passes on the trace of the request that caused it.
 */
export class ProviderClient {
  readonly #settings: OAuthClientSettings;
  readonly #provider: OAuthProvider | undefined;
  readonly #client: Client;
  readonly #options: ProviderClientOptions;
  #discovered: { readonly server: AuthorizationServer; readonly until: number } | undefined;

  /** @param provider its row; unused, and not needed, where the settings name an issuer */
  constructor(
    settings: OAuthClientSettings,
    provider: OAuthProvider | undefined,
    options: ProviderClientOptions,
  ) {
    this.#settings = settings;
    this.#provider = settings.issuer === undefined ? provider : undefined;
    this.#client = { client_id: settings.clientId };
    this.#options = options;
  }

  /** Where the operator's browser goes to give the grant. @throws OAuthFailure */
  async authorizationUrl(
    trace: Trace,
    scopes: readonly string[],
    grant: GrantSecrets,
  ): Promise<string> {
    const { authorization_endpoint } = await this.#server(trace);
    if (!authorization_endpoint) {
      throw new OAuthFailure('response_invalid', 'the provider names no authorization endpoint');
    }
    const url = new URL(authorization_endpoint);
    const parameters = {
      ...this.#provider?.authorizationParameters,
      response_type: 'code',
      client_id: this.#settings.clientId,
      redirect_uri: grant.redirectUri,
      scope: scopes.join(this.#provider?.scopeSeparator ?? ' '),
      state: grant.state,
      code_challenge: await calculatePKCECodeChallenge(grant.verifier),
      code_challenge_method: 'S256',
    };
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
    return url.href;
  }

  /** @param parameters those of the redirect back @throws OAuthFailure */
  async exchange(trace: Trace, parameters: URLSearchParams, grant: GrantSecrets): Promise<Tokens> {
    const server = await this.#server(trace);
    const issuers = parameters.getAll('iss');
    if (issuers.some((issuer) => issuer !== server.issuer)) {
      throw new OAuthFailure('issuer_mismatch', 'the answer came from another issuer');
    }
    return this.#talk(async () => {
      const response = await authorizationCodeGrantRequest(
        server,
        this.#client,
        this.#clientAuth(server),
        validateAuthResponse(server, this.#client, parameters, grant.state),
        grant.redirectUri,
        grant.verifier,
        this.#request(trace),
      );
      return this.#tokens(await processAuthorizationCodeResponse(server, this.#client, response));
    });
  }

  /** @throws OAuthFailure; `invalid_grant` when the grant is no longer valid */
  async refresh(trace: Trace, refreshToken: string): Promise<Tokens> {
    const server = await this.#server(trace);
    return this.#talk(async () => {
      const auth = this.#clientAuth(server);
      const response = await refreshTokenGrantRequest(
        server,
        this.#client,
        auth,
        refreshToken,
        this.#request(trace),
      );
      const tokens = this.#tokens(
        await processRefreshTokenResponse(server, this.#client, response),
      );
      return { refreshToken, ...tokens };
    });
  }

  async revoke(trace: Trace, { accessToken, refreshToken }: Tokens): Promise<Revocation> {
    try {
      const server = await this.#server(trace);
      if (!server.revocation_endpoint) return 'unsupported';
      await this.#talk(async () => {
        const response = this.#provider?.revokesBearer
          ? await this.#fetch(trace, String(server.revocation_endpoint), {
              method: 'POST',
              headers: { Authorization: `Bearer ${accessToken}` },
              signal: this.#deadline(),
            })
          : await revocationRequest(
              server,
              this.#client,
              this.#clientAuth(server),
              refreshToken ?? accessToken,
              this.#request(trace),
            );
        await processRevocationResponse(response);
      });
      return 'revoked';
    } catch (error) {
      const { reason } = failureOf(error);
      if (GONE_ALREADY.has(reason)) return 'revoked';
      return reason === UNAVAILABLE ? 'unreachable' : 'refused';
    }
  }

  async #server(trace: Trace): Promise<AuthorizationServer> {
    const { issuer } = this.#settings;
    if (issuer === undefined) {
      if (this.#provider) return this.#provider.server;
      throw new OAuthFailure(
        'provider_unknown',
        'the provider is not known here, and has no issuer',
      );
    }
    const now = this.#options.now().getTime();
    if (this.#discovered && this.#discovered.until > now) return this.#discovered.server;
    const server = await this.#talk(async () => {
      const response = await discoveryRequest(new URL(issuer), this.#request(trace));
      return processDiscoveryResponse(new URL(issuer), response);
    });
    this.#discovered = { server, until: now + DISCOVERY_MS };
    return server;
  }

  async #talk<T>(conversation: () => Promise<T>): Promise<T> {
    try {
      return await conversation();
    } catch (error) {
      throw failureOf(error);
    }
  }

  #tokens({ access_token, refresh_token, expires_in }: TokenEndpointResponse): Tokens {
    const now = this.#options.now().getTime();
    return {
      accessToken: access_token,
      ...(refresh_token !== undefined && { refreshToken: refresh_token }),
      ...(expires_in !== undefined && {
        expiresAt: new Date(now + expires_in * 1000).toISOString(),
      }),
    };
  }

  #clientAuth({ token_endpoint_auth_methods_supported: methods }: AuthorizationServer): ClientAuth {
    const { clientSecret } = this.#settings;
    const basic = methods === undefined || methods.includes('client_secret_basic');
    return basic ? ClientSecretBasic(clientSecret) : ClientSecretPost(clientSecret);
  }

  #request(trace: Trace) {
    return {
      signal: this.#deadline(),
      [customFetch]: (url: string, init: Init) => this.#fetch(trace, url, init),
      // The settings take plain http for a loopback issuer only.
      [allowInsecureRequests]: this.#settings.issuer?.startsWith('http:') ?? false,
    };
  }

  #deadline(): AbortSignal {
    return AbortSignal.timeout(this.#options.timeoutMs);
  }

  async #fetch(trace: Trace, url: string, init: Init): Promise<Response> {
    const call = { method: init.method ?? 'GET', url: new URL(url) };
    const send = (passedOn: Trace) => {
      const headers = new Headers(init.headers);
      for (const [name, value] of Object.entries(traceHeaders(passedOn))) headers.set(name, value);
      return fetch(url, { ...init, headers } as RequestInit);
    };
    const { tracer } = this.#options;
    return this.#whole(await outgoing(tracer, call, trace, send, ({ status }) => status));
  }

  /** The answer with its whole body, in the form of the standard. */
  async #whole(response: Response): Promise<Response> {
    const { status, headers } = response;
    const text = await boundedText(response);
    const whole = new Response(text === '' ? null : text, { status, headers });
    return this.#provider?.conform ? this.#provider.conform(whole) : whole;
  }
}

async function boundedText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) {
      throw new OAuthFailure('response_invalid', "the provider's answer is too long");
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
