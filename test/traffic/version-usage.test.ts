import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../kit/server.ts';
import { logOf, messageOf, minute } from '../kit/traffic.ts';
import { WORK } from '../kit/work.ts';

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

async function usage(args = ''): Promise<Record<string, unknown>[]> {
  const data = await server.owner.query(`{ org(id: "acme") { agent(id: "${agent}") {
    versionUsage${args} { version messageCount conversationCount firstAt lastAt } } } }`);
  return (data as { org: { agent: { versionUsage: Record<string, unknown>[] } } }).org.agent
    .versionUsage;
}

it('counts messages and conversations of each version once, newest version first', async () => {
  const of = (n: number, fields: object) =>
    messageOf(agent, { messageId: `${agent}${n}`, timestamp: minute(n), ...fields });
  const messages = [
    of(1, { agentVersion: 2 }),
    of(2, { agentVersion: 2 }),
    of(3, { agentVersion: 10 }),
    of(4, { agentVersion: 10, sessionId: 's2' }),
    of(5, { agentVersion: 10, userId: 'bob' }),
    of(6, { agentVersion: 11, test: true }),
    of(7, {}),
  ];
  await ingest(...messages.slice(3), logOf(agent, { agentVersion: 12 }));
  await ingest(...messages, ...messages);
  expect(await usage()).toEqual([
    {
      version: 10,
      messageCount: 3,
      conversationCount: 3,
      firstAt: minute(3),
      lastAt: minute(5),
    },
    {
      version: 2,
      messageCount: 2,
      conversationCount: 1,
      firstAt: minute(1),
      lastAt: minute(2),
    },
  ]);
  expect((await usage('(first: 1)')).map(({ version }) => version)).toEqual([10]);
});

it('is exact when batches of the same messages and conversations are stored at once', async () => {
  const messages = Array.from({ length: 60 }, (_, i) =>
    messageOf(agent, {
      messageId: `${agent}-${i}`,
      sessionId: `s${i % 5}`,
      agentVersion: 1 + (i % 2),
    }),
  );
  const batches = Array.from({ length: 12 }, (_, i) => messages.slice(i * 4, i * 4 + 16));
  await Promise.all(batches.map((batch) => ingest(...batch)));
  const counts = (await usage()).map((it) => [it.version, it.messageCount, it.conversationCount]);
  expect(counts).toEqual([
    [2, 30, 5],
    [1, 30, 5],
  ]);
});

it('begins again with a later agent of the same id', async () => {
  await ingest(messageOf(agent, { agentVersion: 1 }));
  await server.owner.delete(`/orgs/acme/agents/${agent}`);
  await server.owner.createAgent({ id: agent, name: 'Again' });
  expect(await usage()).toEqual([]);
  await ingest(messageOf(agent, { agentVersion: 1 }));
  expect(await usage()).toMatchObject([{ version: 1, messageCount: 1, conversationCount: 1 }]);
});

it('is shown with each message and log entry', async () => {
  await ingest(
    messageOf(agent, { agentVersion: 7 }),
    logOf(agent, { agentVersion: 2_147_483_647 }),
    logOf(agent),
  );
  const data = await server.owner.query(`{ org(id: "acme") { activity(agent: "${agent}") {
    messages { nodes { agentVersion } } logs { nodes { agentVersion } }
    versionUsage { version } } } }`);
  const versions = [{ agentVersion: 2_147_483_647 }, { agentVersion: null }];
  expect(data).toEqual({
    org: {
      activity: {
        messages: { nodes: [{ agentVersion: 7 }] },
        logs: { nodes: expect.arrayContaining(versions) },
        versionUsage: [{ version: 7 }],
      },
    },
  });
});

it.each([0, -1, 1.5, 2_147_483_648, '1', null, true])(
  'refuses %j as a version',
  async (version) => {
    for (const entry of [
      messageOf(agent, { agentVersion: version }),
      logOf(agent, { agentVersion: version }),
    ]) {
      await expect(ingest(entry)).rejects.toMatchObject({
        code: 'request.invalid',
        problems: [{ path: '[0].agentVersion' }],
      });
    }
  },
);

it.each([0, 101])('refuses first: %i', async (first) => {
  const { errors } = await server.owner.graphql(
    `{ org(id: "acme") { agent(id: "${agent}") { versionUsage(first: ${first}) { version } } } }`,
  );
  expect(errors?.[0]?.extensions.code).toBe('request.invalid');
});

it('needs messages:read, and costs only the field without', async () => {
  const client = await server.as('viewer', ['agents:read']);
  const { data, errors } = await client.graphql(
    `{ org(id: "acme") { agent(id: "${agent}") { id versionUsage { version } } } }`,
  );
  expect(data).toEqual({ org: { agent: { id: agent, versionUsage: null } } });
  expect(errors?.[0]?.extensions.code).toBe('auth.scope_missing');
});
