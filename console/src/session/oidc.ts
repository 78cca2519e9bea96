import * as oauth from 'oauth4webapi';
import type { Provider } from './provider.ts';
import type { Grant } from './session.ts';

// Signs users in at an OpenID provider: authorization code with PKCE (RFC 7636), state and nonce.
// Loaded when it is used.

/** The address to which the provider returns, which is registered there. */
const RETURN_PATH = '/console/sign-in';
/** What a sign-in under way must remember, until the provider returns. */
const STORED = 'agent-api:sign-in';
/** Those that the provider does not have are left out. `offline_access` asks for a refresh token. */
const SCOPES = ['openid', 'email', 'profile', 'offline_access'];
const TIMEOUT_MS = 15_000;

interface Started {
  readonly verifier: string;
  readonly state: string;
  readonly nonce: string;
  /** The address that was open. */
  readonly from: string;
}

/** `refused`: the provider or the user said no. `lost`: it was started elsewhere, or long ago. */
export class SignInFailed extends Error {
  override readonly name = 'SignInFailed';
  readonly problem: 'refused' | 'lost' | 'unavailable';

  constructor(problem: SignInFailed['problem'], message: string) {
    super(message);
    this.problem = problem;
  }
}

export interface SignedIn {
  readonly token: string;
  readonly grant: Grant;
}

/**
 * Leaves the page for the provider's.
 *
 * @param from the address to show afterwards
 * @throws SignInFailed
 */
export async function startSignIn(provider: Provider, from: string): Promise<void> {
  const server = await discovered(provider);
  const started: Started = {
    verifier: oauth.generateRandomCodeVerifier(),
    state: oauth.generateRandomState(),
    nonce: oauth.generateRandomNonce(),
    from,
  };
  const { authorization_endpoint: endpoint, scopes_supported: supported } = server;
  if (endpoint === undefined) throw new SignInFailed('unavailable', 'it has no sign-in page');
  const address = new URL(endpoint);
  const parameters = {
    client_id: provider.clientId,
    code_challenge: await oauth.calculatePKCECodeChallenge(started.verifier),
    code_challenge_method: 'S256',
    nonce: started.nonce,
    redirect_uri: redirectUri(),
    response_type: 'code',
    scope: SCOPES.filter((it) => it === 'openid' || supported?.includes(it)).join(' '),
    state: started.state,
  };
  for (const [name, value] of Object.entries(parameters)) address.searchParams.set(name, value);
  sessionStorage.setItem(STORED, JSON.stringify(started));
  location.assign(address);
}

/**
 * Ends a sign-in at the address to which the provider returned.
 *
 * @returns the user's tokens, and the address to show
 * @throws SignInFailed
 */
export async function endSignIn(
  provider: Provider,
  address: URL,
): Promise<SignedIn & { readonly from: string }> {
  const stored = sessionStorage.getItem(STORED);
  // A code, a state and a nonce are for one use.
  sessionStorage.removeItem(STORED);
  if (stored === null) throw new SignInFailed('lost', 'this tab did not start it');
  const { verifier, state, nonce, from } = JSON.parse(stored) as Started;
  const server = await discovered(provider);
  const client = { client_id: provider.clientId };
  const signedIn = await attempted(async () => {
    const parameters = oauth.validateAuthResponse(server, client, address, state);
    const response = await oauth.authorizationCodeGrantRequest(
      server,
      client,
      oauth.None(),
      parameters,
      redirectUri(),
      verifier,
      optionsOf(provider),
    );
    return signedInBy(
      await oauth.processAuthorizationCodeResponse(server, client, response, {
        expectedNonce: nonce,
        requireIdToken: true,
      }),
    );
  });
  return { ...signedIn, from };
}

/**
 * Exchanges a refresh token for new tokens.
 *
 * @throws SignInFailed
 */
export async function renew(provider: Provider, refreshToken: string): Promise<SignedIn> {
  const server = await discovered(provider);
  const client = { client_id: provider.clientId };
  return attempted(async () => {
    const response = await oauth.refreshTokenGrantRequest(
      server,
      client,
      oauth.None(),
      refreshToken,
      optionsOf(provider),
    );
    const tokens = await oauth.processRefreshTokenResponse(server, client, response);
    return signedInBy({ refresh_token: refreshToken, ...tokens });
  });
}

/** Revokes a refresh token, if the provider can. @throws SignInFailed */
export async function revoke(provider: Provider, refreshToken: string): Promise<void> {
  const server = await discovered(provider);
  if (server.revocation_endpoint === undefined) return;
  const client = { client_id: provider.clientId };
  await attempted(async () => {
    const options = optionsOf(provider);
    const response = await oauth.revocationRequest(
      server,
      client,
      oauth.None(),
      refreshToken,
      options,
    );
    await oauth.processRevocationResponse(response);
  });
}

function redirectUri(): string {
  return new URL(RETURN_PATH, location.origin).href;
}

async function discovered(provider: Provider): Promise<oauth.AuthorizationServer> {
  const issuer = new URL(provider.issuer);
  return attempted(async () => {
    const response = await oauth.discoveryRequest(issuer, optionsOf(provider));
    return oauth.processDiscoveryResponse(issuer, response);
  });
}

/** The server accepts an issuer without TLS on loopback alone. */
function optionsOf({ issuer }: Provider) {
  return {
    [oauth.allowInsecureRequests]: new URL(issuer).protocol === 'http:',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  };
}

function signedInBy(
  tokens: Pick<oauth.TokenEndpointResponse, 'id_token' | 'refresh_token'>,
): SignedIn {
  const { id_token: token, refresh_token: refreshToken } = tokens;
  if (token === undefined) throw new SignInFailed('refused', 'it gave no ID token');
  return {
    token,
    grant: { expiresAt: expiryOf(token), ...(refreshToken !== undefined && { refreshToken }) },
  };
}

/** Milliseconds. The library has checked the token's form. */
function expiryOf(token: string): number {
  const [, payload = ''] = token.split('.');
  const { exp } = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))) as {
    readonly exp: number;
  };
  return exp * 1_000;
}

/** @throws SignInFailed for any failure */
async function attempted<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw failureOf(error);
  }
}

function failureOf(error: unknown): SignInFailed {
  if (error instanceof SignInFailed) return error;
  if (
    error instanceof oauth.AuthorizationResponseError ||
    error instanceof oauth.ResponseBodyError
  ) {
    return new SignInFailed('refused', error.error_description ?? error.error);
  }
  if (error instanceof oauth.OperationProcessingError) {
    return new SignInFailed('lost', error.message);
  }
  return new SignInFailed('unavailable', error instanceof Error ? error.message : String(error));
}
