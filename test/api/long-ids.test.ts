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

it.each([
  [(id: string) => `/orgs/acme/agents/${id}`, 'agent', 'agent.not_found'],
  [(id: string) => `${at}/people/${id}`, 'personId', 'person.not_found'],
  [(id: string) => `${at}/skills/${id}`, 'skillId', 'skill.not_found'],
  [(id: string) => `/orgs/acme/api-keys/${id}`, 'keyId', 'api_key.not_found'],
  [(id: string) => `/orgs/acme/webhooks/${id}`, 'webhookId', 'webhook.not_found'],
  [(id: string) => `/catalogs/tools/${id}`, 'id', 'catalog.not_found'],
])('refuses an id in a path that is longer than any (%#: %s)', async (path, name, code) => {
  expectRefusal(await server.owner.get(path('x'.repeat(257))), 400, 'request.invalid', [name]);
  expectRefusal(await server.owner.get(path('x'.repeat(256))), 404, code);
  expect([400, 405]).toContain((await server.owner.delete(path('x'.repeat(257)))).status);
});

it.each([
  ['messages', 'userId', 256],
  ['messages', 'sessionId', 256],
  ['logs', 'event', 500],
  ['people', 'q', 200],
])('refuses a filter that is longer than any stored value: %s?%s', async (list, filter, length) => {
  const find = (n: number) => server.owner.get(`${at}/${list}?${filter}=${'x'.repeat(n)}`);
  expectRefusal(await find(length + 1), 400, 'request.invalid', [filter]);
  const { status, body } = await find(length);
  expect({ status, body }).toEqual({ status: 200, body: { data: [] } });
});

it('stores traffic of an agent with the longest id', async () => {
  const id = 'a'.repeat(80);
  await server.owner.createAgent({ id, name: 'A' });
  await server.services.ingest.ingest(WORK, 'acme', [messageOf(id)]);
  const { body } = await server.owner.get(`/orgs/acme/agents/${id}/messages`);
  expect(body.data).toHaveLength(1);
});
