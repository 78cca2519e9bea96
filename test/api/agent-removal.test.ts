import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectRefusal } from '../kit/client.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';

let server: TestServer;
const agents = '/orgs/acme/agents';

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

it('removes everything that belongs to the agent before its id is free again', async () => {
  const id = await server.owner.createAgent({ id: 'phoenix', name: 'Phoenix' });
  const at = `${agents}/${id}`;
  const { body } = await server.owner.post(`${at}/people`, { firstName: 'Ada' });
  expect((await server.owner.delete(at)).status).toBe(200);
  expectRefusal(await server.owner.get(at), 404, 'agent.not_found');
  expectRefusal(await server.owner.get(`${at}/people`), 404, 'agent.not_found');
  const { data } = (await server.owner.get(agents)).body as { data: { id: string }[] };
  expect(data.map((it) => it.id)).not.toContain(id);

  const again = await server.owner.post(agents, { id, name: 'Again' });
  expect(again.status, JSON.stringify(again.body)).toBe(201);
  expect((await server.owner.get(`${at}/people`)).body).toEqual({ data: [] });
  expectRefusal(await server.owner.get(`${at}/people/${body.id}`), 404, 'person.not_found');
});
