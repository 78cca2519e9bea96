import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../kit/server.ts';

const WRITES = 200;
let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const versionOf = (headers: Headers) => Number(/\d+/.exec(headers.get('etag') ?? '')?.[0]);

it(`applies each of ${WRITES} concurrent writes to one agent once`, async () => {
  const agent = `/orgs/acme/agents/${await server.owner.createAgent()}`;
  const before = versionOf((await server.owner.get(agent)).headers);
  const writes = Array.from({ length: WRITES }, (_, i) =>
    i % 2
      ? server.owner.patch(agent, { name: `name ${i}`, description: `name ${i}` })
      : server.owner.post(`${agent}/playbooks`, {
          name: `playbook ${i}`,
          body: 'b',
          isOutbound: true,
        }),
  );
  const answers = await Promise.all(writes);
  const statuses = new Set(answers.map(({ status }) => status));
  expect([...statuses].sort()).toEqual([200, 201]);
  const read = await server.owner.get(agent);
  expect(versionOf(read.headers)).toBe(before + WRITES);
  expect(read.body.description).toBe(read.body.name);
  const { body } = await server.owner.get(`${agent}/playbooks`);
  const playbooks = body.data as { id: string; isDefault: boolean; isOutbound?: boolean }[];
  expect(new Set(playbooks.map(({ id }) => id)).size).toBe(WRITES / 2);
  expect(playbooks.filter(({ isDefault }) => isDefault)).toHaveLength(1);
  expect(playbooks.filter(({ isOutbound }) => isOutbound)).toHaveLength(1);
});

it('accepts exactly one of many writes that expect the same version', async () => {
  const agent = `/orgs/acme/agents/${await server.owner.createAgent()}`;
  const etag = (await server.owner.get(agent)).headers.get('etag') ?? '';
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, i) =>
      server.owner.patch(agent, { name: `name ${i}` }, { 'If-Match': etag }),
    ),
  );
  const statuses = answers.map(({ status }) => status).sort();
  expect(statuses).toEqual([200, ...Array.from({ length: 49 }, () => 412)]);
});
