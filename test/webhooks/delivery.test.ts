import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectRefusal } from '../kit/client.ts';
import { type Receiver, startReceiver, verified } from '../kit/receiver.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';
import { WORK } from '../kit/work.ts';

let server: TestServer;
let receiver: Receiver;
const path = '/orgs/acme/webhooks';

beforeAll(async () => {
  server = await startTestServer({ WEBHOOK_ALLOW_PRIVATE: '1' });
});
afterAll(() => server.stop());
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(async () => {
  const { body } = await server.owner.get(path);
  for (const { id } of body.data as { id: string }[]) await server.owner.delete(`${path}/${id}`);
  await receiver.stop();
});

async function subscribe(...events: string[]) {
  const { body } = await server.owner.post(path, { url: receiver.url, events });
  return body as { id: string; signingSecret: string };
}

interface Delivery {
  readonly id: string;
  readonly status: string;
  readonly attempts: readonly {
    readonly statusCode: number | null;
    readonly error: string | null;
  }[];
}

async function deliveries(id: string): Promise<readonly Delivery[]> {
  const { org } = await server.owner.query(
    `query ($id: ID!) { org(id: "acme") { webhook(id: $id) {
      deliveries { nodes { id type status attempts { statusCode error } } }
    } } }`,
    { id },
  );
  return (org as { webhook: { deliveries: { nodes: Delivery[] } } }).webhook.deliveries.nodes;
}

/** The log, once its newest delivery has at least this many attempts. */
async function logged(id: string, attempts: number): Promise<readonly Delivery[]> {
  return expect
    .poll(() => deliveries(id))
    .toSatisfy((nodes: readonly Delivery[]) => (nodes[0]?.attempts.length ?? 0) >= attempts)
    .then(() => deliveries(id));
}

it('delivers a signed event for a change', async () => {
  const { id, signingSecret } = await subscribe('agent.updated');
  const agent = await server.owner.createAgent();
  await server.owner.put(`/orgs/acme/agents/${agent}/identity`, { brandColor: '#fff' });
  const [first] = await receiver.until(1);
  if (!first) throw new Error('nothing came');
  expect(verified(signingSecret, first)).toEqual({
    type: 'agent.updated',
    timestamp: expect.any(String),
    data: {
      id: agent,
      orgId: 'acme',
      version: 2,
      sections: ['identity'],
      actor: { kind: 'apiKey', id: expect.stringMatching(/^key_/) },
    },
  });
  const [delivery] = await logged(id, 1);
  expect(delivery).toMatchObject({ status: 'SUCCESS', attempts: [{ statusCode: 200 }] });
  expect(first.headers['webhook-id']).toBe(delivery?.id);
  const { body } = await server.owner.get(`${path}/${id}`);
  expect(body).toMatchObject({ lastDeliveryStatus: 'success' });
  expect(receiver.received).toHaveLength(1);
});

it('delivers the events of an agent in order', async () => {
  await subscribe('agent.created', 'agent.updated', 'agent.deleted');
  const agent = await server.owner.createAgent();
  const at = `/orgs/acme/agents/${agent}`;
  for (let i = 0; i < 5; i += 1) await server.owner.patch(at, { name: `n${i}` });
  await server.owner.delete(at);
  const events = (await receiver.until(7)).map(({ body }) => body);
  expect(events.map(({ type }) => type)).toEqual([
    'agent.created',
    ...Array.from({ length: 5 }, () => 'agent.updated'),
    'agent.deleted',
  ]);
  expect(events.slice(1, 6).map(({ data }) => data.version)).toEqual([2, 3, 4, 5, 6]);
});

it.each([
  [
    'an org',
    'org.updated',
    () => server.owner.patch('/orgs/acme', { description: `${Date.now()}` }),
  ],
  ['an API key', 'api_key.created', () => server.owner.post('/orgs/acme/api-keys', { name: 'K' })],
])('delivers events of %s', async (_, type, change) => {
  await subscribe(type);
  await change();
  const [first] = await receiver.until(1);
  expect(first?.body).toMatchObject({ type, data: { orgId: 'acme', id: expect.any(String) } });
});

it('signs only with the new secret after a rotation', async () => {
  const old = await subscribe('agent.created');
  const { body } = await server.owner.post(`${path}/${old.id}/_rotate`);
  await server.owner.createAgent();
  const [first] = await receiver.until(1);
  if (!first) throw new Error('nothing came');
  expect(verified(body.signingSecret as string, first)).toBeDefined();
  expect(() => verified(old.signingSecret, first)).toThrow();
});

it('signs with both secrets after a rotation with an overlap', async () => {
  const old = await subscribe('agent.created');
  const { body } = await server.owner.post(`${path}/${old.id}/_rotate`, { overlapSeconds: 60 });
  await server.owner.createAgent();
  const [first] = await receiver.until(1);
  if (!first) throw new Error('nothing came');
  expect(first.headers['webhook-signature']).toMatch(/^v1,\S+ v1,\S+$/);
  expect(verified(body.signingSecret as string, first)).toBeDefined();
  expect(verified(old.signingSecret, first)).toBeDefined();
});

it('sends nothing to a paused webhook, not even once it is resumed', async () => {
  const { id } = await subscribe('agent.created', 'webhook.ping');
  await server.owner.patch(`${path}/${id}`, { active: false });
  await server.owner.createAgent();
  const other = await startReceiver();
  await server.owner.post(path, { url: other.url, events: ['agent.created'] });
  const agent = await server.owner.createAgent();
  await other.until(1);
  await server.owner.patch(`${path}/${id}`, { active: true });
  await server.owner.createAgent();
  const [first] = await receiver.until(1);
  expect(first?.body.data.id).not.toBe(agent);
  expect(await deliveries(id)).toHaveLength(1);
  await other.stop();
});

it.each([301, 302, 307, 404, 500])('treats %i as a failure to be retried', async (status) => {
  const { id } = await subscribe('agent.created');
  receiver.answer = status;
  await server.owner.createAgent();
  const [delivery] = await logged(id, 1);
  expect(delivery).toMatchObject({ status: 'PENDING', attempts: [{ statusCode: status }] });
  expect(receiver.received).toHaveLength(1);
  expect((await server.owner.get(`${path}/${id}`)).body.lastDeliveryStatus).toBe('failure');
});

it('pauses a webhook whose receiver answers 410', async () => {
  const { id } = await subscribe('agent.created');
  receiver.answer = 410;
  await server.owner.createAgent();
  const [delivery] = await logged(id, 1);
  expect(delivery).toMatchObject({ status: 'FAILURE', attempts: [{ statusCode: 410 }] });
  await expect.poll(async () => (await server.owner.get(`${path}/${id}`)).body.active).toBe(false);
});

it('sends a ping without a subscription, and redelivers it under the same id', async () => {
  const { id, signingSecret } = await subscribe();
  await server.owner.query(
    'mutation ($id: ID!) { webhookPing(org: "acme", webhook: $id) { status } }',
    { id },
  );
  const [ping] = await receiver.until(1);
  if (!ping) throw new Error('nothing came');
  expect(verified(signingSecret, ping)).toMatchObject({ type: 'webhook.ping', data: { id } });
  const [delivery] = await logged(id, 1);
  await server.owner.query(
    `mutation ($id: ID!, $delivery: ID!) {
      redeliverWebhookDelivery(org: "acme", webhook: $id, delivery: $delivery) { status }
    }`,
    { id, delivery: delivery?.id },
  );
  const [, again] = await receiver.until(2);
  expect(again?.headers['webhook-id']).toBe(ping.headers['webhook-id']);
  expect(again?.text).toBe(ping.text);
});

it('refuses to ping a paused webhook, and to redeliver an unknown delivery', async () => {
  const { id } = await subscribe();
  const redeliver = (delivery: string) =>
    server.owner.graphql(
      `mutation ($id: ID!, $delivery: ID!) {
        redeliverWebhookDelivery(org: "acme", webhook: $id, delivery: $delivery) { id }
      }`,
      { id, delivery },
    );
  expect((await redeliver('evt_none')).errors?.[0]?.extensions.code).toBe(
    'webhook.delivery_not_found',
  );
  await server.owner.patch(`${path}/${id}`, { active: false });
  const ping = 'mutation ($id: ID!) { webhookPing(org: "acme", webhook: $id) { id } }';
  expect((await server.owner.graphql(ping, { id })).errors?.[0]?.extensions.code).toBe(
    'webhook.paused',
  );
});

const TRACEPARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

it('passes on the id and the trace of the request that made the change', async () => {
  const { id } = await subscribe('agent.created');
  const traced = { 'X-Request-Id': 'made-an-agent', traceparent: TRACEPARENT };
  await server.owner.post('/orgs/acme/agents', { name: 'Traced' }, traced);
  const query = `mutation { webhookPing(org: "acme", webhook: "${id}") { status } }`;
  const pinged = { 'X-Request-Id': 'made-a-ping' };
  await server.owner.request('POST', '/graphql', { query }, pinged);
  const received = await receiver.until(2);
  const headers = received.map(({ headers }) => [headers['x-request-id'], headers.traceparent]);
  expect(headers).toContainEqual(['made-an-agent', TRACEPARENT]);
  expect(headers).toContainEqual(['made-a-ping', undefined]);
});

describe('the log of deliveries', () => {
  interface Logged {
    readonly id: string;
    readonly status: string;
    readonly requestId?: string;
    readonly requestBody: string;
    readonly attempts: readonly {
      readonly statusCode?: number;
      readonly responseType?: string;
      readonly responseBody?: string;
    }[];
  }

  const list = async (id: string, query = '') => {
    const { status, body } = await server.owner.get(`${path}/${id}/deliveries${query}`);
    expect(status, JSON.stringify(body)).toBe(200);
    return body as unknown as { data: Logged[]; nextPageToken?: string };
  };

  it('shows what was sent and answered, without secrets, over REST and GraphQL', async () => {
    const { id, signingSecret } = await subscribe('agent.created');
    receiver.answer = 422;
    const text = `{"error":"bad signature, expected one of ${signingSecret}"}`;
    receiver.says = { text, type: 'application/json' };
    await server.owner.post('/orgs/acme/agents', { name: 'A' }, { 'X-Request-Id': 'made-it' });
    const [sent] = await receiver.until(1);
    await logged(id, 1);
    const [delivery] = (await list(id)).data;
    const attempt = {
      statusCode: 422,
      responseType: 'application/json',
      responseBody: '{"error":"bad signature, expected one of [removed]"}',
    };
    expect(delivery).toMatchObject({
      status: 'pending',
      requestId: 'made-it',
      requestBody: sent?.text,
      attempts: [attempt],
    });
    const at = `${path}/${id}/deliveries/${delivery?.id}`;
    expect((await server.owner.get(at)).body).toEqual(delivery);
    const { org } = await server.owner.query(
      `query ($id: ID!, $delivery: ID!) { org(id: "acme") { webhook(id: $id) {
        delivery(id: $delivery) {
          requestId requestBody attempts { statusCode responseType responseBody }
        }
      } } }`,
      { id, delivery: delivery?.id },
    );
    expect(org).toEqual({
      webhook: {
        delivery: { requestId: 'made-it', requestBody: sent?.text, attempts: [attempt] },
      },
    });
  });

  it('is filtered by status', async () => {
    const { id } = await subscribe('agent.created');
    receiver.answer = 500;
    await server.owner.createAgent();
    await logged(id, 1);
    receiver.answer = 200;
    await server.owner.createAgent();
    await receiver.until(2);
    const statuses = async (query: string) =>
      (await list(id, query)).data.map(({ status }) => status);
    await expect.poll(() => statuses('')).toEqual(['success', 'pending']);
    expect(await statuses('?status=success')).toEqual(['success']);
    expect(await statuses('?status=pending')).toEqual(['pending']);
    expect(await statuses('?status=failure')).toEqual([]);
    const { org } = await server.owner.query(
      `query ($id: ID!) { org(id: "acme") { webhook(id: $id) {
        deliveries(status: PENDING) { nodes { status } }
      } } }`,
      { id },
    );
    expect(org).toEqual({ webhook: { deliveries: { nodes: [{ status: 'PENDING' }] } } });
  });

  it('refuses an unknown status, an unknown delivery and the token of another filter', async () => {
    const { id } = await subscribe('agent.created');
    const at = `${path}/${id}/deliveries`;
    expectRefusal(await server.owner.get(`${at}?status=lost`), 400, 'request.invalid', ['status']);
    expectRefusal(await server.owner.get(`${at}/evt_none`), 404, 'webhook.delivery_not_found');
    for (let i = 0; i < 2; i += 1) await server.services.webhooks.ping(WORK, 'acme', id);
    const { nextPageToken } = await list(id, '?limit=1');
    const other = await server.owner.get(`${at}?status=success&pageToken=${nextPageToken}`);
    expectRefusal(other, 400, 'request.page_token');
  });
});
