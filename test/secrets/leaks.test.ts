import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { Client } from '../kit/client.ts';
import { CALENDAR } from '../kit/oauth.ts';
import { OIDC_CLIENT, type OidcServer, startOidc } from '../kit/oidc.ts';
import { API_KEY, type RunningProcess, startProcess } from '../kit/process.ts';
import { type Receiver, startReceiver } from '../kit/receiver.ts';

const WEBHOOK = '@anychat/tool.custom-http-webhook';
/** Values of write-only fields: valid, replaced, cleared, refused, and of a wrong type. */
const PLANTED = {
  first: 'https://hooks.acme.com/planted-first-7731',
  second: 'https://hooks.acme.com/planted-second-7732',
  header: 'Bearer planted-header-7733',
  refused: 'planted-refused-7734',
  list: 'planted-list-7735',
  key: 'planted-nowhere-7736',
};

let folder: string;
let oidc: OidcServer;
let receiver: Receiver;
let server: RunningProcess;
/** Everything that the server answered: bodies and headers. */
const answered: string[] = [];
let states: string[] = [];
/** What the history shows of every version, and of one that changed a secret alone. */
const history: string[] = [];
let secretChanges: Record<string, unknown>[] = [];
/** Secrets that an answer shows once. */
const shownOnce: string[] = [];
/** The store's files, read while they contain every secret, and at the end. */
const stored: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'agent-api-leaks-'));
  oidc = await startOidc(['https://www.googleapis.com/auth/calendar.events']);
  receiver = await startReceiver();
  server = await startProcess({
    STORE_URL: `lmdb:${folder}`,
    DEMO_DATA: '0',
    LOG_LEVEL: 'trace',
    BOOTSTRAP_API_KEY: API_KEY,
    OAUTH_GOOGLE_CLIENT_ID: OIDC_CLIENT.id,
    OAUTH_GOOGLE_CLIENT_SECRET: OIDC_CLIENT.secret,
    OAUTH_GOOGLE_ISSUER: oidc.issuer,
    WEBHOOK_ALLOW_PRIVATE: '1',
  });
  const real = globalThis.fetch;
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (url, init) => {
    const response = await real(url, init);
    if (String(url).startsWith(server.url)) {
      const { status, headers } = response;
      answered.push(JSON.stringify([status, ...headers, await response.clone().text()]));
    }
    return response;
  });
  states = await useSecrets(new Client(server.url, API_KEY));
  // `expect.poll` works in tests only.
  await vi.waitFor(() => expect(eventTypes()).toContain('tool.disconnected'), 300_000);
  await server.stop();
  keepFiles();
});
afterAll(async () => {
  vi.restoreAllMocks();
  await server.stop('SIGKILL');
  await receiver.stop();
  await oidc.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Sends secrets in every way, and reads what could show one. @returns the states of the grants */
async function useSecrets(client: Client): Promise<string[]> {
  await client.post('/orgs/acme/webhooks', {
    url: receiver.url,
    events: ['agent.updated', 'tool.connected', 'tool.disconnected'],
  });
  const once = { 'Idempotency-Key': 'kept-with-its-answer' };
  for (let time = 0; time < 2; time += 1) {
    const { body } = await client.post('/orgs/acme/api-keys', { name: 'shown' }, once);
    shownOnce.push(String(body.key));
  }
  const agent = `/orgs/acme/agents/${await client.createAgent()}`;
  const binding = (tool: string) => `${agent}/tool-bindings/${encodeURIComponent(tool)}`;
  const hook = binding(WEBHOOK);
  await client.put(hook, { config: { url: PLANTED.first, authHeader: PLANTED.header } });
  await client.patch(hook, { config: { url: PLANTED.second } });
  await client.patch(hook, { config: { authHeader: null } });
  await client.put(hook, { config: { url: PLANTED.refused, authHeader: [PLANTED.list] } });
  await client.put(hook, { config: `{"url": "${PLANTED.refused}"` });
  await client.put(hook, `{"config": {"url": "${PLANTED.refused}"`);
  await client.put(binding('@anychat/tool.nobody'), { config: { apiKey: PLANTED.key } });
  const config = { url: PLANTED.refused, method: 'BREW' };
  const mutation = `mutation ($agent: ID!, $input: ToolBindingInput!) {
    replaceToolBinding(org: "acme", agent: $agent, id: "${WEBHOOK}", input: $input) {
      toolBinding { config tool { name } } agent { toolBindings { config } }
    }
  }`;
  const id = agent.split('/').at(-1);
  await client.graphql(mutation, { agent: id, input: { config } });
  await client.graphql(mutation, { agent: id, input: { config: { url: PLANTED.second } } });
  await client.put(binding(CALENDAR), { config: { calendarId: 'c' } });
  const oauth = `${agent}/tools/${encodeURIComponent(CALENDAR)}/oauth`;
  const grantStates: string[] = [];
  for (const returnTo of [undefined, 'https://elsewhere.example/']) {
    const { body } = await client.post(`${oauth}/start`, returnTo && { returnTo });
    grantStates.push(new URL(String(body.authorizationUrl)).searchParams.get('state') ?? '');
    const callback = await oidc.browse(String(body.authorizationUrl));
    // The second time is a replay.
    for (let time = 0; time < 2; time += 1) await fetch(callback);
  }
  for (const path of [
    '',
    '/tool-bindings',
    '/export',
    `/tools/${encodeURIComponent(CALENDAR)}/oauth/status`,
  ]) {
    await client.get(agent + path);
  }
  keepFiles();
  await client.post(`${oauth}/disconnect`);
  await client.delete(hook);
  await readHistory(client, agent);
  await client.delete(agent);
  return grantStates;
}

/** Reads every version in every way, and restores one with secrets. */
async function readHistory(client: Client, agent: string): Promise<void> {
  const list = await client.get(`${agent}/history`);
  const versions = (list.body.data as { version: number }[]).map(({ version }) => version);
  for (const version of versions) {
    for (const path of ['', '/export', '/changes', '/changes?against=1']) {
      const { status, body } = await client.get(`${agent}/history/${version}${path}`);
      expect(status).toBe(200);
      history.push(JSON.stringify(body));
    }
  }
  // The two versions that the hook was bound at first, with its two secrets.
  expect((await client.post(`${agent}/history/2/_restore`)).body.restored).toContain(
    'toolBindings',
  );
  const { body } = await client.get(`${agent}/history/3/changes`);
  secretChanges = body.data as Record<string, unknown>[];
}

const secrets = () => [
  ...Object.values(PLANTED),
  ...Object.values(PLANTED).map((value) => value.slice(value.indexOf('planted'))),
  OIDC_CLIENT.secret,
  API_KEY,
  ...oidc.issued,
];

const eventTypes = () => receiver.received.map(({ body }) => body.type);

function keepFiles(): void {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  for (const file of files.filter((name) => name.endsWith('.mdb'))) {
    stored.push(readFileSync(join(folder, file), 'latin1'));
  }
}

it('accepts secrets, completes grants and sends events during the run', () => {
  const all = answered.join('\n');
  expect(all).toContain('…7732');
  expect(all).toContain('Google Calendar is connected');
  expect(all).toContain('\\"revocation\\":\\"revoked\\"');
  // Two grants, each with a code, an access token and a refresh token.
  expect(oidc.issued.length).toBeGreaterThanOrEqual(6);
  expect(eventTypes()).toEqual(expect.arrayContaining(['agent.updated', 'tool.connected']));
  const connected = receiver.received.find(({ body }) => body.type === 'tool.connected');
  expect(connected?.body.data).toMatchObject({ id: CALENDAR, orgId: 'acme' });
  expect(stored.join()).toContain(WEBHOOK);
});

it.each([
  ['answer', () => answered],
  ['log line', () => [server.output()]],
  ['webhook', () => receiver.received.map(({ text }) => text)],
  ['file of the store', () => stored],
])('shows no secret in any %s', (_, texts) => {
  const all = texts().join('\n');
  expect(secrets().filter((secret) => all.includes(secret))).toEqual([]);
});

it('shows in the history that a secret changed, and no more', () => {
  expect(secretChanges).toEqual([
    { section: 'toolBindings', itemId: WEBHOOK, path: 'config.url', kind: 'changed' },
  ]);
});

it('keeps no hint of a secret in the history', () => {
  const hints = Object.values(PLANTED).map((value) => `…${value.slice(-4)}`);
  expect(history.length).toBeGreaterThan(20);
  expect(hints.filter((hint) => history.some((text) => text.includes(hint)))).toEqual([]);
});

it('neither stores nor logs a secret that is shown once, also when its answer is kept', () => {
  const [first = '', again] = shownOnce;
  expect(first).toMatch(/^sk-any-/);
  expect(again).toBe(first);
  expect([server.output(), ...stored].filter((text) => text.includes(first))).toEqual([]);
});

it('neither stores nor logs the state of a grant', () => {
  const all = [server.output(), ...stored];
  expect(states).toHaveLength(2);
  expect(states.filter((state) => all.some((text) => text.includes(state)))).toEqual([]);
});
