import { expect } from 'vitest';
import type { Logs } from '../../src/server/log.ts';
import type { Client } from './client.ts';
import { OIDC_CLIENT, type OidcServer, startOidc } from './oidc.ts';
import { startTestServer, type TestServer } from './server.ts';

export const CALENDAR = '@anychat/tool.google-calendar';
export const RETURN_TO = 'https://app.acme.test/agents/sdr?tab=tools';

/** A test server with a local authorization server in place of Google. */
export interface OAuthBench {
  readonly oidc: OidcServer;
  readonly server: TestServer;
  /** Creates an agent with a calendar binding. `oauth` is the path of the tool's OAuth routes. */
  bindCalendar(): Promise<{ agent: string; oauth: string; binding: string }>;
  /** Starts a grant. @returns the authorization URL */
  start(oauth: string, returnTo?: string): Promise<string>;
  /** Requests the callback as the browser does; follows no redirect. */
  visitCallback(url: URL): Promise<Response>;
  /** Runs a whole grant: start, sign-in, consent, callback. */
  connect(oauth: string): Promise<Response>;
  stop(): Promise<void>;
}

export async function startOAuthBench(
  environment: Readonly<Record<string, string>> = {},
  logs?: Logs,
): Promise<OAuthBench> {
  const oidc = await startOidc(['https://www.googleapis.com/auth/calendar.events']);
  const settings = {
    OAUTH_GOOGLE_CLIENT_ID: OIDC_CLIENT.id,
    OAUTH_GOOGLE_CLIENT_SECRET: OIDC_CLIENT.secret,
    OAUTH_GOOGLE_ISSUER: oidc.issuer,
    OAUTH_RETURN_HOSTS: 'app.acme.test,localhost:3000',
    ...environment,
  };
  const server = await startTestServer(settings, undefined, logs);
  const { owner } = server;
  const bench: OAuthBench = {
    oidc,
    server,
    bindCalendar: () => createCalendarBinding(owner),
    async start(oauth, returnTo = RETURN_TO) {
      const { status, body } = await owner.post(`${oauth}/start`, { returnTo });
      expect(status, JSON.stringify(body)).toBe(200);
      return body.authorizationUrl as string;
    },
    visitCallback: (url) => fetch(url, { redirect: 'manual' }),
    async connect(oauth) {
      return bench.visitCallback(await oidc.browse(await bench.start(oauth)));
    },
    async stop() {
      await server.stop();
      await oidc.stop();
    },
  };
  return bench;
}

async function createCalendarBinding(owner: Client) {
  const agent = await owner.createAgent();
  const base = `/orgs/acme/agents/${agent}`;
  const tool = encodeURIComponent(CALENDAR);
  const binding = `${base}/tool-bindings/${tool}`;
  await owner.put(binding, { config: { calendarId: 'sdr-team@acme.com' } });
  return { agent, binding, oauth: `${base}/tools/${tool}/oauth` };
}

/** The query parameters of a redirect to `returnTo`: the outcome of the grant. */
export function outcomeOf(response: Response): Record<string, string> {
  expect(response.status).toBe(302);
  const url = new URL(response.headers.get('location') ?? '');
  expect(`${url.origin}${url.pathname}`).toBe('https://app.acme.test/agents/sdr');
  return Object.fromEntries(url.searchParams);
}
