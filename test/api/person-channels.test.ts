import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Collection } from '../../src/store/port.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';
import { messageOf, minute } from '../kit/traffic.ts';
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
  path = `/orgs/acme/agents/${agent}/people`;
});

const PHONE = '+14155550101';
const SMS = { channel: 'sms', userId: PHONE };
const SLACK = { channel: 'slack', userId: 'U/1' };

const ingest = (...entries: object[]) => server.services.ingest.ingest(WORK, 'acme', entries);
const said = (at: number, fields: object) =>
  messageOf(agent, {
    messageId: `${agent}-${at}`,
    sessionId: `s${at}`,
    timestamp: minute(at),
    ...fields,
  });
const ref = () => ({ org: 'acme', id: agent });

async function add(input: object = {}): Promise<string> {
  const { status, body } = await server.owner.post(path, { firstName: 'Ada', ...input });
  expect(status, JSON.stringify(body)).toBe(201);
  return String(body.id);
}

async function channelsOf(id: string): Promise<unknown> {
  return (await server.owner.get(`${path}/${id}`)).body.channels;
}

interface Activity {
  readonly [list: string]: { readonly nodes: readonly Record<string, unknown>[] };
}

async function activity(selection: string, client = server.owner): Promise<Activity> {
  const query = `{ org(id: "acme") { activity(agent: "${agent}") { ${selection} } } }`;
  return ((await client.query(query)) as { org: { activity: Activity } }).org.activity;
}

const names = (rows: readonly Record<string, unknown>[] | undefined, field: string) =>
  rows?.map((row) => [row[field], (row.person as { id: string } | null)?.id ?? null]);

async function conversationsOf(id: string, args = ''): Promise<unknown[]> {
  const { person } = (await activity(
    `person(id: "${id}") { conversations${args} { nodes { sessionId } } }`,
  )) as unknown as { person: { conversations: { nodes: { sessionId: string }[] } } };
  return person.conversations.nodes.map(({ sessionId }) => sessionId);
}

describe('a person', () => {
  it('is known on the channels whose user ids are their phone number', async () => {
    const id = await add({ phone: PHONE });
    await ingest(
      said(1, SMS),
      said(2, { channel: 'whatsapp', userId: PHONE.slice(1) }),
      said(3, { channel: 'webchat', userId: PHONE }),
      said(4, { channel: 'sms', userId: PHONE.slice(1) }),
      said(5, { channel: 'rcs', userId: '+14155550102' }),
    );
    expect(await channelsOf(id)).toEqual([
      { channel: 'whatsapp', userId: PHONE.slice(1), lastSeenAt: minute(2) },
      { ...SMS, lastSeenAt: minute(1) },
    ]);
    const { conversations, users } = await activity(`
      conversations(start: "0") { nodes { sessionId person { id } } }
      users(start: "0") { nodes { lastSeenAt person { id } } }`);
    const people = [null, null, null, id, id];
    expect(names(conversations?.nodes, 'sessionId')).toEqual(
      people.map((it, i) => [`s${5 - i}`, it]),
    );
    expect(names(users?.nodes, 'lastSeenAt')).toEqual(people.map((it, i) => [minute(5 - i), it]));
    expect(await conversationsOf(id)).toEqual(['s2', 's1']);
  });

  it('is known on a channel as soon as its phone number is, whichever is written first', async () => {
    await ingest(said(1, SMS));
    const id = await add();
    expect(await channelsOf(id)).toEqual([]);
    const { body } = await server.owner.patch(`${path}/${id}`, { phone: PHONE });
    expect(body.channels).toEqual([{ ...SMS, lastSeenAt: minute(1) }]);
    await ingest(said(2, SMS));
    expect(await channelsOf(id)).toEqual([{ ...SMS, lastSeenAt: minute(2) }]);
    await server.owner.patch(`${path}/${id}`, { phone: '+14155550109' });
    expect(await channelsOf(id)).toEqual([]);
    expect(await conversationsOf(id)).toEqual([]);
  });

  it('is not sent as 304: its channels change without it', async () => {
    const id = await add({ phone: PHONE });
    const etag = (await server.owner.get(`${path}/${id}`)).headers.get('etag') ?? '';
    await ingest(said(1, SMS));
    const answer = await server.owner.get(`${path}/${id}`, { 'If-None-Match': etag });
    expect(answer.status).toBe(200);
    expect(answer.body.channels).toEqual([{ ...SMS, lastSeenAt: minute(1) }]);
  });

  it('shares no conversation with a person of the same phone number: the first created has them', async () => {
    const [first, second] = [await add({ phone: PHONE }), await add({ phone: PHONE })];
    await ingest(said(1, SMS));
    const of = async () => [await conversationsOf(first), await conversationsOf(second)];
    expect(await of()).toEqual([['s1'], []]);
    expect([await channelsOf(first), await channelsOf(second)]).toEqual([
      [{ ...SMS, lastSeenAt: minute(1) }],
      [],
    ]);
    await server.owner.delete(`${path}/${first}`);
    expect(await conversationsOf(second)).toEqual(['s1']);
  });

  it('has the conversations of all channels page by page, without test traffic', async () => {
    const id = await add({ phone: PHONE });
    await server.services.peopleRuntime.link(WORK, ref(), id, SLACK);
    await ingest(
      said(1, SMS),
      said(2, SLACK),
      said(3, SMS),
      said(4, { ...SLACK, test: true }),
      said(5, { ...SLACK, userId: 'U' }),
    );
    expect(await conversationsOf(id)).toEqual(['s3', 's2', 's1']);
    expect(await conversationsOf(id, '(includeTest: true)')).toEqual(['s4', 's3', 's2', 's1']);
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const { person } = (await activity(
        `person(id: "${id}") { conversations(first: 1, after: ${JSON.stringify(after)}) {
          nodes { sessionId } pageInfo { hasNextPage endCursor }
        } }`,
      )) as never as {
        person: {
          conversations: {
            nodes: { sessionId: string }[];
            pageInfo: { hasNextPage: boolean; endCursor: string };
          };
        };
      };
      const { nodes, pageInfo } = person.conversations;
      expect(nodes).toHaveLength(1);
      seen.push(...nodes.map(({ sessionId }) => sessionId));
      after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
    } while (after);
    expect(seen).toEqual(['s3', 's2', 's1']);
  });

  it('has the conversations of one channel and of a range of time', async () => {
    const id = await add({ phone: PHONE });
    await server.services.peopleRuntime.link(WORK, ref(), id, SLACK);
    await ingest(said(1, SMS), said(2, SLACK), said(3, SMS), said(4, SLACK));
    expect(await conversationsOf(id, '(channel: "sms")')).toEqual(['s3', 's1']);
    expect(await conversationsOf(id, '(channel: "viber")')).toEqual([]);
    const range = `start: "${minute(2)}", end: "${minute(4)}"`;
    expect(await conversationsOf(id, `(${range})`)).toEqual(['s3', 's2']);
    expect(await conversationsOf(id, `(channel: "slack", ${range})`)).toEqual(['s2']);
    const reversed = await server.owner.graphql(`{ org(id: "acme") { activity(agent: "${agent}") {
      person(id: "${id}") { conversations(start: "${minute(4)}", end: "${minute(2)}") { nodes { channel } } }
    } } }`);
    expect(reversed.errors?.map((it) => it.extensions.code)).toEqual(['request.invalid']);
  });

  it.each(['POST', 'PATCH'])('refuses channels in a %s', async (method) => {
    const at = method === 'POST' ? path : `${path}/${await add()}`;
    const body = { firstName: 'Ada', channels: [SMS] };
    const answer = await server.owner.request(method, `/v1${at}`, body);
    expect(answer.status).toBe(400);
    expect(answer.body.details).toEqual([expect.objectContaining({ path: 'channels' })]);
  });
});

describe('a link', () => {
  const person = async () => {
    const { users } = await activity('users(start: "0") { nodes { userId person { id } } }');
    return names(users?.nodes, 'userId');
  };

  it('ties a user of any channel to a person, also one who is not seen yet', async () => {
    const { peopleRuntime } = server.services;
    const id = await add();
    await peopleRuntime.link(WORK, ref(), id, SLACK);
    expect(await channelsOf(id)).toEqual([SLACK]);
    await ingest(said(1, SLACK));
    expect(await channelsOf(id)).toEqual([{ ...SLACK, lastSeenAt: minute(1) }]);
    expect(await person()).toEqual([['U/1', id]]);
    await peopleRuntime.unlink(WORK, ref(), id, SLACK);
    expect(await channelsOf(id)).toEqual([]);
    expect(await person()).toEqual([['U/1', null]]);
  });

  it('wins over the phone number, and moves from person to person', async () => {
    const { peopleRuntime } = server.services;
    await ingest(said(1, SMS));
    const [owner, other] = [await add({ phone: PHONE }), await add()];
    expect(await person()).toEqual([[PHONE, owner]]);
    await peopleRuntime.link(WORK, ref(), other, SMS);
    expect(await person()).toEqual([[PHONE, other]]);
    expect([await channelsOf(owner), await conversationsOf(owner)]).toEqual([[], []]);
    expect(await conversationsOf(other)).toEqual(['s1']);
    await peopleRuntime.link(WORK, ref(), owner, SMS);
    expect(await person()).toEqual([[PHONE, owner]]);
    expect(await channelsOf(other)).toEqual([]);
  });

  it('is removed with its person', async () => {
    const { peopleRuntime } = server.services;
    await ingest(said(1, SLACK));
    const [removed, other] = [await add(), await add()];
    await peopleRuntime.link(WORK, ref(), removed, SLACK);
    await server.owner.delete(`${path}/${removed}`);
    expect(await person()).toEqual([['U/1', null]]);
    await peopleRuntime.link(WORK, ref(), other, SLACK);
    expect(await person()).toEqual([['U/1', other]]);
  });

  it('belongs to exactly one person after concurrent links', async () => {
    const { peopleRuntime } = server.services;
    await ingest(said(1, SLACK));
    const ids = await Promise.all(Array.from({ length: 6 }, () => add()));
    await Promise.all(ids.map((id) => peopleRuntime.link(WORK, ref(), id, SLACK)));
    const holders = [];
    for (const id of ids) if (((await channelsOf(id)) as []).length > 0) holders.push(id);
    expect(holders).toHaveLength(1);
    expect(await person()).toEqual([['U/1', holders[0]]]);
    const { people } = await activity(
      'people { nodes { id conversations { nodes { sessionId } } } }',
    );
    const found = people?.nodes.filter(
      (it) => (it.conversations as never as { nodes: [] }).nodes.length,
    );
    expect(found?.map(({ id }) => id)).toEqual(holders);
  });

  it('is refused beyond ten of a person', async () => {
    const { peopleRuntime } = server.services;
    const id = await add();
    const link = (n: number) =>
      peopleRuntime.link(WORK, ref(), id, { channel: 'slack', userId: `U${n}` });
    for (let n = 0; n < 10; n += 1) await link(n);
    await expect(link(10)).rejects.toMatchObject({ code: 'request.invalid' });
    await link(9);
    expect(await channelsOf(id)).toHaveLength(10);
  });
});

describe('reads', () => {
  /** The reads of every collection while `job` runs. */
  async function readsDuring(job: () => Promise<unknown>): Promise<string[]> {
    const reads: string[] = [];
    const { conversations } = server.services.traffic.collections;
    const prototype = Object.getPrototypeOf(conversations);
    for (const verb of ['get', 'getMany', 'scan', 'scanMany'] as const) {
      const original = prototype[verb];
      vi.spyOn(prototype, verb).mockImplementation(function (
        this: Collection<never> & { spec: { name: string } },
        ...args: unknown[]
      ) {
        reads.push(`${verb} ${this.spec.name}`);
        return original.apply(this, args);
      });
    }
    try {
      await job();
    } finally {
      vi.restoreAllMocks();
    }
    return reads.filter((it) => !/apiKey|webhook|orgs|agents/i.test(it));
  }

  it('need at most two more for the people of 50 conversations', async () => {
    const phones = Array.from({ length: 50 }, (_, i) => `+141555502${String(i).padStart(2, '0')}`);
    await ingest(...phones.map((userId, i) => said(i, { channel: 'sms', userId })));
    for (const phone of phones.slice(0, 20)) await add({ phone });
    const linked = await add();
    const user = { channel: 'sms', userId: phones[30] ?? '' };
    await server.services.peopleRuntime.link(WORK, ref(), linked, user);
    let found: Activity = {};
    const reads = await readsDuring(async () => {
      found = await activity(
        'conversations(start: "0", first: 50) { nodes { sessionId person { id fullName } } }',
      );
    });
    const people = found.conversations?.nodes.filter(({ person }) => person);
    expect(people).toHaveLength(21);
    expect(reads).toEqual(['scan conversations', 'getMany personLinks', 'scanMany people']);
  });

  it('need three more for the channels of 50 people', async () => {
    for (let i = 0; i < 50; i += 1) await add({ phone: `+141555503${String(i).padStart(2, '0')}` });
    const reads = await readsDuring(() =>
      activity('people(first: 50) { nodes { channels { channel } } }'),
    );
    expect(reads.sort()).toEqual([
      'getMany personLinks',
      'getMany users',
      'scan people',
      'scanMany people',
    ]);
  });
});

describe('rights', () => {
  it('cost only the field: a token without people:read gets the conversations', async () => {
    await add({ phone: PHONE });
    await ingest(said(1, SMS));
    const client = await server.as('viewer', ['messages:read']);
    const query = `{ org(id: "acme") { activity(agent: "${agent}") {
      conversations(start: "0") { nodes { sessionId person { id } } }
      users(start: "0") { nodes { userId person { id } } } } } }`;
    const { data, errors } = await client.graphql(query);
    expect(data).toEqual({
      org: {
        activity: {
          conversations: { nodes: [{ sessionId: 's1', person: null }] },
          users: { nodes: [{ userId: PHONE, person: null }] },
        },
      },
    });
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual([
      'auth.scope_missing',
      'auth.scope_missing',
    ]);
  });

  it('cost only the field: a token without messages:read gets the person', async () => {
    const id = await add({ phone: PHONE });
    const client = await server.as('viewer', ['people:read']);
    const query = `{ org(id: "acme") { activity(agent: "${agent}") {
      person(id: "${id}") { id channels { userId } conversations { nodes { sessionId } } } } } }`;
    const { data, errors } = await client.graphql(query);
    expect(data).toEqual({
      org: { activity: { person: { id, channels: [], conversations: null } } },
    });
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['auth.scope_missing']);
  });
});
