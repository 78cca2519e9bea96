import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectRefusal } from '../kit/client.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';
import { WORK } from '../kit/work.ts';

const WEBHOOK = '@anychat/tool.custom-http-webhook';
const CALENDAR = '@anychat/tool.google-calendar';
const URL_ = 'https://hooks.acme.com/in?key=planted-4711';
const HEADER = 'Bearer planted-token-0815';

let server: TestServer;
let agent: string;
let bindings: string;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());
beforeEach(async () => {
  agent = await server.owner.createAgent();
  bindings = `/orgs/acme/agents/${agent}/tool-bindings`;
});

const pathOf = (toolId: string) => `${bindings}/${encodeURIComponent(toolId)}`;
const put = (toolId: string, config: object) => server.owner.put(pathOf(toolId), { config });
const patch = (toolId: string, config: object) => server.owner.patch(pathOf(toolId), { config });
const runtimeConfig = (toolId: string) =>
  server.services.toolBindings.runtimeConfig(WORK, { org: 'acme', id: agent }, toolId);

describe('a tool binding', () => {
  it('is created and replaced by PUT, and merged by PATCH, where null clears', async () => {
    const created = await put(CALENDAR, { calendarId: 'sdr@acme.com', bufferMinutes: 5 });
    const read = {
      toolId: CALENDAR,
      name: 'Google Calendar',
      enabled: true,
      config: { calendarId: 'sdr@acme.com', bufferMinutes: 5 },
      configStatus: 'complete',
      missing: [],
    };
    expect(created).toMatchObject({ status: 200, body: read });
    await patch(CALENDAR, { bufferMinutes: null, addMeetLink: true });
    expect((await server.owner.get(pathOf(CALENDAR))).body.config).toEqual({
      calendarId: 'sdr@acme.com',
      addMeetLink: true,
    });
    const { body } = await put(CALENDAR, { timeZone: 'Europe/Berlin' });
    expect(body).toMatchObject({
      config: { timeZone: 'Europe/Berlin' },
      configStatus: 'incomplete',
      missing: ['calendarId'],
    });
  });

  it('is listed, disabled, enabled and removed', async () => {
    await put(CALENDAR, {});
    await put(WEBHOOK, {});
    expect((await server.owner.post(`${pathOf(WEBHOOK)}/_disable`)).body.enabled).toBe(false);
    // A PUT of the config does not change `enabled`.
    expect((await put(WEBHOOK, { method: 'GET' })).body.enabled).toBe(false);
    const { body } = await server.owner.get(bindings);
    expect(body.data).toMatchObject([
      { toolId: CALENDAR, enabled: true },
      { toolId: WEBHOOK, enabled: false },
    ]);
    expect((await server.owner.post(`${pathOf(WEBHOOK)}/_enable`)).body.enabled).toBe(true);
    const gone = await server.owner.delete(pathOf(WEBHOOK));
    expect({ status: gone.status, body: gone.body }).toEqual({ status: 204, body: '' });
    expect((await server.owner.get(bindings)).body.data).toMatchObject([{ toolId: CALENDAR }]);
  });

  it.each([
    ['GET', ''],
    ['PATCH', ''],
    ['DELETE', ''],
    ['POST', '/_enable'],
    ['POST', '/_disable'],
  ])('answers 404 to %s %s when the tool is not bound', async (method, action) => {
    const body = method === 'PATCH' ? { config: {} } : undefined;
    const answer = await server.owner.request(method, `/v1${pathOf(CALENDAR)}${action}`, body);
    expectRefusal(answer, 404, 'tool_binding.not_found');
  });

  it('is refused for an unknown tool', async () => {
    expectRefusal(await put('@anychat/tool.teleporter', {}), 400, 'tool.unknown', ['toolId']);
  });

  it.each(['Mars/Phobos', '+02:00', 'x'])('is refused with the time zone %s', async (timeZone) => {
    const answer = await put(CALENDAR, { calendarId: 'sdr@acme.com', timeZone });
    expectRefusal(answer, 400, 'request.invalid', ['config.timeZone']);
    expect(answer.body.message).toContain('is not an IANA time zone');
  });

  it('is refused with every problem of its config, and changes nothing', async () => {
    await put(WEBHOOK, { url: URL_, method: 'GET' });
    const before = (await server.owner.get(pathOf(WEBHOOK))).body;
    const bad = { url: 'ftp://x', authHeader: 7, method: 'BREW', timeoutMs: 1, soup: true };
    for (const change of [put, patch]) {
      const answer = await change(WEBHOOK, bad);
      const paths = ['url', 'authHeader', 'method', 'timeoutMs', 'soup'];
      expectRefusal(
        answer,
        400,
        'request.invalid',
        paths.map((path) => `config.${path}`),
      );
    }
    const hostile = '{"config":{"__proto__":{"polluted":true}}}';
    expectRefusal(await server.owner.put(pathOf(WEBHOOK), hostile), 400, 'request.invalid', [
      'config.__proto__',
    ]);
    expectRefusal(await server.owner.put(pathOf(WEBHOOK), {}), 400, 'request.invalid', ['config']);
    expect((await server.owner.get(pathOf(WEBHOOK))).body).toEqual(before);
    expect(await runtimeConfig(WEBHOOK)).toEqual({ url: URL_, method: 'GET' });
  });
});

describe('a write-only field', () => {
  const redacted = (end: string) => ({
    configured: true,
    hint: `…${end}`,
    updatedAt: expect.stringMatching(/^\d{4}-.*Z$/),
  });

  it('is never shown, counts as configured, and is available to the runtime', async () => {
    const created = await put(WEBHOOK, { url: URL_, authHeader: HEADER });
    expect(created.body).toMatchObject({
      config: { url: redacted('4711'), authHeader: redacted('0815') },
      configStatus: 'complete',
    });
    expect(JSON.stringify((await server.owner.get(bindings)).body)).not.toMatch(/planted/);
    expect(await runtimeConfig(WEBHOOK)).toEqual({ url: URL_, authHeader: HEADER });
  });

  it('keeps its value when it is sent back as it was read', async () => {
    const { config } = (await put(WEBHOOK, { url: URL_, authHeader: HEADER })).body;
    const again = await put(WEBHOOK, { ...(config as object), method: 'GET' });
    expect(again.body.config).toEqual({ ...(config as object), method: 'GET' });
    const { body } = await patch(WEBHOOK, { url: (config as { url: object }).url });
    expect(body.config).toEqual(again.body.config);
    expect(await runtimeConfig(WEBHOOK)).toEqual({ url: URL_, authHeader: HEADER, method: 'GET' });
  });

  it('is not set by its redacted form when no value is stored', async () => {
    const read = { configured: true, hint: '…4711', updatedAt: '2026-01-01T00:00:00.000Z' };
    const { body } = await put(WEBHOOK, { url: read });
    expect(body).toMatchObject({ config: {}, configStatus: 'incomplete', missing: ['url'] });
  });

  it.each([
    ['PATCH with null', () => patch(WEBHOOK, { url: null })],
    ['PUT with null', () => put(WEBHOOK, { url: null, authHeader: HEADER })],
    ['PUT without it', () => put(WEBHOOK, { authHeader: HEADER })],
  ])('is cleared by %s', async (_, clear) => {
    await put(WEBHOOK, { url: URL_, authHeader: HEADER });
    expect((await clear()).body).toMatchObject({
      config: { authHeader: redacted('0815') },
      missing: ['url'],
    });
    expect(await runtimeConfig(WEBHOOK)).toEqual({ authHeader: HEADER });
  });

  it('is not changed by a write with a stale version', async () => {
    const created = await put(WEBHOOK, { url: URL_ });
    const etag = created.headers.get('etag') ?? '';
    await patch(WEBHOOK, { method: 'GET' });
    const stale = await server.owner.patch(
      pathOf(WEBHOOK),
      { config: { url: 'https://evil.example/' } },
      { 'If-Match': etag },
    );
    expectRefusal(stale, 412, 'version.mismatch');
    const both = { config: { soup: 1 } };
    const invalid = await server.owner.patch(pathOf(WEBHOOK), both, { 'If-Match': etag });
    expectRefusal(invalid, 412, 'version.mismatch');
    expect(await runtimeConfig(WEBHOOK)).toEqual({ url: URL_, method: 'GET' });
  });

  it('has one of the written values after concurrent writes', async () => {
    const urls = Array.from({ length: 8 }, (_, i) => `https://hooks.acme.com/planted-${i}`);
    await Promise.all(urls.map((url) => put(WEBHOOK, { url })));
    expect(urls).toContain((await runtimeConfig(WEBHOOK)).url);
  });
});

it('is returned over GraphQL with its tool, status and missing fields', async () => {
  await put(CALENDAR, {});
  const data = await server.owner.query(
    `query ($agent: ID!) { org(id: "acme") { agent(id: $agent) {
      toolBindings { tool { name oauth { provider } } configStatus missing }
    } } }`,
    { agent },
  );
  expect(data).toEqual({
    org: {
      agent: {
        toolBindings: [
          {
            tool: { name: 'Google Calendar', oauth: { provider: 'google' } },
            configStatus: 'INCOMPLETE',
            missing: ['calendarId'],
          },
        ],
      },
    },
  });
});

describe('a PUT of a whole tool binding', () => {
  it('applies `enabled` and ignores what the server computes', async () => {
    const whole = { name: 'x', configStatus: 'complete', missing: ['x'], oauth: { state: 'x' } };
    const { status, body } = await server.owner.put(pathOf(CALENDAR), {
      ...whole,
      toolId: CALENDAR,
      enabled: false,
      config: {},
    });
    expect(status, JSON.stringify(body)).toBe(200);
    expect(body).toEqual({
      toolId: CALENDAR,
      name: 'Google Calendar',
      enabled: false,
      config: {},
      configStatus: 'incomplete',
      missing: ['calendarId'],
      oauth: { state: 'not-connected' },
    });
    const enabled = await server.owner.put(pathOf(CALENDAR), { enabled: true, config: {} });
    expect(enabled.body.enabled).toBe(true);
  });

  it('is refused if it names another tool', async () => {
    const answer = await server.owner.put(pathOf(CALENDAR), { toolId: WEBHOOK, config: {} });
    expectRefusal(answer, 400, 'request.invalid', ['toolId']);
    expectRefusal(await server.owner.get(pathOf(CALENDAR)), 404, 'tool_binding.not_found');
  });

  it('is no PATCH: that has the config alone', async () => {
    await put(CALENDAR, {});
    const answer = await server.owner.patch(pathOf(CALENDAR), { enabled: false, config: {} });
    expectRefusal(answer, 400, 'request.invalid', ['enabled']);
  });
});
