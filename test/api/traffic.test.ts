import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectRefusal } from '../kit/client.ts';
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

const ingest = (...entries: object[]) => server.services.ingest.ingest(WORK, 'acme', entries);
type Row = Record<string, unknown>;

/** All pages of a list, each of `limit`. */
async function all(list: string, query = '', limit = 200): Promise<Row[]> {
  const rows: Row[] = [];
  let token: unknown;
  do {
    const after = token ? `&pageToken=${token}` : '';
    const answer = await server.owner.get(`${path}/${list}?${query}&limit=${limit}${after}`);
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    rows.push(...(answer.body.data as Row[]));
    token = answer.body.nextPageToken;
  } while (token);
  return rows;
}

const window = `start=${minute(0)}&end=${minute(60)}`;

describe('messages', () => {
  const message = (n: number, fields: object = {}) =>
    messageOf(agent, { messageId: `${agent}${n}`, text: `${n}`, timestamp: minute(n), ...fields });
  const texts = (rows: Row[]) => rows.map(({ text }) => text);

  beforeEach(async () => {
    await ingest(
      message(1),
      message(2, { origin: 'agent', sessionId: 's2' }),
      message(3, { userId: 'bob', sessionId: 's3', type: 'action' }),
      message(4, { test: true, emulatedChannel: 'rcs', userId: 'eve', sessionId: 's4' }),
      message(5, { test: true, sessionId: 's1' }),
      message(6, { type: 'status' }),
    );
  });

  it.each([
    ['', '6 3 2 1'],
    ['includeTest=true', '6 5 4 3 2 1'],
    ['includeTest=True', '6 5 4 3 2 1'],
    ['includeTest=false', '6 3 2 1'],
    ['includeTest=FALSE', '6 3 2 1'],
    ['userId=ann', '6 2 1'],
    ['userId=ann&includeTest=true', '6 5 2 1'],
    ['sessionId=s1', '6 1'],
    ['sessionId=s1&includeTest=true', '6 5 1'],
    ['sessionId=s3&userId=ann', ''],
    ['origin=agent', '2'],
    ['type=status', '6'],
    ['type=action&origin=user', '3'],
    ['userId=nobody', ''],
  ])('%s finds %j, at once and page by page', async (query, expected) => {
    const wanted = expected.split(' ').filter(Boolean);
    expect(texts(await all('messages', `${window}&${query}`))).toEqual(wanted);
    expect(texts(await all('messages', `${window}&${query}`, 1))).toEqual(wanted);
  });

  it.each([
    [`start=${minute(2)}&end=${minute(6)}`, '3 2'],
    [`start=${Date.parse(minute(2))}&end=${Date.parse(minute(3))}`, '2'],
    ['start=2026-01-01T01:03:00%2B01:00&end=2026-01-02', '6 3'],
    ['start=2026-01-01T01:03:00+01:00&end=2026-01-02', '6 3'],
    ['start=2026-01-01T01:03%2B0100&end=2026-01-02T00:00Z', '6 3'],
    [`end=${minute(3)}`, '2 1'],
    [`start=${minute(3)}&end=${minute(3)}`, ''],
    [`start=${minute(6)}`, '6'],
    ['', ''],
  ])('%s includes the start and excludes the end: %j', async (query, expected) => {
    expect(texts(await all('messages', query))).toEqual(expected.split(' ').filter(Boolean));
  });

  it('are those of the last 24 hours by default, at once and page by page', async () => {
    const now = Date.now();
    const ago = (hours: number) => new Date(now - hours * 3_600_000).toISOString();
    const of = (n: number, hours: number) => message(n, { timestamp: ago(hours) });
    await ingest(of(11, 1), of(12, 23.9), of(13, 24.1), of(14, -1));
    expect(texts(await all('messages'))).toEqual(['14', '11', '12']);
    expect(texts(await all('messages', '', 1))).toEqual(['14', '11', '12']);
  });

  it('are returned in full', async () => {
    const sent = message(30, {
      channelMessageId: 'c1',
      channelConversationId: 'c2',
      error: 'undelivered',
      test: true,
      emulatedChannel: 'amb',
      raw: { deep: [null, { $a: 1, 'b.c': 2 }], text: 'é' },
    });
    await ingest(sent);
    const rows = await all('messages', `start=${minute(30)}&includeTest=true`);
    expect(rows).toEqual([sent]);
  });

  it.each<[string, string]>([
    ['start=yesterday', 'start'],
    ['end=2026-13-01T00:00:00Z', 'end'],
    ['start=2026-01-01T00:00:00', 'start'],
    ['start=99999999999999999', 'start'],
    [`start=${minute(2)}&end=${minute(1)}`, 'start'],
    ['limit=0', 'limit'],
    ['limit=1001', 'limit'],
    ['limit=ten', 'limit'],
    ['origin=human', 'origin'],
    ['type=CONTENT', 'type'],
    ['includeTest=maybe', 'includeTest'],
  ])('refuse %s, naming %s', async (query, parameter) => {
    const answer = await server.owner.get(`${path}/messages?${query}`);
    expectRefusal(answer, 400, 'request.invalid', [parameter]);
  });

  it.each(['&userId=ann', '&origin=user', '&includeTest=true', `&start=${minute(1)}`])(
    'refuse the page token of another query: %s',
    async (other) => {
      const { body } = await server.owner.get(`${path}/messages?end=${minute(60)}&limit=1`);
      const next = `${path}/messages?end=${minute(60)}&limit=1&pageToken=${body.nextPageToken}`;
      expect((await server.owner.get(next)).status).toBe(200);
      const answer = await server.owner.get(`${next}${other}`);
      expectRefusal(answer, 400, 'request.page_token', ['pageToken']);
    },
  );

  it('are removed with their agent, and not visible to a later one with the same id', async () => {
    expect((await server.owner.delete(path)).status).toBe(200);
    expectRefusal(await server.owner.get(`${path}/messages`), 404, 'agent.not_found');
    await expect
      .poll(
        async () => (await server.owner.post('/orgs/acme/agents', { id: agent, name: 'B' })).status,
      )
      .toBe(201);
    for (const list of ['messages', 'conversations', 'users', 'logs']) {
      expect(await all(list, `start=0`)).toEqual([]);
    }
  });
});

describe('conversations', () => {
  const said = (n: number, fields: object = {}) =>
    messageOf(agent, { messageId: `${agent}${n}`, text: `${n}`, timestamp: minute(n), ...fields });
  const previews = (rows: Row[]) => rows.map((it) => it.firstMessagePreview);

  beforeEach(async () => {
    await ingest(
      said(1),
      said(2, { channel: 'sms' }),
      said(3, { channel: 'sms', sessionId: 's2', userId: 'bob' }),
      said(4, { channel: 'sms', test: true }),
      said(5, { channel: 'rcs', test: true, sessionId: 's3' }),
    );
  });

  it.each([
    ['', '3 2 1'],
    ['channel=sms', '3 2'],
    ['channel=sms&includeTest=true', '4 3 2'],
    ['channel=sms&userId=ann', '2'],
    ['channel=webchat', '1'],
    ['channel=fax', ''],
  ])('%s finds %j, at once and page by page', async (query, expected) => {
    const wanted = expected.split(' ').filter(Boolean);
    expect(previews(await all('conversations', `${window}&${query}`))).toEqual(wanted);
    expect(previews(await all('conversations', `${window}&${query}`, 1))).toEqual(wanted);
  });

  it('have page tokens that belong to the channel', async () => {
    const { body } = await server.owner.get(`${path}/conversations?${window}&channel=sms&limit=1`);
    const other = `${window}&channel=webchat&limit=1&pageToken=${body.nextPageToken}`;
    const refused = await server.owner.get(`${path}/conversations?${other}`);
    expectRefusal(refused, 400, 'request.page_token', ['pageToken']);
  });

  it.each([
    ['s1', { channel: 'sms', firstMessagePreview: '2', test: null }],
    ['s2', { channel: 'sms', firstMessagePreview: '3', test: null }],
    ['s3', { channel: 'rcs', firstMessagePreview: '5', test: true }],
  ])('are found by the session %s: live and last first', async (sessionId, expected) => {
    const fields = 'sessionId channel firstMessagePreview test messages { nodes { text } }';
    const { org } = await server.owner.query(
      `query ($agent: ID!, $sessionId: ID!) { org(id: "acme") {
        agent(id: $agent) { conversation(sessionId: $sessionId) { ${fields} } }
        activity(agent: $agent) { conversation(sessionId: $sessionId) { sessionId } }
      } }`,
      { agent, sessionId },
    );
    const messages = { nodes: [{ text: expected.firstMessagePreview }] };
    expect(org).toEqual({
      agent: { conversation: { sessionId, messages, ...expected } },
      activity: { conversation: { sessionId } },
    });
  });

  it('list their messages in either order, page by page', async () => {
    const texts = ['one', 'two', 'three', 'four', 'five'];
    await ingest(
      ...texts.map((text, at) =>
        messageOf(agent, { text, sessionId: 'ordered', timestamp: minute(at) }),
      ),
      messageOf(agent, {
        text: 'other',
        sessionId: 'ordered',
        channel: 'sms',
        timestamp: minute(0),
      }),
    );
    const read = async (args: string) => {
      const { org } = await server.owner.query(`{ org(id: "acme") { agent(id: "${agent}") {
        conversation(sessionId: "ordered") { messages(first: 2${args}) {
          nodes { text } pageInfo { endCursor hasNextPage }
        } }
      } } }`);
      const { messages } = (org as { agent: { conversation: { messages: Messages } } }).agent
        .conversation;
      return messages;
    };
    const all = async (order: string) => {
      const seen: string[] = [];
      for (let after: string | undefined = ''; after !== undefined; ) {
        const { nodes, pageInfo } = await read(order + after);
        seen.push(...nodes.map(({ text }) => text));
        after = pageInfo.hasNextPage ? `, after: "${pageInfo.endCursor}"` : undefined;
      }
      return seen;
    };
    expect(await all('')).toEqual(texts);
    expect(await all(', newestFirst: true')).toEqual(texts.toReversed());
  });

  it('page back from any message: both orders accept the same cursors', async () => {
    const texts = Array.from({ length: 5 }, (_, n) => `text ${n}`);
    await ingest(
      ...texts.map((text, n) =>
        messageOf(agent, { text, sessionId: 'back', timestamp: minute(n) }),
      ),
    );
    const read = async (args: string) => {
      const { org } = await server.owner.query(`{ org(id: "acme") { agent(id: "${agent}") {
        conversation(sessionId: "back") { messages(${args}) { edges { cursor node { text } } } }
      } } }`);
      const { edges } = (org as { agent: { conversation: { messages: { edges: Edge[] } } } }).agent
        .conversation.messages;
      return edges;
    };
    const middle = (await read('newestFirst: true'))[2]?.cursor;
    const beyond = async (order: string) =>
      (await read(`after: "${middle}", ${order}`)).map(({ node }) => node.text);
    expect(await beyond('newestFirst: true')).toEqual(['text 1', 'text 0']);
    expect(await beyond('newestFirst: false')).toEqual(['text 3', 'text 4']);
  });
  interface Edge {
    readonly cursor: string;
    readonly node: { readonly text: string };
  }
  interface Messages {
    readonly nodes: readonly { readonly text: string }[];
    readonly pageInfo: { readonly endCursor: string; readonly hasNextPage: boolean };
  }

  it('are null with a code if there is none', async () => {
    const { data, errors } = await server.owner.graphql(
      `{ org(id: "acme") { agent(id: "${agent}") { id conversation(sessionId: "s9") { channel } } } }`,
    );
    expect(data).toEqual({ org: { agent: { id: agent, conversation: null } } });
    expect(errors?.map((it) => it.extensions.code)).toEqual(['conversation.not_found']);
  });
});

describe('logs', () => {
  const log = (n: number, fields: object = {}) =>
    logOf(agent, { data: { n }, timestamp: minute(n), ...fields });
  const numbers = (rows: Row[]) => rows.map(({ data }) => (data as { n: number }).n);

  it.each([
    ['', [4, 3, 2, 1]],
    ['level=error', [3, 2]],
    ['level=error&event=llm.error', [3]],
    ['event=llm.call', [2, 1]],
    ['userId=ann', [4, 1]],
    ['userId=ann&sessionId=s2', [4]],
    ['sessionId=s2', [4]],
    ['sessionId=s2&level=debug', [4]],
    ['sessionId=s2&level=info', []],
  ])('%s finds %j, at once and page by page', async (query, expected) => {
    await ingest(
      log(1, { userId: 'ann', sessionId: 's1' }),
      log(2, { level: 'error' }),
      log(3, { level: 'error', event: 'llm.error', error: { message: 'no', stack: 'at x' } }),
      log(4, { userId: 'ann', sessionId: 's2', level: 'debug', event: 'session.started' }),
    );
    expect(numbers(await all('logs', `${window}&${query}`))).toEqual(expected);
    expect(numbers(await all('logs', `${window}&${query}`, 1))).toEqual(expected);
  });

  it('are returned in full', async () => {
    const { logId, ...sent } = log(1, {
      framework: 'core',
      userId: 'ann',
      sessionId: 's1',
      channel: 'sms',
      error: { message: 'no', stack: 'at x' },
    });
    await ingest({ ...sent, logId });
    expect(await all('logs', window)).toEqual([sent]);
  });

  it.each([
    ['level=fatal', 'level'],
    ['start=x', 'start'],
  ])('refuse %s, naming %s', async (query, parameter) => {
    const answer = await server.owner.get(`${path}/logs?${query}`);
    expectRefusal(answer, 400, 'request.invalid', [parameter]);
  });
});

describe('reading', () => {
  it.each(['messages', 'conversations', 'users', 'logs'])(
    '%s requires messages:read',
    async (list) => {
      const reader = await server.as('viewer', ['messages:read']);
      expect((await reader.get(`${path}/${list}`)).body).toEqual({ data: [] });
      const other = await server.as('owner', ['agents:write', 'people:write']);
      expectRefusal(await other.get(`${path}/${list}`), 403, 'auth.scope_missing');
    },
  );
});
