import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { openServices } from '../../src/server/compose.ts';
import { readSettings } from '../../src/server/settings.ts';
import { Client } from '../kit/client.ts';
import { results } from '../kit/live.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';
import { sharedStore } from '../kit/store.ts';
import { logOf, messageOf, minute } from '../kit/traffic.ts';
import { WORK } from '../kit/work.ts';

const { environment, remove } = sharedStore();
let server: TestServer;
let agent: string;
const open: AbortController[] = [];

beforeAll(async () => {
  server = await startTestServer(environment);
});
afterAll(async () => {
  await server.stop();
  await remove();
});
beforeEach(async () => {
  agent = await server.owner.createAgent();
});
afterEach(() => {
  for (const control of open.splice(0)) control.abort();
});

/** The results of a subscription, until the test ends. */
function watch(client: Client, query: string, control = new AbortController()) {
  open.push(control);
  return results(client, query, control.signal);
}

const ingest = (...entries: object[]) => server.services.ingest.ingest(WORK, 'acme', entries);
const next = async (stream: AsyncGenerator) => (await stream.next()).value;
const messages = (args: string) =>
  `subscription { messageArrived(org: "acme", agent: "${agent}"${args}) { cursor message { text } } }`;

/** The cursor of a message that has just arrived. */
async function cursor(): Promise<string> {
  const { agents, live } = server.services;
  const owner = await agents.get(WORK, { org: 'acme', id: agent });
  const arrivals = live.messages(WORK, owner, { still: async () => undefined });
  await ingest(messageOf(agent, { text: 'zero' }));
  for await (const arrival of arrivals) return arrival.cursor;
  throw new Error('nothing arrived');
}

it('sends messages in order of arrival, and resumes after a cursor', async () => {
  const after = `, after: "${await cursor()}"`;
  await ingest(messageOf(agent, { text: 'one' }));
  const stream = watch(server.owner, messages(after));
  const one = await next(stream);
  expect(one).toEqual({
    data: { messageArrived: { cursor: expect.any(String), message: { text: 'one' } } },
  });
  await ingest(messageOf(agent, { text: 'test', test: true }));
  await ingest(messageOf(agent, { text: 'two', timestamp: minute(0) }));
  const two = await next(stream);
  expect(two.data.messageArrived.message).toEqual({ text: 'two' });
  const behind = `, after: "${one.data.messageArrived.cursor}", includeTest: true`;
  const again = watch(server.owner, messages(behind));
  expect((await next(again)).data.messageArrived.message).toEqual({ text: 'test' });
  expect((await next(again)).data.messageArrived).toEqual(two.data.messageArrived);
});

it('sends the messages of one conversation', async () => {
  const stream = watch(
    server.owner,
    messages(`, after: "${await cursor()}", sessionId: "s2", includeTest: true`),
  );
  await ingest(
    messageOf(agent, { text: 'elsewhere' }),
    messageOf(agent, { text: 'here', sessionId: 's2' }),
    messageOf(agent, { text: 'tested', sessionId: 's2', test: true }),
  );
  expect((await next(stream)).data.messageArrived.message).toEqual({ text: 'here' });
  expect((await next(stream)).data.messageArrived.message).toEqual({ text: 'tested' });
});

it('sends messages that another server has written', async () => {
  const stream = watch(server.owner, messages(`, after: "${await cursor()}"`));
  const first = next(stream);
  const elsewhere = await openServices(readSettings(environment));
  await elsewhere.services.ingest.ingest(WORK, 'acme', [messageOf(agent, { text: 'elsewhere' })]);
  await elsewhere.close();
  expect((await first).data.messageArrived.message).toEqual({ text: 'elsewhere' });
});

/** Starts a subscription. Resolves once the server has it; `first` is its first result. */
async function subscribe(client: Client, query: string) {
  const { streams } = server.services;
  const before = streams.total;
  const stream = watch(client, query);
  const first = next(stream);
  await expect.poll(() => streams.total).toBe(before + 1);
  return { stream, first };
}

it('sends log entries of the requested level, and resumes after a cursor', async () => {
  const watched = (after = '') => `subscription {
    logArrived(org: "acme", agent: "${agent}", level: ERROR${after}) { cursor entry { event } }
  }`;
  const failed = (event: string) => ingest(logOf(agent), logOf(agent, { level: 'error', event }));
  const { first } = await subscribe(server.owner, watched());
  await failed('llm.error');
  const { cursor, entry } = (await first).data.logArrived;
  expect(entry).toEqual({ event: 'llm.error' });
  await failed('tool.error');
  const behind = await next(watch(server.owner, watched(`, after: "${cursor}"`)));
  expect(behind.data.logArrived.entry).toEqual({ event: 'tool.error' });
});

it('refuses the cursor of another stream', async () => {
  const after = `, after: "${await cursor()}"`;
  const logs = `subscription { logArrived(org: "acme", agent: "${agent}"${after}) { cursor } }`;
  agent = await server.owner.createAgent();
  for (const query of [logs, messages(after)]) {
    const first = await next(watch(server.owner, query));
    expect(first.errors).toMatchObject([{ extensions: { code: 'request.page_token' } }]);
  }
});

const keys = '/orgs/acme/api-keys';
const mint = async () => {
  const input = { name: 'K', scopes: ['messages:read'] };
  const { body } = await server.owner.post(keys, input);
  return { id: String(body.id), client: new Client(server.url, String(body.key)) };
};

it.each<[string, (id: string) => Promise<unknown>, string]>([
  ['its key is deleted', (id) => server.owner.delete(`${keys}/${id}`), 'auth.unauthenticated'],
  [
    'its key expires',
    (id) =>
      server.owner.patch(`${keys}/${id}`, {
        expiresAt: new Date(Date.now() + 1_000).toISOString(),
      }),
    'auth.unauthenticated',
  ],
  [
    'its key loses the scope',
    (id) => server.owner.patch(`${keys}/${id}`, { scopes: ['agents:read'] }),
    'auth.scope_missing',
  ],
  [
    'its agent is deleted',
    () => server.owner.delete(`/orgs/acme/agents/${agent}`),
    'agent.not_found',
  ],
])('ends with an error when %s', async (_, end, code) => {
  const { id, client } = await mint();
  const { stream, first } = await subscribe(client, messages(''));
  await end(id);
  expect((await first).errors).toMatchObject([{ extensions: { code } }]);
  expect(await stream.next()).toMatchObject({ done: true });
});

it.each([
  [
    'a token without the scope',
    () => server.as('owner', ['agents:write']),
    '',
    'auth.scope_missing',
  ],
  ['an invalid cursor', () => server.owner, ', after: "soup"', 'request.page_token'],
  ['an unknown argument', () => server.owner, ', soup: 1', 'request.invalid'],
])('refuses %s', async (_, client, args, code) => {
  const first = await next(watch(await client(), messages(args)));
  expect(first.errors).toMatchObject([{ extensions: { code } }]);
});

it('ends when the client disconnects', async () => {
  const { streams } = server.services;
  const before = streams.total;
  const control = new AbortController();
  const stream = watch(server.owner, messages(`, after: "${await cursor()}"`), control);
  const first = next(stream).catch(() => 'left');
  await expect.poll(() => streams.total).toBe(before + 1);
  control.abort();
  expect(await first).toBe('left');
  await expect.poll(() => streams.total).toBe(before);
});

it('checks again whether it may continue while a backlog is read slowly', async () => {
  const { agents, live } = server.services;
  const owner = await agents.get(WORK, { org: 'acme', id: agent });
  const after = await cursor();
  await ingest(...Array.from({ length: 300 }, () => messageOf(agent)));
  let asked = 0;
  const still = async () => {
    asked += 1;
    if (asked > 1) throw new Error('no longer');
  };
  let received = 0;
  const watching = async () => {
    for await (const _ of live.messages(WORK, owner, { after, still })) {
      received += 1;
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
  };
  await expect(watching()).rejects.toThrow('no longer');
  expect(received).toBeGreaterThan(0);
  expect(received).toBeLessThan(300);
});
