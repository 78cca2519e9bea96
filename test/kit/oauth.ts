import { expect } from 'vitest';
import type { Client } from './client.ts';
import { OIDC_CLIENT, type OidcServer, startOidc } from './oidc.ts';
import { startTestServer, type TestServer } from './server.ts';

export const CALENDAR = '@anychat/tool.google-calendar';
export const RETURN_TO = 'https://app.acme.test/agents/sdr?tab=tools';

/** A server whose Google is a local authorization server. */
export interface OAuthBench {
  readonly oidc: OidcServer;
  readonly server: TestServer;
  /** Makes an agent with the calendar bound, and answers the path of its `oauth`. */
  bound(): Promise<{ agent: string; oauth: string; binding: string }>;
  /** Begins a grant and answers the authorization URL. */
  start(oauth: string, returnTo?: string): Promise<string>;
  /** What the browser is answered when it comes back. */
  comeBack(url: URL): Promise<Response>;
  /** Goes through the whole of a grant. */
  connect(oauth: string): Promise<Response>;
  stop(): Promise<void>;
}

export async function startOAuthBench(
  environment: Readonly<Record<string, string>> = {},
): Promise<OAuthBench> {
  const oidc = await startOidc(['https://www.googleapis.com/auth/calendar.events']);
  const server = await startTestServer({
    OAUTH_GOOGLE_CLIENT_ID: OIDC_CLIENT.id,
    OAUTH_GOOGLE_CLIENT_SECRET: OIDC_CLIENT.secret,
    OAUTH_GOOGLE_ISSUER: oidc.issuer,
    OAUTH_RETURN_HOSTS: 'app.acme.test,localhost:3000',
    ...environment,
  });
  const { owner } = server;
  const bench: OAuthBench = {
    oidc,
    server,
    bound: () => bindCalendar(owner),
    async start(oauth, returnTo = RETURN_TO) {
      const { status, body } = await owner.post(`${oauth}/start`, { returnTo });
      expect(status, JSON.stringify(body)).toBe(200);
      return body.authorizationUrl as string;
    },
    comeBack: (url) => fetch(url, { redirect: 'manual' }),
    async connect(oauth) {
      return bench.comeBack(await oidc.browse(await bench.start(oauth)));
    },
    async stop() {
      await server.stop();
      await oidc.stop();
    },
  };
  return bench;
}

async function bindCalendar(owner: Client) {
  const agent = await owner.createAgent();
  const base = `/orgs/acme/agents/${agent}`;
  const tool = encodeURIComponent(CALENDAR);
  const binding = `${base}/tool-bindings/${tool}`;
  await owner.put(binding, { config: { calendarId: 'sdr-team@acme.com' } });
  return { agent, binding, oauth: `${base}/tools/${tool}/oauth` };
}

/** What a redirect to `returnTo` says of the grant. */
export function outcomeOf(response: Response): Record<string, string> {
  expect(response.status).toBe(302);
  const url = new URL(response.headers.get('location') ?? '');
  expect(`${url.origin}${url.pathname}`).toBe('https://app.acme.test/agents/sdr');
  return Object.fromEntries(url.searchParams);
}
