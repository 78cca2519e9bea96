import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { loadCatalog } from '../../src/catalog/load.ts';
import { ProviderClient } from '../../src/oauth/provider-client.ts';
import { PROVIDERS } from '../../src/oauth/providers.ts';

const SETTINGS = { clientId: 'client', clientSecret: 'planted-client-secret' };
const TRACE = { requestId: 'r1' };
const GRANT = {
  state: 'a-state',
  verifier: 'v'.repeat(43),
  redirectUri: 'https://api.acme.test/v1/oauth/callback',
};
const OPTIONS = { now: () => new Date(), timeoutMs: 100 };
const RETURN = new URLSearchParams({ code: 'c', state: GRANT.state });

const clientOf = (id: string) =>
  new ProviderClient(
    SETTINGS,
    PROVIDERS.find((row) => row.id === id),
    OPTIONS,
  );

afterEach(() => vi.restoreAllMocks());

/** Replaces `fetch`: every request gets this answer. @returns the requests, as they are sent */
function stubFetch(answer: () => Response) {
  const requests: { url: string; headers: Headers; body: string }[] = [];
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (url, init) => {
    const { headers, body } = init ?? {};
    requests.push({ url: String(url), headers: new Headers(headers), body: String(body) });
    return answer();
  });
  return requests;
}

it('the provider table has a row for every provider of a tool in the catalog', () => {
  const named = loadCatalog()
    .tools.list()
    .flatMap(({ oauth }) => oauth?.provider ?? []);
  const rows = new Set(PROVIDERS.map(({ id }) => id));
  expect(named.filter((provider) => !rows.has(provider))).toEqual([]);
});

it('passes on the id and the trace of the request', async () => {
  const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
  const requests = stubFetch(() => Response.json({ access_token: 'at', token_type: 'bearer' }));
  await clientOf('google').exchange({ requestId: 'r1', traceparent }, RETURN, GRANT);
  await clientOf('google').revoke({}, { accessToken: 'at' });
  const sent = requests.map(({ headers }) => [
    headers.get('x-request-id'),
    headers.get('traceparent'),
  ]);
  expect(sent).toEqual([
    ['r1', traceparent],
    [null, null],
  ]);
});

describe('Google', () => {
  it('is asked for a refresh token, at its published endpoint', async () => {
    const url = new URL(await clientOf('google').authorizationUrl(TRACE, ['a', 'b'], GRANT));
    expect(`${url.origin}${url.pathname}`).toBe('https://accounts.google.com/o/oauth2/v2/auth');
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      access_type: 'offline',
      prompt: 'consent',
      scope: 'a b',
    });
  });

  it.each([
    [200, '{}', 'revoked'],
    [400, '{"error":"invalid_token"}', 'revoked'],
    [400, '{"error":"invalid_request"}', 'refused'],
    [503, 'down', 'unreachable'],
  ])('answers a revocation with %i %s: it is %s', async (status, body, outcome) => {
    const requests = stubFetch(
      () => new Response(body, { status, headers: { 'Content-Type': 'application/json' } }),
    );
    expect(await clientOf('google').revoke(TRACE, { accessToken: 'at', refreshToken: 'rt' })).toBe(
      outcome,
    );
    expect(requests).toMatchObject([
      { url: 'https://oauth2.googleapis.com/revoke', body: 'token=rt' },
    ]);
  });
});

describe('Slack', () => {
  it('gets scopes separated by commas', async () => {
    const url = new URL(
      await clientOf('slack').authorizationUrl(TRACE, ['chat:write', 'x'], GRANT),
    );
    expect(url.searchParams.get('scope')).toBe('chat:write,x');
  });

  it('returns a bot token', async () => {
    stubFetch(() => Response.json({ ok: true, access_token: 'xoxb', token_type: 'bot' }));
    expect(await clientOf('slack').exchange(TRACE, RETURN, GRANT)).toEqual({ accessToken: 'xoxb' });
  });

  it('is understood when it refuses with status 200', async () => {
    stubFetch(() => Response.json({ ok: false, error: 'invalid_code' }));
    await expect(clientOf('slack').exchange(TRACE, RETURN, GRANT)).rejects.toMatchObject({
      reason: 'invalid_code',
    });
  });

  it('gets the token to revoke in the Authorization header', async () => {
    const requests = stubFetch(() => Response.json({ ok: true, revoked: true }));
    expect(await clientOf('slack').revoke(TRACE, { accessToken: 'xoxb' })).toBe('revoked');
    expect(requests[0]?.url).toBe('https://slack.com/api/auth.revoke');
    expect(requests[0]?.headers.get('authorization')).toBe('Bearer xoxb');
  });
});

describe('an answer', () => {
  it.each([
    ['that is not JSON', () => new Response('<html>'), 'response_invalid'],
    ['without a token', () => Response.json({}), 'response_invalid'],
    ['that is too long', () => new Response('x'.repeat(300_000)), 'response_invalid'],
    ['with status 502', () => new Response('oops', { status: 502 }), 'provider_unavailable'],
    [
      'with an unknown error code',
      () => Response.json({ error: '"><script>' }, { status: 400 }),
      'provider_error',
    ],
  ])('%s is a failure', async (_, answer, reason) => {
    stubFetch(answer);
    await expect(clientOf('google').exchange(TRACE, RETURN, GRANT)).rejects.toMatchObject({
      reason,
    });
  });

  it('that is invalid leaves no token in the error', async () => {
    const planted = { access_token: 'planted-access', refresh_token: 7 };
    stubFetch(() => Response.json(planted));
    const failure = await clientOf('google')
      .exchange(TRACE, RETURN, GRANT)
      .catch((error) => error);
    expect(failure).toMatchObject({ reason: 'response_invalid' });
    expect(failure).not.toHaveProperty('cause');
    expect(`${failure.stack} ${JSON.stringify(failure)}`).not.toContain('planted');
  });
});

describe('a provider that accepts the connection and never answers', () => {
  let silent: Server;
  afterEach(() => {
    silent.closeAllConnections();
    silent.close();
  });

  it.each(['nothing', 'half an answer'])('times out after it sent %s', async (sent) => {
    silent = createServer((_, response) => {
      if (sent === 'half an answer') response.writeHead(200).write('{"issuer":');
    });
    await new Promise<void>((done) => silent.listen(0, '127.0.0.1', done));
    const issuer = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const client = new ProviderClient({ ...SETTINGS, issuer }, undefined, OPTIONS);
    await expect(client.authorizationUrl(TRACE, [], GRANT)).rejects.toMatchObject({
      reason: 'provider_unavailable',
    });
    expect(await client.revoke(TRACE, { accessToken: 'at' })).toBe('unreachable');
  });
});
