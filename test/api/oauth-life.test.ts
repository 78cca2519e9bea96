import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { exampleOf } from '../../rest-compat/openapi/error-examples.ts';
import { expectRefusal } from '../kit/client.ts';
import { CALENDAR, type OAuthBench, outcomeOf, startOAuthBench } from '../kit/oauth.ts';
import { WORK } from '../kit/work.ts';

const HOUR_MS = 3_600_000;

let bench: OAuthBench;
let agent: string;
let oauth: string;
let binding: string;
beforeAll(async () => {
  bench = await startOAuthBench();
});
afterAll(() => bench.stop());
beforeEach(async () => {
  vi.useRealTimers();
  await bench.oidc.resume();
  Object.assign(bench.oidc, { answer: 'approve', refreshable: true, accessTokenSeconds: 3600 });
  ({ agent, oauth, binding } = await bench.bindCalendar());
  expect(outcomeOf(await bench.connect(oauth)).oauthStatus).toBe('success');
});

const later = (ms: number) => vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + ms });
const status = async () => (await bench.server.owner.get(`${oauth}/status`)).body;
const disconnect = async () => (await bench.server.owner.post(`${oauth}/disconnect`)).body;
const ref = () => ({ org: 'acme', id: agent });
const accessToken = () => bench.server.services.oauth.accessToken(WORK, ref(), CALENDAR);
const tokenRequests = () => bench.oidc.requests.filter((it) => it === 'POST /token').length;

describe('an access token', () => {
  it('is given to the runtime unchanged while it is valid', async () => {
    const token = await accessToken();
    expect(await bench.oidc.isActive(token)).toBe(true);
    expect(await accessToken()).toBe(token);
  });

  it('is renewed once when it has expired, however many requests need it', async () => {
    const token = await accessToken();
    later(2 * HOUR_MS);
    const before = tokenRequests();
    const tokens = new Set(await Promise.all(Array.from({ length: 6 }, accessToken)));
    expect(tokenRequests() - before).toBe(1);
    expect(tokens.size).toBe(1);
    expect(tokens).not.toContain(token);
    // The new refresh token was stored: it can be used in turn.
    later(2 * HOUR_MS);
    expect(tokens).not.toContain(await accessToken());
  });

  it('is renewed when it has expired and its status is read, alone or in a list', async () => {
    later(2 * HOUR_MS);
    expect(await status()).toMatchObject({ state: 'connected' });
    later(2 * HOUR_MS);
    const list = await bench.server.owner.get(binding.slice(0, binding.lastIndexOf('/')));
    expect(list.body.data).toMatchObject([{ toolId: CALENDAR, oauth: { state: 'connected' } }]);
  });

  it('becomes expired when there is no refresh token', async () => {
    bench.oidc.refreshable = false;
    await bench.connect(oauth);
    later(2 * HOUR_MS);
    expect(await status()).toEqual({ state: 'expired', connectedAt: expect.any(String) });
    await expect(accessToken()).rejects.toMatchObject({ code: 'oauth.not_connected' });
  });

  it('is checked on a conditional read too: a 304 would hide that it has expired', async () => {
    bench.oidc.refreshable = false;
    await bench.connect(oauth);
    const { headers } = await bench.server.owner.get(binding);
    later(2 * HOUR_MS);
    const again = await bench.server.owner.get(binding, {
      'If-None-Match': headers.get('etag') ?? '',
    });
    expect(again).toMatchObject({ status: 200, body: { oauth: { state: 'expired' } } });
  });
});

describe('a grant that the provider revoked', () => {
  it('is shown as revoked after a failed renewal, and can be granted again', async () => {
    const token = await accessToken();
    await bench.oidc.revokeGrants();
    later(2 * HOUR_MS);
    expect(await status()).toEqual({
      state: 'revoked',
      connectedAt: expect.any(String),
      lastError: expect.stringContaining('no longer valid'),
    });
    await expect(accessToken()).rejects.toMatchObject({ code: 'oauth.not_connected' });
    expect(JSON.stringify(await status())).not.toContain(token);
    expect(outcomeOf(await bench.connect(oauth)).oauthStatus).toBe('success');
    expect((await status()).state).toBe('connected');
  });
});

describe('a grant that the runtime reports as ended', () => {
  it('is shown as revoked with the reason, once, and can be granted again', async () => {
    const { oauth: service } = bench.server.services;
    await service.ended(WORK, ref(), CALENDAR, 'Google: invalid_token');
    expect(await status()).toMatchObject({ state: 'revoked', lastError: 'Google: invalid_token' });
    await expect(accessToken()).rejects.toMatchObject({ code: 'oauth.not_connected' });
    const { body } = await bench.server.owner.get(
      `/orgs/acme/audit-log?action=tool.disconnected&resourceId=${agent}`,
    );
    expect(body.data).toHaveLength(1);
    expect(outcomeOf(await bench.connect(oauth)).oauthStatus).toBe('success');
    expect((await status()).state).toBe('connected');
  });

  it('is none where nothing was granted', async () => {
    await disconnect();
    await bench.server.services.oauth.ended(WORK, ref(), CALENDAR, 'Google: invalid_token');
    expect(await status()).toEqual({ state: 'not-connected' });
  });
});

describe('a provider that is down', () => {
  it('makes a start fail with a code', async () => {
    const other = await startOAuthBench();
    const { oauth: path } = await other.bindCalendar();
    await other.oidc.pause();
    const answer = await other.server.owner.post(`${path}/start`, {});
    const code = 'oauth.provider_unavailable';
    expectRefusal(answer, 502, code);
    expect(exampleOf(code)).toMatchObject({ value: { message: answer.body.message } });
    await other.stop();
  });

  it('makes a completion fail with a reason', async () => {
    const { oauth: path } = await bench.bindCalendar();
    const callback = await bench.oidc.browse(await bench.start(path));
    await bench.oidc.pause();
    expect(outcomeOf(await bench.visitCallback(callback))).toMatchObject({
      reason: 'provider_unavailable',
    });
  });

  it('makes a renewal fail temporarily: the grant is kept and retried', async () => {
    await bench.oidc.pause();
    later(2 * HOUR_MS);
    expect(await status()).toMatchObject({
      state: 'error',
      lastError: expect.stringContaining('does not answer'),
    });
    await expect(accessToken()).rejects.toMatchObject({ code: 'oauth.provider_unavailable' });
    await bench.oidc.resume();
    expect((await status()).state).toBe('error');
    later(60_000);
    expect((await status()).state).toBe('connected');
  });

  it('does not stop a disconnect from removing the credential', async () => {
    const token = await accessToken();
    await bench.oidc.pause();
    expect(await disconnect()).toEqual({ state: 'not-connected', revocation: 'unreachable' });
    expect(await status()).toEqual({ state: 'not-connected' });
    await bench.oidc.resume();
    expect(await bench.oidc.isActive(token)).toBe(true);
  });
});

describe('a grant', () => {
  it('is revoked at the provider by a disconnect', async () => {
    const token = await accessToken();
    expect(await disconnect()).toEqual({ state: 'not-connected', revocation: 'revoked' });
    expect(await bench.oidc.isActive(token)).toBe(false);
    expect(await disconnect()).toEqual({ state: 'not-connected', revocation: 'none' });
    await expect(accessToken()).rejects.toMatchObject({ code: 'oauth.not_connected' });
  });

  it('ends when its binding is deleted', async () => {
    const token = await accessToken();
    expect((await bench.server.owner.delete(binding)).status).toBe(204);
    expect(await bench.oidc.isActive(token)).toBe(false);
    await bench.server.owner.put(binding, { config: {} });
    expect(await status()).toEqual({ state: 'not-connected' });
  });

  it.each(['disconnect', 'delete'])('is not ended by a %s with a stale version', async (how) => {
    const token = await accessToken();
    const stale = { 'If-Match': '"1"' };
    const answer =
      how === 'delete'
        ? await bench.server.owner.delete(binding, stale)
        : await bench.server.owner.post(`${oauth}/disconnect`, undefined, stale);
    expectRefusal(answer, 412, 'version.mismatch');
    expect(await bench.oidc.isActive(token)).toBe(true);
    expect((await status()).state).toBe('connected');
  });

  it('ends when its agent is deleted', async () => {
    const { org, uid, toolBindings = [] } = await bench.server.services.agents.get(WORK, ref());
    const keys = toolBindings.map((it) => `${org}/${uid}/${it.oauth?.credentialId}`);
    const stored = () => bench.server.services.oauth.credentials(WORK, keys);
    expect(await stored()).toMatchObject([{ provider: 'google' }]);
    await bench.server.owner.delete(`/orgs/acme/agents/${agent}`);
    await expect.poll(stored).toEqual([undefined]);
  });
});
