import { afterAll, beforeAll, expect, it } from 'vitest';
import { EVENT_TYPES } from '../../src/domain/events.ts';
import { type Receiver, startReceiver, verified } from '../kit/receiver.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';

/** These need an OAuth grant; test/secrets/leaks.test.ts covers them. */
const ELSEWHERE = ['tool.connected', 'tool.disconnected'];
const PRIVATE = 'Ada Private';

let server: TestServer;
let receiver: Receiver;
let secret: string;

beforeAll(async () => {
  server = await startTestServer({ WEBHOOK_ALLOW_PRIVATE: '1' });
  receiver = await startReceiver();
});
afterAll(async () => {
  await server.stop();
  await receiver.stop();
});

async function created(path: string, input: object): Promise<string> {
  const { status, body } = await server.owner.post(path, input);
  expect(status, JSON.stringify(body)).toBe(201);
  return body.id as string;
}

/** Creates, changes and removes one of every kind. @returns the agent's id */
async function changeEverything(webhook: string): Promise<string> {
  const { owner } = server;
  const id = await owner.createAgent();
  const agent = `/orgs/acme/agents/${id}`;
  await owner.patch(agent, { description: 'Changed' });

  const binding = await created(`${agent}/channels`, {
    channel: 'rcs',
    mode: 'unmanaged',
    provider: 'google-rbm',
    auth: { agentId: 'acme_agent', serviceAccountKey: '{}' },
  });
  const channel = `${agent}/channels/${binding}`;
  await owner.patch(channel, { delivery: { minMessageDelayMs: 1000 } });
  await owner.post(`${channel}/_disable`);

  const link = `${agent}/outreach-links/${await created(`${agent}/outreach-links`, { bindingId: binding })}`;
  await owner.patch(link, { disabled: true });
  await owner.delete(link);

  const person = `${agent}/people/${await created(`${agent}/people`, { fullName: PRIVATE })}`;
  await owner.patch(person, { notes: PRIVATE });
  await owner.delete(person);

  await owner.delete(channel);
  await owner.delete(agent);

  const key = `/orgs/acme/api-keys/${await created('/orgs/acme/api-keys', { name: 'K' })}`;
  await owner.patch(key, { name: 'L' });
  await owner.delete(key);
  await owner.patch('/orgs/acme', { description: 'Changed' });
  await owner.query('mutation ($id: ID!) { webhookPing(org: "acme", webhook: $id) { id } }', {
    id: webhook,
  });
  return id;
}

it('delivers every event that the catalog promises, without personal data', async () => {
  const { body } = await server.owner.post('/orgs/acme/webhooks', {
    url: receiver.url,
    events: [...EVENT_TYPES],
  });
  secret = body.signingSecret as string;
  const agent = await changeEverything(body.id as string);

  const promised = EVENT_TYPES.filter((type) => !ELSEWHERE.includes(type));
  const types = () => [...new Set(receiver.received.map((it) => it.body.type))].sort();
  await expect.poll(types).toEqual([...promised].sort());

  for (const received of receiver.received) {
    verified(secret, received);
    const { type, data } = received.body;
    expect(data).toMatchObject({ id: expect.any(String), orgId: 'acme' });
    const underAgent = /^(channel|outreach_link|person)\./.test(type);
    expect(data.agentId, type).toBe(underAgent ? agent : undefined);
    if (type !== 'webhook.ping') {
      const actor = { kind: 'apiKey', id: expect.stringMatching(/^key_/) };
      expect([type, data.actor]).toEqual([type, actor]);
      expect([type, data.version]).toEqual([type, expect.any(Number)]);
    }
    if (/^channel\.(updated|deleted|status)/.test(type))
      expect(data.sections).toEqual(['channels']);
    expect(received.text).not.toContain('Private');
  }
  const ids = receiver.received.map(({ headers }) => headers['webhook-id']);
  expect(new Set(ids).size).toBe(ids.length);
});

it('announces the web chat that comes with an agent, after the agent', async () => {
  const { owner } = server;
  const events = ['agent.created', 'channel.created'];
  const chats = await startReceiver();
  try {
    await owner.post('/orgs/acme/webhooks', { url: chats.url, events });
    const agentId = await owner.createAgent();
    const { data } = (await owner.get(`/orgs/acme/agents/${agentId}/channels`)).body;
    const [{ id = '' } = {}] = data as { id: string }[];
    await expect
      .poll(() => chats.received.map(({ body }) => [body.type, body.data]))
      .toEqual([
        ['agent.created', expect.objectContaining({ id: agentId, orgId: 'acme' })],
        ['channel.created', expect.objectContaining({ id, orgId: 'acme', agentId })],
      ]);
  } finally {
    await chats.stop();
  }
});
