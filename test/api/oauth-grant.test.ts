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
  it('changes the state from not connected to connected, and back', async () => {
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

  it('counts for the prompts of earlier versions as it is now, while its tool is bound', async () => {
    const { owner } = bench.server;
    const agent = binding.slice(0, binding.indexOf('/tool-bindings/'));
    const skill = { id: 'book', name: 'Book', body: 'Book.', requiredTools: [CALENDAR] };
    const { headers } = await owner.post(`${agent}/skills`, skill);
    const version = headers.get('etag')?.replaceAll('"', '');
    const withheld = async () =>
      (await owner.get(`${agent}/prompt?version=${version}`)).body.withheld;
    const lacking = [{ kind: 'skill', id: 'book', reason: 'tool_not_ready', toolId: CALENDAR }];
    expect(await withheld()).toEqual(lacking);
    await bench.connect(oauth);
    expect(await withheld()).toEqual([]);
    await owner.delete(binding);
    expect(await withheld()).toEqual(lacking);
  });

  it('is requested with PKCE and an unguessable state', async () => {
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

  it('ends with access_denied when the operator refuses', async () => {
    bench.oidc.answer = 'refuse';
    const { oauthStatus, reason } = outcomeOf(await bench.connect(oauth));
    expect({ oauthStatus, reason }).toEqual({ oauthStatus: 'error', reason: 'access_denied' });
    expect(await statusOf()).toEqual({ state: 'not-connected' });
  });

  it('is accepted once: a replay shows a page instead of a redirect', async () => {
    const callback = await bench.oidc.browse(await bench.start(oauth));
    const answers = await Promise.all([
      bench.visitCallback(callback),
      bench.visitCallback(callback),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([302, 400]);
    expect((await bench.visitCallback(callback)).status).toBe(400);
    expect((await statusOf()).state).toBe('connected');
  });

  it.each([
    ['no state', ''],
    ['an unknown state', '?code=x&state=unknown'],
    ['two states', '?code=x&state=one&state=two'],
  ])('with %s shows a page', async (_, query) => {
    const answer = await bench.visitCallback(
      new URL(`${bench.server.url}/v1/oauth/callback${query}`),
    );
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
  });

  it('expires after ten minutes', async () => {
    const callback = await bench.oidc.browse(await bench.start(oauth));
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 11 * MINUTE_MS });
    expect(outcomeOf(await bench.visitCallback(callback))).toMatchObject({
      reason: 'state_expired',
    });
    expect(await statusOf()).toEqual({ state: 'not-connected' });
  });

  it.each([
    ['iss', 'https://evil.example', 'issuer_mismatch'],
    ['code', 'of-another-grant', 'invalid_grant'],
    ['error', '<script>', 'provider_error'],
  ])('fails with a wrong %s', async (parameter, value, reason) => {
    const callback = await bench.oidc.browse(await bench.start(oauth));
    callback.searchParams.set(parameter, value);
    expect(outcomeOf(await bench.visitCallback(callback))).toMatchObject({
      oauthStatus: 'error',
      reason,
    });
    expect(await statusOf()).toEqual({ state: 'not-connected' });
  });

  it('fails when the tool was unbound in the meantime', async () => {
    const callback = await bench.oidc.browse(await bench.start(oauth));
    await bench.server.owner.delete(binding);
    expect(outcomeOf(await bench.visitCallback(callback))).toMatchObject({
      reason: 'tool_binding.not_found',
    });
  });

  it('starts without a body', async () => {
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
    ['a host with the same ending', 'https://evil-app.acme.test/'],
  ])('replaces a redirect to %s', async (_, returnTo) => {
    const url = await bench.start(oauth, returnTo);
    const answer = await bench.visitCallback(await bench.oidc.browse(url));
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('Google Calendar is connected');
  });

  it('runs no script, is not cached and sends no referrer', async () => {
    const answer = await bench.visitCallback(new URL(`${bench.server.url}/v1/oauth/callback`));
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-security-policy': expect.stringContaining("default-src 'none'"),
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
  });

  it('contains no markup from the provider', async () => {
    const url = await bench.start(oauth, 'https://evil.example/');
    const callback = await bench.oidc.browse(url);
    callback.searchParams.set('error', '<img src=x>');
    const html = await (await bench.visitCallback(callback)).text();
    expect(html).not.toContain('<img');
  });

  it('accepts only GET', async () => {
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
    ['without OAuth', '@anychat/tool.custom-http-webhook', 400, 'oauth.not_supported'],
    ['that is not bound', SLACK, 404, 'tool_binding.not_found'],
    ['that is unknown', '@anychat/tool.teleporter', 404, 'tool_binding.not_found'],
  ])('is refused for a tool %s', async (_, toolId, status, code) => {
    const path = of(await bench.server.owner.createAgent(), toolId);
    expectRefusal(await bench.server.owner.post(`${path}/start`, {}), status, code);
    expectRefusal(await bench.server.owner.get(`${path}/status`), status, code);
    expectRefusal(await bench.server.owner.post(`${path}/disconnect`), status, code);
  });

  it('is refused when its provider is not configured', async () => {
    const agent = await bench.server.owner.createAgent();
    const path = `/orgs/acme/agents/${agent}/tool-bindings/${encodeURIComponent(SLACK)}`;
    await bench.server.owner.put(path, { config: {} });
    const answer = await bench.server.owner.post(`${of(agent, SLACK)}/start`, {});
    expectRefusal(answer, 409, 'oauth.provider_not_configured');
    expect((await statusOf(of(agent, SLACK))).state).toBe('not-connected');
  });

  it.each(['javascript:1', `https://app.acme.test/${'x'.repeat(2_048)}`])(
    'is refused with %.20s as returnTo',
    async (returnTo) => {
      const answer = await bench.server.owner.post(`${oauth}/start`, { returnTo });
      expectRefusal(answer, 400, 'request.invalid', ['returnTo']);
    },
  );
});
