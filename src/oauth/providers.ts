import type { AuthorizationServer } from 'oauth4webapi';

/** An OAuth provider: its published endpoints, and where it goes its own way. */
export interface OAuthProvider {
  /** As a tool's `oauth.provider` has it; in upper case in the names of its settings. */
  readonly id: string;
  readonly server: AuthorizationServer;
  /** Sent with every authorization request. */
  readonly authorizationParameters?: Readonly<Record<string, string>>;
  /** Between scopes; a space where it is left out. */
  readonly scopeSeparator?: string;
  /** Brings an answer of its token and revocation endpoints to what RFC 6749 says. */
  readonly conform?: (response: Response) => Promise<Response>;
  /** The token to revoke goes as the bearer token, and not as RFC 7009 says. */
  readonly revokesBearer?: boolean;
}

/** A new provider is a row here and its two settings. */
export const PROVIDERS: readonly OAuthProvider[] = [
  {
    // https://developers.google.com/identity/protocols/oauth2/web-server
    id: 'google',
    server: {
      issuer: 'https://accounts.google.com',
      authorization_endpoint: 'https://accounts.google.com/o/oauth2/v2/auth',
      token_endpoint: 'https://oauth2.googleapis.com/token',
      revocation_endpoint: 'https://oauth2.googleapis.com/revoke',
    },
    // A refresh token comes with offline access only, and a second time only after asking again.
    authorizationParameters: { access_type: 'offline', prompt: 'consent' },
  },
  {
    // https://docs.slack.dev/authentication/installing-with-oauth
    id: 'slack',
    server: {
      issuer: 'https://slack.com',
      authorization_endpoint: 'https://slack.com/oauth/v2/authorize',
      token_endpoint: 'https://slack.com/api/oauth.v2.access',
      revocation_endpoint: 'https://slack.com/api/auth.revoke',
    },
    scopeSeparator: ',',
    conform: slackAsOAuth,
    revokesBearer: true,
  },
];

/** Slack answers 200 with `ok: false` where others answer 400, and calls a bearer token a bot's. */
async function slackAsOAuth(response: Response): Promise<Response> {
  const text = await response.text();
  let body: { ok?: unknown; error?: unknown };
  try {
    body = JSON.parse(text) as typeof body;
  } catch {
    return new Response(text, response);
  }
  return body.ok === false
    ? Response.json({ error: String(body.error) }, { status: 400 })
    : Response.json({ ...body, token_type: 'bearer' }, { status: response.status });
}
