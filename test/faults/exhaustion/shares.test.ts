import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type Attacked, isClosed, rawPost, startAttacked } from '../../kit/attacked.ts';
import { runCommand } from '../../kit/process.ts';
import { messageOf } from '../../kit/traffic.ts';

const MAX_STREAMS = 40;
const FLOOD_MS = 12_000;
const MAX_FLOOD = 5_000;
const AGENT = '/orgs/acme/agents/big';
const SUBSCRIPTION = JSON.stringify({
  query: 'subscription { messageArrived(org: "acme", agent: "big") { cursor } }',
});
let attacked: Attacked;
const sockets: Socket[] = [];

beforeAll(async () => {
  attacked = await startAttacked({ MAX_STREAMS: String(MAX_STREAMS) });
  await attacked.owner.createAgent({ id: 'big', name: 'Big' });
  const skills = Array.from({ length: 200 }, (_, i) => ({ name: `S ${i}`, body: 'B' }));
  expect((await attacked.owner.put(`${AGENT}/skills`, { skills })).status).toBeLessThan(500);
});
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});
afterAll(() => attacked.stop('SIGKILL'));

async function watch(token: string | undefined): Promise<Socket> {
  const accept = 'Accept: text/event-stream\r\n';
  const socket = await attacked.unread(rawPost('/graphql', token, SUBSCRIPTION, accept));
  sockets.push(socket);
  return socket;
}

/** Reads what has come, until it matches. */
async function read(socket: Socket, expected: RegExp): Promise<void> {
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk.toString();
  });
  socket.resume();
  await expect.poll(() => text).toMatch(expected);
}

it('one token holds at most a quarter of the live streams', async () => {
  const { client } = await attacked.key();
  for (let i = 0; i < MAX_STREAMS; i += 1) await watch(client.token);
  const last = sockets.at(-1);
  if (!last) throw new Error('there is none');
  await read(last, /server\.busy/);
  const { client: other } = await attacked.key();
  const stream = await watch(other.token);
  await sleep(1_500);
  let text = '';
  stream.on('data', (chunk) => {
    text += chunk.toString();
  });
  stream.resume();
  await expect.poll(() => text).toContain('text/event-stream');
  expect(text).not.toContain('server.busy');
});

/** Documents that nobody has sent before: each is validated as a whole. */
const newDocument = (n: number) =>
  `{ viewer { ${Array.from({ length: 1_200 }, (_, i) => `a${i}: id`).join(' ')} } } # ${n}`;
/** Work in many pieces. */
const manyPieces = (n: number) =>
  `{ org(id: "acme") { agent(id: "big") { ${Array.from({ length: 70 }, (_, i) => `a${n}_${i}: readiness { code } `).join('')} } } }`;

it.each([
  ['work in many pieces', manyPieces],
  ['new documents', newDocument],
])('a token that floods the server with %s does not keep others waiting', async (_, query) => {
  const greedy = await attacked.key();
  const modest = await attacked.key();
  const until = Date.now() + FLOOD_MS;
  const outcomes = new Set<string | undefined>();
  let sent = 0;
  const flood = async () => {
    while (Date.now() < until && sent < MAX_FLOOD) {
      sent += 1;
      const { errors } = await greedy.client.graphql(query(sent));
      outcomes.add(errors?.[0]?.extensions.code);
      if (errors) await sleep(50);
    }
  };
  const floods = Array.from({ length: 60 }, flood);
  await sleep(2_000);
  const times: number[] = [];
  while (Date.now() < until - 1_000) {
    const started = performance.now();
    const asked = '{ org(id: "acme") { agent(id: "big") { name } } }';
    expect((await modest.client.graphql(asked)).errors).toBeUndefined();
    times.push(performance.now() - started);
    await sleep(100);
  }
  await Promise.all(floods);
  times.sort((a, b) => a - b);
  const { calibrationMs } = await attacked.report();
  expect(times[Math.floor(times.length / 2)]).toBeLessThan(500 + 20 * calibrationMs);
  const refusals = [undefined, 'server.busy', 'request.timeout'];
  for (const code of outcomes) expect(refusals).toContain(code);
});

it.each([
  ['makes no progress', '3000', false],
  ['is not read and whose key is deleted', '600000', true],
])('a stream that %s is closed', async (_, stalledMs, deletesKey) => {
  const folder = mkdtempSync(join(tmpdir(), 'agent-api-test-'));
  const store = { STORE_URL: `lmdb:${folder}` };
  const stalling = await startAttacked({ ...store, STALLED_MS: stalledMs });
  try {
    const { owner } = stalling;
    await owner.createAgent({ id: 'big', name: 'Big' });
    const ingest = async (from: number, n: number) => {
      const message = (i: number) =>
        JSON.stringify(messageOf('big', { messageId: `m${from + i}`, text: 'x'.repeat(15_000) }));
      const file = join(folder, 'messages.ndjson');
      writeFileSync(file, Array.from({ length: n }, (_, i) => message(i)).join('\n'));
      const result = await runCommand(['ingest', file, '--org', 'acme'], store);
      expect(result.code, result.stderr).toBe(0);
    };
    const subscribe = (token: string | undefined, after: string) =>
      rawPost(
        '/graphql',
        token,
        JSON.stringify({
          query: `subscription { messageArrived(org: "acme", agent: "big"${after}) { cursor message { text } } }`,
        }),
        'Accept: text/event-stream\r\n',
      );
    const first = await stalling.unread(subscribe(owner.token, ''));
    sockets.push(first);
    await sleep(500);
    await ingest(0, 1);
    let text = '';
    first.on('data', (chunk) => {
      text += chunk.toString();
    });
    first.resume();
    await expect.poll(() => text).toContain('"cursor"');
    const cursor = /"cursor":"([^"]+)"/.exec(text)?.[1] ?? '';
    await ingest(1, 2_000);
    const { id, client } = await stalling.key();
    const unread = await stalling.unread(subscribe(client.token, `, after: "${cursor}"`));
    sockets.push(unread);
    if (deletesKey) {
      await sleep(1_000);
      await owner.delete(`/orgs/acme/api-keys/${id}`);
    }
    await expect.poll(() => isClosed(unread)).toBe(true);
    // The one that is read continues.
    expect(first.closed).toBe(false);
    await expect.poll(() => text.length).toBeGreaterThan(20_000_000);
  } finally {
    await stalling.stop('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
});
