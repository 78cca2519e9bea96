import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectRefusal } from '../kit/client.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';
import { messageOf } from '../kit/traffic.ts';
import { WORK } from '../kit/work.ts';

let server: TestServer;
let at: string;

beforeAll(async () => {
  server = await startTestServer();
  at = `/orgs/acme/agents/${await server.owner.createAgent()}`;
});
afterAll(() => server.stop());

const LONG = 'x'.repeat(8_000);

it.each([
  [() => `/orgs/acme/agents/${LONG}`, 'agent.not_found'],
  [() => `${at}/people/${LONG}`, 'person.not_found'],
  [() => `${at}/skills/${LONG}`, 'skill.not_found'],
  [() => `/orgs/acme/api-keys/${LONG}`, 'api_key.not_found'],
  [() => `/orgs/acme/webhooks/${LONG}`, 'webhook.not_found'],
  [() => `/catalogs/tools/${LONG}`, 'catalog.not_found'],
])('answers 404 for an id longer than any stored one (%#: %s)', async (path, code) => {
  expectRefusal(await server.owner.get(path()), 404, code);
  expect([404, 405]).toContain((await server.owner.delete(path())).status);
});

it.each(['messages?userId=', 'messages?sessionId=', 'logs?event=', 'people?q='])(
  'finds nothing with a filter longer than any stored value: %s',
  async (list) => {
    const { status, body } = await server.owner.get(`${at}/${list}${LONG}`);
    expect({ status, body }).toEqual({ status: 200, body: { data: [] } });
  },
);

it('stores traffic of an agent with the longest id', async () => {
  const id = 'a'.repeat(80);
  await server.owner.createAgent({ id, name: 'A' });
  await server.services.ingest.ingest(WORK, 'acme', [messageOf(id)]);
  const { body } = await server.owner.get(`/orgs/acme/agents/${id}/messages`);
  expect(body.data).toHaveLength(1);
});
