import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../kit/server.ts';
import { messageOf } from '../kit/traffic.ts';
import { WORK } from '../kit/work.ts';

const HOUR_MS = 60 * 60 * 1_000;

let server: TestServer;
let agent: string;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());
beforeEach(async () => {
  agent = await server.owner.createAgent();
});

const ingest = (...entries: unknown[]) => server.services.ingest.ingest(WORK, 'acme', entries);

interface Hour {
  readonly start: string;
  readonly fromUser: number;
  readonly fromAgent: number;
}

async function hours(args = ''): Promise<readonly Hour[]> {
  const data = await server.owner.query(`{ org(id: "acme") { agent(id: "${agent}") {
    trafficByHour${args} { start fromUser fromAgent } } } }`);
  return (data as { org: { agent: { trafficByHour: Hour[] } } }).org.agent.trafficByHour;
}

/** The start of the hour that was some hours ago. */
const ago = (count: number) =>
  new Date(Math.floor(Date.now() / HOUR_MS) * HOUR_MS - count * HOUR_MS).toISOString();

it('counts each message once in its hour, oldest first', async () => {
  const at = (n: number, timestamp: string, fields: object) =>
    messageOf(agent, { messageId: `${agent}-${n}`, timestamp, ...fields });
  const messages = [
    at(1, ago(30), { origin: 'user' }),
    at(2, ago(2), { origin: 'user' }),
    at(3, ago(2).replace(':00:00.000', ':59:59.999'), { origin: 'agent' }),
    at(4, ago(2), { origin: 'agent' }),
    at(5, ago(2), { origin: 'agent', type: 'status' }),
    at(6, ago(2), { origin: 'user', test: true }),
    at(7, ago(24 * 13), { origin: 'user' }),
  ];
  await ingest(...messages.slice(2));
  await ingest(...messages, ...messages);
  const recent = [
    { start: ago(30), fromUser: 1, fromAgent: 0 },
    { start: ago(2), fromUser: 1, fromAgent: 2 },
  ];
  expect(await hours()).toEqual(recent);
  expect(await hours('(days: 1)')).toEqual(recent.slice(1));
  expect((await hours('(days: 14)')).map(({ start }) => start)).toEqual([
    ago(24 * 13),
    ...recent.map(({ start }) => start),
  ]);
});

it('is exact when batches of the same messages are stored at once', async () => {
  const messages = Array.from({ length: 60 }, (_, i) =>
    messageOf(agent, { messageId: `${agent}-${i}`, timestamp: ago(1), origin: 'user' }),
  );
  const batches = Array.from({ length: 12 }, (_, i) => messages.slice(i * 4, i * 4 + 16));
  await Promise.all(batches.map((batch) => ingest(...batch)));
  expect(await hours()).toEqual([{ start: ago(1), fromUser: 60, fromAgent: 0 }]);
});

it('refuses more days than it has', async () => {
  for (const days of [0, 15]) await expect(hours(`(days: ${days})`)).rejects.toThrow(/days/);
});

it('is readable with the right to read messages alone', async () => {
  await ingest(messageOf(agent, { messageId: `${agent}-1`, timestamp: ago(1), origin: 'user' }));
  const reader = await server.as('viewer', ['messages:read']);
  const query = `{ org(id: "acme") { activity(agent: "${agent}") { trafficByHour { fromUser } } } }`;
  expect(await reader.query(query)).toEqual({
    org: { activity: { trafficByHour: [{ fromUser: 1 }] } },
  });
  const other = await server.as('viewer', ['people:read']);
  await expect(other.query(query)).rejects.toThrow(/messages:read/);
});
