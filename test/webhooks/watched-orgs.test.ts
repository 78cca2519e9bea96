import { afterAll, expect, it } from 'vitest';
import { startReceiver } from '../kit/receiver.ts';
import { startTestServer } from '../kit/server.ts';
import { sharedStore } from '../kit/store.ts';

const { environment, remove } = sharedStore();
afterAll(remove);

it('delivers a change of a server that does not know of the first webhook yet', async () => {
  const receiver = await startReceiver();
  const shared = { ...environment, WEBHOOK_ALLOW_PRIVATE: '1' };
  const one = await startTestServer(shared);
  const other = await startTestServer(shared);
  // From now on, and for a second, the other server knows of none.
  const id = await other.owner.createAgent({ name: 'First' });
  const webhook = { url: receiver.url, events: ['agent.created', 'agent.updated'] };
  expect((await one.owner.post('/orgs/acme/webhooks', webhook)).status).toBe(201);
  expect((await other.owner.patch(`/orgs/acme/agents/${id}`, { name: 'Second' })).status).toBe(200);
  const [received] = await receiver.until(1);
  expect(received?.body).toMatchObject({ type: 'agent.updated', data: { id } });
  await one.stop();
  await other.stop();
  await receiver.stop();
});
