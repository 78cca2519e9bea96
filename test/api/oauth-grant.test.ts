import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { expectRefusal } from '../kit/client.ts';
import { CALENDAR, type OAuthBench, outcomeOf, startOAuthBench } from '../kit/oauth.ts';

const MINUTE_MS = 60_000;

let bench: OAuthBench;
let oauth: string;
let binding: string;
beforeAll(async () => {
  bench = await startOAuthBench();
});
afterAll(() => bench.stop());
beforeEach(async () => {
  vi.useRealTimers();
  bench.oidc.answer = 'approve';
  ({ oauth, binding } = await bench.bindCalendar());
});

const statusOf = async (path = oauth) => (await bench.server.owner.get(`${path}/status`)).body;

describe('a grant', () => {
  it('goes from not connected to connected, and back', async () => {
    expect(await statusOf()).toEqual({ state: 'not-connected' });
    expect(outcomeOf(await bench.connect(oauth))).toEqual({
      tab: 'tools',
      oauthStatus: 'success',
      toolId: CALENDAR,
    });
    const connected = { state: 'connected', connectedAt: expect.stringMatching(/Z$/) };
    expect(await statusOf()).toEqual(connected);
    expect((await bench.server.owner.get(binding)).body.oauth).toEqual(connected);
    const disconnected = await bench.server.owner.post(`${oauth}/disconnect`);
    expect(disconnected.body).toEqual({ state: 'not-connected', revocation: 'revoked' });
    expect(await statusOf()).toEqual({ state: 'not-connected' });
    expect((await bench.server.owner.get(binding)).body.config).toEqual({
      calendarId: 'sdr-team@acme.com',
    });
  });

  it('is asked for with PKCE and an unguessable state', async () => {
    const url = new URL(await bench.start(oauth));
    expect(url.origin).toBe(bench.oidc.issuer);
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      response_type: 'code',
      redirect_uri: `${bench.server.url}/v1/oauth/callback`,
      scope: 'https://www.googleapis.com/auth/calendar.events',
      code_challenge_method: 'S256',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      state: expect.stringMatching(/^[\w-]{43}$/),
    });
  });

  it('that the operator refuses says so', async () => {
    bench.oidc.answer = 'refuse';
    const { oauthStatus, reason } = outcomeOf(await bench.connect(oauth));
    expect({ oauthStatus, reason }).toEqual({ oauthStatus: 'error', reason: 'access_denied' });
    expect(await statusOf()).toEqual({ state: 'not-connected' });
  });

  it('is taken once: a replay shows a page, and redirects nowhere', async () => {
    const back = await bench.oidc.browse(await bench.start(oauth));
    const answers = await Promise.all([bench.visitCallback(back), bench.visitCallback(back)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([302, 400]);
    expect((await bench.visitCallback(back)).status).toBe(400);
    expect((await statusOf()).state).toBe('connected');
  });

  it.each([
    ['none', ''],
    ['an unknown one', '?code=x&state=unknown'],
    ['two', '?code=x&state=one&state=two'],
  ])('with %s for a state shows a page', async (_, query) => {
    const answer = await bench.visitCallback(
      new URL(`${bench.server.url}/v1/oauth/callback${query}`),
    );
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
  });

  it('expires after ten minutes', async () => {
    const back = await bench.oidc.browse(await bench.start(oauth));
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 11 * MINUTE_MS });
    expect(outcomeOf(await bench.visitCallback(back))).toMatchObject({ reason: 'state_expired' });
    expect(await statusOf()).toEqual({ state: 'not-connected' });
  });

  it.each([
    ['iss', 'https://evil.example', 'issuer_mismatch'],
    ['code', 'of-another-grant', 'invalid_grant'],
    ['error', '<script>', 'provider_error'],
  ])('with a wrong %s fails', async (parameter, value, reason) => {
    const back = await bench.oidc.browse(await bench.start(oauth));
    back.searchParams.set(parameter, value);
    expect(outcomeOf(await bench.visitCallback(back))).toMatchObject({
      oauthStatus: 'error',
      reason,
    });
    expect(await statusOf()).toEqual({ state: 'not-connected' });
  });

  it('of a tool that was unbound meanwhile stores nothing', async () => {
    const back = await bench.oidc.browse(await bench.start(oauth));
    await bench.server.owner.delete(binding);
    expect(outcomeOf(await bench.visitCallback(back))).toMatchObject({
      reason: 'tool_binding.not_found',
    });
  });

  it('does not need a body to start', async () => {
    const { status, body } = await bench.server.owner.post(`${oauth}/start`);
    expect({ status, body }).toEqual({
      status: 200,
      body: { authorizationUrl: expect.stringContaining(bench.oidc.issuer) },
    });
  });
});

describe('the page of a grant', () => {
  it.each([
    ['another host', 'https://evil.example/'],
    ['another port of an allowed host', 'https://app.acme.test:8443/'],
    ['an allowed host as the user', 'https://app.acme.test@evil.example/'],
    ['a host that ends alike', 'https://evil-app.acme.test/'],
  ])('stands in for a returnTo on %s', async (_, returnTo) => {
    const url = await bench.start(oauth, returnTo);
    const answer = await bench.visitCallback(await bench.oidc.browse(url));
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('Google Calendar is connected');
  });

  it('runs nothing, is kept nowhere and tells nobody where it came from', async () => {
    const answer = await bench.visitCallback(new URL(`${bench.server.url}/v1/oauth/callback`));
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-security-policy': expect.stringContaining("default-src 'none'"),
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
  });

  it('shows what a provider says as text', async () => {
    const url = await bench.start(oauth, 'https://evil.example/');
    const back = await bench.oidc.browse(url);
    back.searchParams.set('error', '<img src=x>');
    const html = await (await bench.visitCallback(back)).text();
    expect(html).not.toContain('<img');
  });

  it('is for GET alone', async () => {
    const url = `${bench.server.url}/v1/oauth/callback`;
    for (const method of ['HEAD', 'POST', 'DELETE']) {
      const answer = await fetch(url, { method });
      expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET']);
    }
  });
});

describe('OAuth of a tool', () => {
  const of = (agent: string, toolId: string) =>
    `/orgs/acme/agents/${agent}/tools/${encodeURIComponent(toolId)}/oauth`;
  const SLACK = '@anychat/tool.slack-crm';

  it.each([
    ['that takes none', '@anychat/tool.custom-http-webhook', 400, 'oauth.not_supported'],
    ['that is not bound', SLACK, 404, 'tool_binding.not_found'],
    ['that is unknown', '@anychat/tool.teleporter', 404, 'tool_binding.not_found'],
  ])('%s is refused', async (_, toolId, status, code) => {
    const path = of(await bench.server.owner.createAgent(), toolId);
    expectRefusal(await bench.server.owner.post(`${path}/start`, {}), status, code);
    expectRefusal(await bench.server.owner.get(`${path}/status`), status, code);
    expectRefusal(await bench.server.owner.post(`${path}/disconnect`), status, code);
  });

  it('of a provider that is not configured is refused', async () => {
    const agent = await bench.server.owner.createAgent();
    const path = `/orgs/acme/agents/${agent}/tool-bindings/${encodeURIComponent(SLACK)}`;
    await bench.server.owner.put(path, { config: {} });
    const answer = await bench.server.owner.post(`${of(agent, SLACK)}/start`, {});
    expectRefusal(answer, 409, 'oauth.provider_not_configured');
    expect((await statusOf(of(agent, SLACK))).state).toBe('not-connected');
  });

  it.each(['javascript:1', `https://app.acme.test/${'x'.repeat(2_048)}`])(
    'with %.20s for a returnTo is refused',
    async (returnTo) => {
      const answer = await bench.server.owner.post(`${oauth}/start`, { returnTo });
      expectRefusal(answer, 400, 'request.invalid', ['returnTo']);
    },
  );
});
