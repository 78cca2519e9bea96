import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import Provider, { type Configuration } from 'oidc-provider';

/** The user who signs in at the provider. */
export interface OidcUser {
  readonly sub: string;
  readonly email?: string;
  readonly emailVerified?: boolean;
}

export const OIDC_CLIENT = { id: 'agent-api', secret: 'planted-client-secret-51ab' } as const;

const SIGNING = 'RS256';
/** The console: it keeps no secret. Its id is the audience of the users' ID tokens. */
export const OIDC_CONSOLE = 'agent-api-console';
const CONSOLE_REDIRECT_URI = 'http://127.0.0.1/console/sign-in';

/** Matches with any port: the loopback redirect of a native application (RFC 8252). */
const REDIRECT_URI = 'http://127.0.0.1/v1/oauth/callback';
const MAX_HOPS = 20;

/** A real authorization server on a local port, and the user who signs in on its pages. */
export interface OidcServer {
  readonly issuer: string;
  /** The user's answer when a client asks for consent. */
  answer: 'approve' | 'refuse';
  user: OidcUser;
  /** The lifetime of an access token, in seconds. */
  accessTokenSeconds: number;
  /** The lifetime of an ID token that is issued with a code or a refresh token, in seconds. */
  idTokenSeconds: number;
  /** Whether a grant includes a refresh token. */
  refreshable: boolean;
  /** Every request received, such as `POST /token`. */
  readonly requests: string[];
  /** Every token and code issued. */
  readonly issued: string[];
  /**
   * Follows an authorization URL as a browser does, through sign-in and consent.
   *
   * @returns the redirect back to the client, which is not followed
   */
  browse(authorizationUrl: string): Promise<URL>;
  /** Whether the provider still accepts the token. */
  isActive(token: string): Promise<boolean>;
  /** An ID token signed by the provider. `claims` override the defaults; undefined removes one. */
  idToken(user: OidcUser, claims?: Readonly<Record<string, unknown>>): Promise<string>;
  /** Replaces the signing key; only the new one is published. */
  rotateKeys(): Promise<void>;
  /** Revokes every grant, as the owner of the account can at any time. */
  revokeGrants(): Promise<void>;
  /** Accepts no connection until `resume`. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  stop(): Promise<void>;
}

/** @param scopes the scopes that clients may request, in addition to OpenID's own */
export async function startOidc(scopes: readonly string[] = []): Promise<OidcServer> {
  let signing = await newSigningKey(1);
  const http = createServer();
  await listening(http, 0);
  const { port } = http.address() as AddressInfo;
  const issuer = `http://127.0.0.1:${port}`;

  const grantIds: string[] = [];
  const peer: OidcServer = {
    issuer,
    answer: 'approve',
    user: { sub: 'operator-1', email: 'operator@acme.com', emailVerified: true },
    accessTokenSeconds: 3600,
    idTokenSeconds: 3600,
    refreshable: true,
    requests: [],
    issued: [],
    browse: (url) => browse(url, issuer),
    async isActive(token) {
      const response = await fetch(`${issuer}/token/introspection`, {
        method: 'POST',
        headers: {
          Authorization: `Basic ${btoa(`${OIDC_CLIENT.id}:${OIDC_CLIENT.secret}`)}`,
        },
        body: new URLSearchParams({ token }),
      });
      return ((await response.json()) as { active: boolean }).active;
    },
    idToken(user, claims = {}) {
      const now = Math.floor(Date.now() / 1000);
      const payload: JWTPayload = {
        iss: issuer,
        aud: OIDC_CLIENT.id,
        sub: user.sub,
        iat: now,
        exp: now + 600,
        ...(user.email !== undefined && { email: user.email }),
        ...(user.emailVerified !== undefined && { email_verified: user.emailVerified }),
        ...claims,
      };
      return new SignJWT(payload)
        .setProtectedHeader({ alg: SIGNING, kid: signing.jwk.kid, typ: 'JWT' })
        .sign(signing.privateKey);
    },
    async rotateKeys() {
      signing = await newSigningKey(signing.number + 1);
      provider = new Provider(issuer, configuration(peer, signing.jwk, scopes));
      serve = provider.callback();
    },
    async revokeGrants() {
      const grants = await Promise.all(grantIds.map((id) => provider.Grant.find(id)));
      await Promise.all(grants.map((grant) => grant?.destroy()));
    },
    pause: () => closed(http),
    resume: async () => {
      if (!http.listening) await listening(http, port);
    },
    stop: () => closed(http),
  };

  let provider = new Provider(issuer, configuration(peer, signing.jwk, scopes));
  // An opaque token is its own id.
  const record = ({ jti }: { readonly jti: string }) => peer.issued.push(jti);
  provider.on('access_token.issued', record);
  provider.on('access_token.saved', record);
  provider.on('refresh_token.saved', record);
  provider.on('authorization_code.saved', record);
  let serve = provider.callback();
  http.on('request', (request, response) => {
    const { pathname } = new URL(request.url ?? '/', issuer);
    peer.requests.push(`${request.method} ${pathname}`);
    if (!pathname.startsWith('/interaction/')) {
      void serve(request, response);
      return;
    }
    signIn(provider, peer, grantIds, request, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });
  return peer;
}

async function newSigningKey(number: number) {
  const { privateKey } = await generateKeyPair(SIGNING, { extractable: true });
  const kid = `test-${number}`;
  const jwk = { ...(await exportJWK(privateKey)), kid, use: 'sig', alg: SIGNING };
  return { number, privateKey, jwk };
}

function configuration(peer: OidcServer, jwk: object, scopes: readonly string[]): Configuration {
  return {
    clients: [
      {
        client_id: OIDC_CLIENT.id,
        client_secret: OIDC_CLIENT.secret,
        application_type: 'native',
        redirect_uris: [REDIRECT_URI],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
      },
      {
        client_id: OIDC_CONSOLE,
        token_endpoint_auth_method: 'none',
        application_type: 'native',
        redirect_uris: [CONSOLE_REDIRECT_URI],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
      },
    ],
    clientBasedCORS: (_, origin, client) =>
      client.clientId === OIDC_CONSOLE && origin.startsWith('http://127.0.0.1:'),
    // As the known providers do: ID tokens have the claims of their scopes.
    conformIdTokenClaims: false,
    jwks: { keys: [jwk] } as NonNullable<Configuration['jwks']>,
    cookies: { keys: ['a key for the tests'] },
    scopes: ['openid', 'offline_access', 'email', ...scopes],
    claims: { openid: ['sub'], email: ['email', 'email_verified'] },
    findAccount: (_, sub) => ({
      accountId: sub,
      claims: () => ({
        sub,
        ...(peer.user.email !== undefined && { email: peer.user.email }),
        ...(peer.user.emailVerified !== undefined && { email_verified: peer.user.emailVerified }),
      }),
    }),
    features: {
      devInteractions: { enabled: false },
      revocation: { enabled: true },
      introspection: { enabled: true },
    },
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    pkce: { required: () => true },
    issueRefreshToken: () => peer.refreshable,
    // Each use of a refresh token issues a new one; using one twice revokes the grant.
    rotateRefreshToken: true,
    ttl: {
      AccessToken: () => peer.accessTokenSeconds,
      AuthorizationCode: 60,
      Grant: 86_400,
      IdToken: () => peer.idTokenSeconds,
      Interaction: 600,
      RefreshToken: 86_400,
      Session: 86_400,
    },
  };
}

async function signIn(
  provider: Provider,
  peer: OidcServer,
  grantIds: string[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { prompt, params, session, grantId } = await provider.interactionDetails(request, response);
  if (peer.answer === 'refuse') {
    const refused = { error: 'access_denied', error_description: 'the operator said no' };
    return provider.interactionFinished(request, response, refused);
  }
  if (prompt.name === 'login') {
    return provider.interactionFinished(request, response, {
      login: { accountId: peer.user.sub },
    });
  }
  const accountId = session?.accountId ?? peer.user.sub;
  const known = grantId === undefined ? undefined : await provider.Grant.find(grantId);
  const grant = known ?? new provider.Grant({ accountId, clientId: String(params.client_id) });
  grant.addOIDCScope(String(params.scope));
  const consented = await grant.save();
  grantIds.push(consented);
  await provider.interactionFinished(request, response, { consent: { grantId: consented } });
}

/** Follows redirects with cookies, as a browser does, up to the first URL of another origin. */
async function browse(start: string, issuer: string): Promise<URL> {
  const cookies = new Map<string, string>();
  let url = new URL(start);
  for (let hop = 0; hop < MAX_HOPS; hop += 1) {
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { Cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      cookies.set(name, value);
    }
    const location = response.headers.get('location');
    if (!location) throw new Error(`${url}: ${response.status} ${await response.text()}`);
    url = new URL(location, url);
    if (url.origin !== issuer) return url;
  }
  throw new Error(`more than ${MAX_HOPS} redirects within ${issuer}`);
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve());
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
