import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RangeScan } from '../../src/store/port.ts';
import type { ConversationDoc } from '../../src/traffic/collections.ts';
import type { ConversationQuery } from '../../src/traffic/service.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';
import { messageOf, minute } from '../kit/traffic.ts';
import { WORK } from '../kit/work.ts';

const COUNT = 10_000;
/** Every so many conversations, one is on `sms`, and one of those with a test. */
const RARE = 1_000;
let server: TestServer;
let agent: { org: string; id: string; uid: string };

beforeAll(async () => {
  server = await startTestServer();
  const id = await server.owner.createAgent({ id: 'busy', name: 'Busy' });
  agent = await server.services.agents.get(WORK, { org: 'acme', id });
  const messages = Array.from({ length: COUNT }, (_, i) => {
    const isRare = i % RARE === 0;
    return messageOf(id, {
      sessionId: `s${i}`,
      timestamp: minute(i),
      channel: isRare ? 'sms' : 'webchat',
      ...(i % (2 * RARE) === 0 && { test: true }),
    });
  });
  for (let i = 0; i < COUNT; i += 500) {
    await server.services.ingest.ingest(WORK, 'acme', messages.slice(i, i + 500));
  }
});
afterAll(() => server.stop());

/** All pages of a query, and how many documents each has read. */
async function pagesOf(query: ConversationQuery): Promise<{ docs: number; read: number }[]> {
  const { traffic } = server.services;
  const pages: { docs: number; read: number }[] = [];
  let after: string | undefined;
  do {
    let read = 0;
    const scan = async (work: typeof WORK, asked: RangeScan) => {
      const page = await traffic.collections.conversations.scan(work, asked);
      read += page.docs.length;
      return page;
    };
    const asked = { start: minute(0), first: 3, after, ...query };
    const scanners = { ...traffic.collections, conversations: { scan } };
    const page = await traffic.conversations(WORK, agent, asked, undefined, scanners);
    pages.push({ docs: page.docs.length, read });
    after = page.more ? page.endToken() : undefined;
  } while (after !== undefined);
  return pages;
}

it.each<[string, ConversationQuery, number]>([
  ['a channel', { channel: 'sms' }, 5],
  ['a channel, with tests', { channel: 'sms', includeTest: true }, 10],
  ['a user on a channel', { channel: 'sms', userId: 'ann' }, 5],
  ['a user on a channel, with tests', { channel: 'sms', userId: 'ann', includeTest: true }, 10],
  ['a user of another channel', { channel: 'rcs', userId: 'ann' }, 0],
  ['another user', { userId: 'bob' }, 0],
])('the few of %s are on full pages that read no other', async (_, query, count) => {
  const pages = await pagesOf(query);
  expect(pages.reduce((sum, { docs }) => sum + docs, 0)).toBe(count);
  expect(pages).toHaveLength(Math.max(1, Math.ceil(count / 3)));
  for (const { docs, read } of pages) expect(read).toBeLessThanOrEqual(docs + 1);
});

it('are found by channel over REST and GraphQL', async () => {
  const at = `/orgs/acme/agents/busy/conversations?start=0&channel=sms`;
  const { data } = (await server.owner.get(at)).body as { data: ConversationDoc[] };
  expect(data.map(({ channel }) => channel)).toEqual(Array.from({ length: 5 }, () => 'sms'));
  const answer = await server.owner.query(`{ org(id: "acme") { agent(id: "busy") {
    conversations(start: "0", channel: "sms", userId: "ann") { nodes { sessionId } } } } }`);
  expect(answer).toEqual({
    org: {
      agent: { conversations: { nodes: data.map(({ sessionId }) => ({ sessionId })) } },
    },
  });
});
