import * as fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DomainError } from '../../src/domain/errors.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';
import { logOf, messageOf, minute } from '../kit/traffic.ts';
import { WORK } from '../kit/work.ts';

let server: TestServer;
let agent: string;
let path: string;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());
beforeEach(async () => {
  agent = await server.owner.createAgent();
  path = `/orgs/acme/agents/${agent}`;
});

const ingest = (...entries: unknown[]) => server.services.ingest.ingest(WORK, 'acme', entries);
const list = async (name: string, query: Record<string, string> = {}) => {
  const search = new URLSearchParams({ start: '0', includeTest: 'true', ...query });
  const { body } = await server.owner.get(`${path}/${name}?${search}`);
  return body.data as { [field: string]: unknown }[];
};

describe('summaries', () => {
  it('cover all messages, in any order and however often they are sent', async () => {
    const of = (n: number, fields: object = {}) =>
      messageOf(agent, {
        messageId: `${agent}${n}`,
        timestamp: minute(n),
        text: `${n}`,
        ...fields,
      });
    const messages = [
      of(1, { type: 'status', text: 'delivered' }),
      of(2, { text: '  first\nof all ' }),
      of(3),
      of(40, { sessionId: 's2' }),
      of(5, { userId: 'bob', sessionId: 's/3', channel: 'sms' }),
      of(6, { test: true, emulatedChannel: 'amb' }),
      of(7, { test: true, emulatedChannel: 'rcs' }),
    ];
    await ingest(...messages.slice(3), ...messages.slice(0, 2));
    await ingest(...messages.reverse(), ...messages);
    expect(await list('conversations')).toEqual([
      conversation({ sessionId: 's2', at: [40, 40], messageCount: 1, firstMessagePreview: '40' }),
      {
        ...conversation({ at: [6, 7], messageCount: 2, firstMessagePreview: '6' }),
        test: true,
        emulatedChannel: 'rcs',
      },
      {
        ...conversation({
          sessionId: 's/3',
          at: [5, 5],
          messageCount: 1,
          firstMessagePreview: '5',
        }),
        userId: 'bob',
        channel: 'sms',
      },
      conversation({ at: [1, 3], messageCount: 3, firstMessagePreview: 'first of all' }),
    ]);
    expect(await list('users')).toEqual([
      { userId: 'ann', channel: 'webchat', lastSeenAt: minute(40), messageCount: 4 },
      {
        userId: 'ann',
        channel: 'webchat',
        lastSeenAt: minute(7),
        messageCount: 2,
        test: true,
        emulatedChannel: 'rcs',
      },
      { userId: 'bob', channel: 'sms', lastSeenAt: minute(5), messageCount: 1 },
    ]);
    expect(await list('conversations', { includeTest: 'false', userId: 'ann' })).toHaveLength(2);
    expect(await list('users', { includeTest: 'false' })).toHaveLength(2);
    expect(await list('conversations', { start: minute(5), end: minute(7) })).toHaveLength(1);
  });

  function conversation(fields: { at: [number, number]; [field: string]: unknown }) {
    const { at, ...rest } = fields;
    return {
      sessionId: 's1',
      userId: 'ann',
      channel: 'webchat',
      startedAt: minute(at[0]),
      endedAt: minute(at[1]),
      ...rest,
    };
  }

  it('count each message once, in any batches', async () => {
    let run = 0;
    const message = fc.record({ n: fc.nat(15), session: fc.nat(2), test: fc.boolean() });
    const batches = fc.array(fc.array(message, { maxLength: 12 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(batches, async (sent) => {
        run += 1;
        const first = new Map<string, string>();
        const entries = sent.map((batch) =>
          batch.map(({ n, session, test }) => {
            const messageId = `run${run}-${n}`;
            const sessionId = `run${run}-${session}`;
            const key = `${sessionId} ${test}`;
            if (!first.has(messageId)) first.set(messageId, key);
            return messageOf(agent, { messageId, sessionId, test, userId: `run${run}` });
          }),
        );
        for (const batch of entries) await ingest(...batch);
        const counts = new Map<string, number>();
        for (const key of first.values()) counts.set(key, (counts.get(key) ?? 0) + 1);
        const rows = await list('conversations', { userId: `run${run}` });
        const found = rows.map((it) => [`${it.sessionId} ${it.test === true}`, it.messageCount]);
        expect(new Map(found as [string, number][])).toEqual(counts);
      }),
      { numRuns: 15 },
    );
  });
});

describe('ingest', () => {
  it('reports how many entries were new', async () => {
    const message = messageOf(agent);
    const log = logOf(agent);
    const { logId, ...nameless } = logOf(agent);
    expect(await ingest(message, log, nameless)).toEqual({ messages: 1, logs: 2, known: 0 });
    expect(await ingest(message, log, nameless)).toEqual({ messages: 0, logs: 0, known: 3 });
    expect(await ingest({ ...nameless, data: 1 })).toEqual({ messages: 0, logs: 1, known: 0 });
  });

  it('stores the entry itself as `raw` when none is given', async () => {
    const { raw, ...message } = messageOf(agent);
    await ingest(message);
    expect(await list('messages')).toEqual([{ ...message, raw: message }]);
  });

  it('refuses a batch with every problem, and stores nothing of it', async () => {
    const refused = await ingest(
      messageOf(agent),
      messageOf(agent, { timestamp: 'now', origin: 'cat', colour: 1 }),
      logOf(agent, { level: 'loud' }),
      messageOf(agent, { messageId: 'é'.repeat(150) }),
      messageOf(agent, { text: 'x'.repeat(16_001), raw: ['x'.repeat(32 * 1024)] }),
      messageOf(agent, { userId: 'a\nb' }),
      'text',
    ).catch((error: DomainError) => error);
    expect(refused).toMatchObject({ code: 'request.invalid' });
    expect((refused as DomainError).problems.map(({ path }) => path).sort()).toEqual([
      '[1].colour',
      '[1].origin',
      '[2].level',
      '[3].messageId',
      '[4].text',
      '[5].userId',
      '[6]',
    ]);
    expect(await list('messages')).toEqual([]);
  });

  it.each([
    ['an unknown agent', () => [messageOf(agent), messageOf('none')], '[1].agentId'],
    ['an unreadable time', () => [messageOf(agent, { timestamp: 'now' })], '[0].timestamp'],
    ['too many at once', () => Array.from({ length: 1_001 }, () => messageOf(agent)), ''],
  ])('refuses %s', async (_, batch, at) => {
    await expect(ingest(...batch())).rejects.toMatchObject({ problems: [{ path: at }] });
  });
});

describe('reads', () => {
  it('need two scans for many conversations with their first messages', async () => {
    const entries = Array.from({ length: 150 }, (_, i) =>
      messageOf(agent, { sessionId: `s${i % 50}`, timestamp: minute(i), text: `${i}` }),
    );
    await ingest(...entries);
    const { traffic } = server.services;
    const conversations = vi.spyOn(traffic.collections.conversations, 'scan');
    const scan = vi.spyOn(traffic.collections.messages, 'scan');
    const scanMany = vi.spyOn(traffic.collections.messages, 'scanMany');
    const data = await server.owner.query(
      `{ org(id: "acme") { activity(agent: "${agent}") { conversations(start: "0", first: 50) {
        nodes { sessionId messages(first: 2) { nodes { text } pageInfo { hasNextPage } } }
      } } } }`,
    );
    const { nodes } = (data as never as Answer).org.activity.conversations;
    expect(nodes).toHaveLength(50);
    expect(nodes[0]).toEqual({
      sessionId: 's49',
      messages: { nodes: [{ text: '49' }, { text: '99' }], pageInfo: { hasNextPage: true } },
    });
    const reads = [conversations, scan, scanMany].map(({ mock }) => mock.calls.length);
    expect(reads).toEqual([1, 0, 1]);
    vi.restoreAllMocks();
  });
  interface Answer {
    org: { activity: { conversations: { nodes: unknown[] } } };
  }

  it('continue after a page on which the filter found nothing', async () => {
    const batch = (from: number) =>
      Array.from({ length: 1_000 }, (_, i) =>
        messageOf(agent, {
          timestamp: minute(from + i),
          ...(from + i === 0 && { type: 'action' }),
        }),
      );
    for (let from = 0; from < 5_000; from += 1_000) await ingest(...batch(from));
    const url = `${path}/messages?start=0&type=action`;
    const first = (await server.owner.get(url)).body;
    expect(first).toEqual({ data: [], nextPageToken: expect.any(String) });
    const { body } = await server.owner.get(`${url}&pageToken=${first.nextPageToken}`);
    expect(body.data).toHaveLength(1);
    expect(body).not.toHaveProperty('nextPageToken');
  });
});
