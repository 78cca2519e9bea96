import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EVENT_TYPES } from '../../src/domain/events.ts';
import { expectRefusal } from '../kit/client.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';

let server: TestServer;
const path = '/orgs/acme/webhooks';
const url = 'https://example.com/events';

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

async function create(input: object = {}) {
  const { status, body, headers } = await server.owner.post(path, { url, ...input });
  expect(status, JSON.stringify(body)).toBe(201);
  return { body, id: body.id as string, location: headers.get('location') };
}

describe('registering', () => {
  it('returns the signing secret once', async () => {
    const input = { events: ['agent.updated'], description: 'Ops bus' };
    const { body, id, location } = await create(input);
    const { signingSecret, ...rest } = body;
    expect(rest).toMatchObject({ ...input, url, active: true });
    expect(location).toBe(`/v1${path}/${id}`);
    const [, base64 = ''] = /^whsec_(.*)$/.exec(signingSecret as string) ?? [];
    expect(Buffer.from(base64, 'base64')).toHaveLength(32);
    expect(rest.signingSecretPrefix).toBe((signingSecret as string).slice(0, 12));
    expect((await server.owner.get(`${path}/${id}`)).body).toEqual(rest);
    const { org } = await server.owner.query(
      'query ($id: ID!) { org(id: "acme") { webhook(id: $id) { signingSecret } } }',
      { id },
    );
    expect(org).toEqual({ webhook: { signingSecret: null } });
  });

  it('subscribes to nothing by default', async () => {
    expect((await create()).body.events).toEqual([]);
  });

  it.each([
    [{ url: undefined }, 'url'],
    [{ url: 'example.com' }, 'url'],
    [{ url: 'http://example.com' }, 'url'],
    [{ url: 'ftp://example.com' }, 'url'],
    [{ url: 'https://user:pass@example.com' }, 'url'],
    [{ url: `https://example.com/${'x'.repeat(2048)}` }, 'url'],
    [{ url: 'https://127.0.0.1/x' }, 'url'],
    [{ url: 'https://LOCALHOST/x' }, 'url'],
    [{ url: 'https://metadata.google.internal/' }, 'url'],
    [{ url: 'https://2130706433/x' }, 'url'],
    [{ url: 'https://169.254.169.254/latest' }, 'url'],
    [{ url: 'https://[::ffff:10.0.0.1]/' }, 'url'],
    [{ events: ['agent.exploded'] }, 'events[0]'],
    [{ events: 'agent.updated' }, 'events'],
    [{ active: 'yes' }, 'active'],
    [{ signingSecret: 'whsec_mine' }, 'signingSecret'],
  ])('refuses %j', async (input, at) => {
    const answer = await server.owner.post(path, { url, ...input });
    expectRefusal(answer, 400, 'request.invalid', [at]);
  });
});

describe('changing', () => {
  it('merges the fields that are sent', async () => {
    const { id } = await create({ description: 'old', events: ['agent.created'] });
    const patch = { url: 'https://example.org/', active: false, description: null };
    const { body } = await server.owner.patch(`${path}/${id}`, patch);
    expect(body).toMatchObject({ url: 'https://example.org/', active: false });
    expect(body).toMatchObject({ events: ['agent.created'] });
    expect(body).not.toHaveProperty('description');
    expect(body).not.toHaveProperty('signingSecret');
  });

  it.each([
    [{ url: null }, 'url'],
    [{ url: 'http://example.com' }, 'url'],
    [{ events: ['nope'] }, 'events[0]'],
    [{ id: 'wh_mine' }, 'id'],
  ])('refuses %j', async (input, at) => {
    const { id } = await create();
    const answer = await server.owner.patch(`${path}/${id}`, input);
    expectRefusal(answer, 400, 'request.invalid', [at]);
  });

  it('rotates the secret', async () => {
    const { id, body } = await create();
    const rotated = await server.owner.post(`${path}/${id}/_rotate`);
    expect(rotated.status).toBe(200);
    expect(rotated.body.signingSecret).toMatch(/^whsec_/);
    expect(rotated.body.signingSecret).not.toBe(body.signingSecret);
    const read = await server.owner.get(`${path}/${id}`);
    expect(read.body.signingSecretPrefix).toBe(rotated.body.signingSecretPrefix);
    expect(read.body).not.toHaveProperty('signingSecret');
    expect(read.body).not.toHaveProperty('previousSecretExpiresAt');
  });

  it('rotates the secret with an overlap of at most a week, and shows its end', async () => {
    const { id } = await create();
    const at = `${path}/${id}`;
    const week = 7 * 86_400;
    const { status, body } = await server.owner.post(`${at}/_rotate`, { overlapSeconds: week });
    expect(status).toBe(200);
    const end = Date.parse(body.previousSecretExpiresAt as string);
    expect(end - Date.parse(body.updatedAt as string)).toBeGreaterThan(week * 1_000 - 60_000);
    expect((await server.owner.get(at)).body.previousSecretExpiresAt).toBe(
      body.previousSecretExpiresAt,
    );
    const { rotateWebhookSecret } = await server.owner.query(
      `mutation ($id: ID!) {
        rotateWebhookSecret(org: "acme", webhook: $id, overlapSeconds: 60) { previousSecretExpiresAt }
      }`,
      { id },
    );
    expect(rotateWebhookSecret).toEqual({ previousSecretExpiresAt: expect.any(String) });
    for (const overlapSeconds of [-1, week + 1, '60', 1.5]) {
      const refused = await server.owner.post(`${at}/_rotate`, { overlapSeconds });
      expectRefusal(refused, 400, 'request.invalid', ['overlapSeconds']);
    }
    const again = await server.owner.post(`${at}/_rotate`, { overlapSeconds: null });
    expect(again.body).not.toHaveProperty('previousSecretExpiresAt');
  });
});

it('deletes a webhook', async () => {
  const { id } = await create();
  const { status, body } = await server.owner.delete(`${path}/${id}`);
  expect({ status, body }).toEqual({ status: 204, body: '' });
  const at = `${path}/${id}`;
  for (const answer of [
    await server.owner.get(at),
    await server.owner.patch(at, {}),
    await server.owner.delete(at),
    await server.owner.post(`${at}/_rotate`),
  ]) {
    expectRefusal(answer, 404, 'webhook.not_found');
  }
});

it('lists newest first, in pages', async () => {
  const ids = [(await create()).id, (await create()).id, (await create()).id].reverse();
  const first = await server.owner.get(`${path}?limit=2`);
  const listed = ({ body }: typeof first) => (body.data as { id: string }[]).map(({ id }) => id);
  expect(listed(first)).toEqual(ids.slice(0, 2));
  const next = await server.owner.get(`${path}?limit=1&pageToken=${first.body.nextPageToken}`);
  expect(listed(next)).toEqual(ids.slice(2));
});

it('has exactly the event types that the catalog describes', async () => {
  const { catalog } = server.services;
  const described = catalog.webhookEvents.list().map(({ id }) => id);
  expect([...described].sort()).toEqual([...EVENT_TYPES].sort());
});

it('refuses a patch that clears active, and stays paused', async () => {
  const { body } = await server.owner.post(path, { url: 'https://paused.example/', active: false });
  const at = `${path}/${body.id}`;
  const answer = await server.owner.patch(at, { active: null, url: null });
  expectRefusal(answer, 400, 'request.invalid', ['active', 'url']);
  expect((await server.owner.get(at)).body.active).toBe(false);
});
