import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Attacked, isClosed, rawPost, startAttacked } from '../../kit/attacked.ts';
import type { Client } from '../../kit/client.ts';

const STALLED_MS = 3_000;
const AGENT = '/orgs/acme/agents/big';
let attacked: Attacked;
let viewer: Client;
const sockets: Socket[] = [];

beforeAll(async () => {
  attacked = await startAttacked({ STALLED_MS: String(STALLED_MS) });
  const { owner } = attacked;
  await owner.createAgent({ id: 'big', name: 'Big' });
  for (let i = 0; i < 7; i += 1) {
    const skill = { name: `Skill ${i}`, body: 'x'.repeat(100_000) };
    expect((await owner.post(`${AGENT}/skills`, skill)).status).toBe(201);
  }
  viewer = (await attacked.key()).client;
});
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});
afterAll(() => attacked.stop('SIGKILL'));

const aliases = (n: number) =>
  `{ org(id: "acme") { agent(id: "big") { ${Array.from({ length: n }, (_, i) => `a${i}: skills { body }`).join(' ')} } } }`;

async function connections(n: number, head: (i: number) => string): Promise<void> {
  for (let i = 0; i < n; i += 1) sockets.push(await attacked.unread(head(i)));
}

async function expectServed(): Promise<void> {
  const answer = await attacked.owner.get('/orgs/acme');
  expect(answer.status).toBe(200);
  expect(attacked.alive()).toBe(true);
}

describe('clients that do not read', () => {
  it('get no answer of more than 16 MiB', async () => {
    const { errors } = await viewer.graphql(aliases(25));
    expect(errors?.[0]?.extensions.code).toBe('request.too_complex');
    expect((await viewer.graphql(aliases(20))).errors).toBeUndefined();
  });

  it('cannot make the server hold the answers to 120 connections', async () => {
    const body = JSON.stringify({ query: aliases(20) });
    // A refusal is sent whole, and would leave its connection open for the next request.
    const head = rawPost('/graphql', viewer.token, body, 'Connection: close\r\n');
    await connections(120, () => head);
    // Others are served, or refused while all room is taken.
    await expect.poll(async () => (await attacked.owner.get('/orgs/acme')).status).toBe(200);
    const { rssMebibytes } = await attacked.report();
    expect(rssMebibytes).toBeLessThan(900);
    // Their connections end: they made no progress.
    // `isClosed` sends something, which is none.
    await expect.poll(() => sockets.map(isClosed), { interval: 250 }).not.toContain(false);
    await expectServed();
    expect((await attacked.owner.request('GET', '/readyz')).status).toBe(200);
  });

  it('do not hold memory by REST either', async () => {
    const head = `GET /v1${AGENT}/skills HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${viewer.token}\r\n\r\n`;
    await connections(200, () => head.repeat(8));
    await expectServed();
    const { rssMebibytes } = await attacked.report();
    expect(rssMebibytes).toBeLessThan(900);
  });

  it('do not hold memory with pages', async () => {
    const head = `GET /graphql HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\n\r\nGET /v1/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n`;
    await connections(200, () => head.repeat(4));
    await expectServed();
    const { rssMebibytes } = await attacked.report();
    expect(rssMebibytes).toBeLessThan(900);
  });
});

describe('bodies that do not come', () => {
  const headers = (path: string, token?: string) =>
    rawPost(path, token, '').replace('Content-Length: 0', 'Content-Length: 1000000');

  it('of anybody do not keep others from being served', async () => {
    await connections(1_100, () => headers('/graphql'));
    await expectServed();
    await expectServed();
    expect((await attacked.owner.request('GET', '/readyz')).status).toBe(200);
  });

  it('of one token do not keep others from being served', async () => {
    const { client } = await attacked.key();
    await connections(1_100, () => headers('/graphql', client.token));
    const { client: other } = await attacked.key();
    expect((await other.graphql('{ viewer { id } }')).errors).toBeUndefined();
    expect(attacked.alive()).toBe(true);
  });

  it('of long length are bounded together', async () => {
    const { client } = await attacked.key();
    const body = `{"query": "${'x'.repeat(900_000)}`;
    await connections(300, () => headers('/graphql', client.token) + body);
    await sleep(1_000);
    const { rssMebibytes } = await attacked.report();
    expect(rssMebibytes).toBeLessThan(900);
    const { client: other } = await attacked.key();
    await expect
      .poll(async () => (await other.graphql('{ viewer { id } }')).errors)
      .toBeUndefined();
  });
});
