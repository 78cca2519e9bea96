import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditEntry } from '../../src/audit/entries.ts';
import { type Client, expectRefusal } from '../kit/client.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';
import { isOnMongodb } from '../kit/store.ts';
import { WORK } from '../kit/work.ts';

type Entry = Omit<AuditEntry, 'resourceVersion' | 'key'>;

const LOG = '/orgs/acme/audit-log';
const EMAIL = 'ada@example.com';
const SECRET = 'hunter2-hunter2';

let server: TestServer;
let agent: string;
/** Changed one of everything, as two callers. */
let everything: readonly Entry[];

async function pageOf(query: string, client: Client = server.owner) {
  const { status, body } = await client.get(`${LOG}?${query}`);
  expect(status, JSON.stringify(body)).toBe(200);
  return body as unknown as { data: Entry[]; nextPageToken?: string };
}

/** Every entry, page by page. No page may be empty unless the log is. */
async function entriesOf(filter: Readonly<Record<string, string>>, limit: number) {
  const entries: Entry[] = [];
  let pageToken: string | undefined;
  do {
    const query = new URLSearchParams({ ...filter, limit: String(limit) });
    if (pageToken !== undefined) query.set('pageToken', pageToken);
    const page = await pageOf(String(query));
    if (pageToken !== undefined) expect(page.data).not.toHaveLength(0);
    entries.push(...page.data);
    pageToken = page.nextPageToken;
  } while (pageToken !== undefined);
  return entries;
}

async function changeEverything(client: Client, id: string): Promise<void> {
  const created = async (path: string, input: object) => {
    const { status, body } = await client.post(path, input);
    expect(status, JSON.stringify(body)).toBe(201);
    return `${path}/${body.id}`;
  };
  const path = `/orgs/acme/agents/${id}`;
  const channel = await created(`${path}/channels`, {
    channel: 'rcs',
    mode: 'unmanaged',
    provider: 'google-rbm',
    auth: { agentId: 'acme_agent', serviceAccountKey: SECRET },
  });
  await client.post(`${channel}/_disable`);
  expect((await client.patch(`${path}/identity`, { brandColor: '#112233' })).status).toBe(200);
  const person = await created(`${path}/people`, { fullName: 'Ada Private' });
  await client.patch(person, { notes: 'Private' });
  await client.delete(person);
  const binding = (channel.split('/').at(-1) ?? '') as string;
  const link = await created(`${path}/outreach-links`, { bindingId: binding });
  await client.patch(link, { disabled: true });
  const webhook = await created('/orgs/acme/webhooks', { url: 'https://example.com/' });
  await client.patch(webhook, { active: false });
  await client.delete(webhook);
  const key = await created('/orgs/acme/api-keys', { name: 'K' });
  await client.delete(key);
  await client.patch('/orgs/acme', { description: `By ${client.token?.slice(-6)}` });
}

beforeAll(async () => {
  server = await startTestServer();
  agent = await server.owner.createAgent();
  await changeEverything(server.owner, agent);
  await changeEverything(await server.as('admin'), await server.owner.createAgent());
  await server.services.members.set(WORK, 'acme', EMAIL, 'viewer');
  everything = await entriesOf({}, 200);
});
afterAll(() => server.stop());

it('has one entry per change, newest first, which names its author, its way and its resource', async () => {
  const id = await server.owner.createAgent();
  const headers = {
    'X-Change-Message': Buffer.from('Größer').toString('latin1'),
    'X-Request-Id': 'audit-1',
  };
  const patched = await server.owner.patch(
    `/orgs/acme/agents/${id}/identity`,
    { brandColor: '#112233' },
    headers,
  );
  expect(patched.status).toBe(200);
  const { data } = await pageOf('limit=2');
  const actor = { kind: 'apiKey', id: expect.stringMatching(/^key_/), name: 'owner' };
  expect(data).toEqual([
    {
      id: expect.any(String),
      at: expect.any(String),
      actor,
      door: 'rest',
      requestId: 'audit-1',
      action: 'agent.updated',
      actions: ['agent.updated'],
      resource: { type: 'agent', id },
      version: 2,
      sections: ['identity'],
      message: 'Größer',
    },
    expect.objectContaining({
      action: 'agent.created',
      actions: ['agent.created', 'channel.created'],
      resource: { type: 'agent', id },
      version: 1,
    }),
  ]);
  expect(new Set(everything.map((it) => it.id)).size).toBe(everything.length);
  const times = everything.map(({ at }) => at);
  expect(times).toEqual([...times].sort().reverse());
});

it('names a channel as the resource of its changes, with its agent', () => {
  const entry = everything.find(({ action }) => action === 'channel.status_changed');
  expect(entry?.resource).toEqual({
    type: 'channel',
    id: expect.stringMatching(/^chan_/),
    agentId: expect.any(String),
  });
  expect(entry?.sections).toEqual(['channels']);
});

it('contains no secret, and of a person or a member an id alone', () => {
  const text = JSON.stringify(everything);
  expect(text).toContain('member.created');
  for (const hidden of [SECRET, EMAIL, 'Private', server.owner.token ?? '']) {
    expect(text).not.toContain(hidden);
  }
});

it('answers every combination of filters as a filter of the whole log would', async () => {
  const actors = [...new Set(everything.map(({ actor }) => actor.id))];
  const channel = everything.find(({ resource }) => resource.type === 'channel')?.resource.id ?? '';
  const middle = everything[Math.floor(everything.length / 2)]?.at ?? '';
  const values = {
    actor: [undefined, ...actors, 'nobody'],
    action: [undefined, 'agent.updated', 'channel.created', 'org.updated'],
    resourceType: [undefined, 'agent', 'channel', 'person', 'org'],
    resourceId: [undefined, agent, channel, 'acme', 'none'],
    start: [undefined, middle],
    end: [undefined, middle],
  };
  const matches = (entry: Entry, filter: Readonly<Record<string, string | undefined>>) => {
    const { actor, action, resourceType, resourceId, start, end } = filter;
    const { type, id, agentId } = entry.resource;
    const isPart = type === 'channel' || type === 'tool';
    return (
      (actor === undefined || entry.actor.id === actor) &&
      (action === undefined || entry.action === action) &&
      (resourceType === undefined || type === resourceType) &&
      (resourceId === undefined || id === resourceId || (isPart && agentId === resourceId)) &&
      (start === undefined || entry.at >= start) &&
      (end === undefined || entry.at < end)
    );
  };
  let found = 0;
  let combinations = 0;
  // The lists have other lengths, so that each value is among them.
  const step = isOnMongodb ? 7 : 1;
  for (const actor of values.actor)
    for (const action of values.action)
      for (const resourceType of values.resourceType)
        for (const resourceId of values.resourceId)
          for (const [start, end] of [[], [middle], [undefined, middle]]) {
            combinations += 1;
            if (combinations % step !== 0) continue;
            const filter = Object.fromEntries(
              Object.entries({ actor, action, resourceType, resourceId, start, end }).filter(
                (it): it is [string, string] => it[1] !== undefined,
              ),
            );
            const until = { end: new Date(Date.parse(everything[0]?.at ?? '') + 1).toISOString() };
            const entries = await entriesOf({ ...until, ...filter }, 7);
            const expected = everything.filter((entry) => matches(entry, filter));
            expect(entries, JSON.stringify(filter)).toEqual(expected);
            found += expected.length;
          }
  expect(found).toBeGreaterThan(100 / step);
});

it('is the same over GraphQL', async () => {
  const { org } = await server.owner.query(`{ org(id: "acme") {
    auditLog(first: 3, action: CHANNEL_CREATED, resourceType: CHANNEL) {
      nodes { id action resource { type id agentId } actor { kind id name } door }
      pageInfo { hasNextPage }
    }
  } }`);
  const expected = everything.filter(({ action }) => action === 'channel.created').slice(0, 3);
  const nodes = (org as { auditLog: { nodes: { id: string; door: string }[] } }).auditLog.nodes;
  expect(nodes.map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
  expect(nodes[0]).toMatchObject({ action: 'CHANNEL_CREATED', door: 'REST' });
});

describe('a request', () => {
  it.each([
    ['action=agent.exploded', 'action'],
    ['resourceType=planet', 'resourceType'],
    ['start=yesterday', 'start'],
    ['limit=201', 'limit'],
    ['start=2026-01-02&end=2026-01-01', 'start'],
  ])('is refused by name: %s', async (query, path) => {
    expectRefusal(await server.owner.get(`${LOG}?${query}`), 400, 'request.invalid', [path]);
  });

  it('is refused with the page token of another filter', async () => {
    const { nextPageToken = '' } = await pageOf('limit=1');
    const answer = await server.owner.get(`${LOG}?action=org.updated&pageToken=${nextPageToken}`);
    expectRefusal(answer, 400, 'request.page_token');
  });
});
