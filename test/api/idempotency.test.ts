import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exampleOf } from '../../rest-compat/openapi/error-examples.ts';
import type { ErrorCode } from '../../src/domain/errors.ts';
import { type Answer, type Client, expectRefusal } from '../kit/client.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';

const AGENTS = '/orgs/acme/agents';

let server: TestServer;
let owner: Client;
beforeAll(async () => {
  server = await startTestServer();
  owner = server.owner;
});
afterAll(() => server?.stop());

let keys = 0;
/** A key that no other test uses. */
function newKey(): string {
  keys += 1;
  return `key-${keys}`;
}
const under = (key: string, more: Record<string, string> = {}) => ({
  'Idempotency-Key': key,
  ...more,
});

const isReplay = ({ headers }: Answer) => headers.get('idempotency-replayed');

/** Expects a refusal with the message of the documented example. */
function expectAsDocumented(answer: Answer, status: number, code: ErrorCode): void {
  expectRefusal(answer, status, code);
  expect(exampleOf(code)).toMatchObject({ value: { message: answer.body.message } });
}

/** How many agents have the name. */
async function agentsNamed(name: string): Promise<number> {
  const { body } = await owner.get(`${AGENTS}?limit=200`);
  return (body.data as { name: string }[]).filter((agent) => agent.name === name).length;
}

function mutate(client: Client, key: string, query: string, headers = {}) {
  return client.request('POST', '/graphql', { query }, under(key, headers));
}

describe('a write with an Idempotency-Key', () => {
  it('gets the first answer again: status, headers and body', async () => {
    const key = newKey();
    const first = await owner.post(AGENTS, { name: 'Once' }, under(key));
    const again = await owner.post(AGENTS, { name: 'Once' }, under(key));
    expect([first.status, isReplay(first)]).toEqual([201, null]);
    expect([again.status, isReplay(again)]).toEqual([201, 'true']);
    expect(again.body).toEqual(first.body);
    for (const name of ['etag', 'location', 'cache-control', 'content-type']) {
      expect(first.headers.get(name), name).not.toBeNull();
      expect(again.headers.get(name), name).toBe(first.headers.get(name));
    }
    expect(again.headers.get('x-request-id')).not.toBe(first.headers.get('x-request-id'));
    expect(await agentsNamed('Once')).toBe(1);
  });

  it('is executed once, whatever its method', async () => {
    const path = `${AGENTS}/${await owner.createAgent({ name: 'Methods' })}`;
    const put = () => owner.put(`${path}/identity`, { brandColor: '#112233' }, under('put'));
    const patch = () => owner.patch(path, { name: 'Patched' }, under('patch'));
    const remove = () => owner.delete(path, under('delete'));
    for (const send of [put, patch, remove]) {
      const first = await send();
      const again = await send();
      expect([first.status, isReplay(first), isReplay(again)]).toEqual([200, null, 'true']);
      expect([again.status, again.body]).toEqual([first.status, first.body]);
      expect(again.headers.get('etag')).toBe(first.headers.get('etag'));
    }
  });

  it('gets an answer without a body again', async () => {
    const { body } = await owner.post('/orgs/acme/api-keys', { name: 'gone' });
    const key = newKey();
    const first = await owner.delete(`/orgs/acme/api-keys/${body.id}`, under(key));
    const again = await owner.delete(`/orgs/acme/api-keys/${body.id}`, under(key));
    expect([first.status, again.status, isReplay(again)]).toEqual([204, 204, 'true']);
    expect(again.body).toBe('');
  });

  it('gets a secret that is shown once again', async () => {
    const key = newKey();
    const send = () => owner.post('/orgs/acme/api-keys', { name: 'once' }, under(key));
    const first = await send();
    const again = await send();
    expect(String(first.body.key)).toMatch(/^sk-any-/);
    expect(again.body).toEqual(first.body);
  });

  it('is executed again without the key', async () => {
    const key = newKey();
    await owner.post(AGENTS, { name: 'Twice' }, under(key));
    const without = await owner.post(AGENTS, { name: 'Twice' });
    expect([without.status, isReplay(without)]).toEqual([201, null]);
    expect(await agentsNamed('Twice')).toBe(2);
  });

  it('is executed once when it is sent several times at once', async () => {
    const key = newKey();
    const send = () => owner.post(AGENTS, { name: 'At once' }, under(key));
    const answers = await Promise.all(Array.from({ length: 8 }, send));
    for (const answer of answers) {
      if (answer.status !== 201) expectAsDocumented(answer, 409, 'idempotency.in_flight');
    }
    const ids = answers.filter(({ status }) => status === 201).map(({ body }) => body.id);
    expect(new Set(ids).size).toBe(1);
    expect(await agentsNamed('At once')).toBe(1);
    expect(isReplay(await send())).toBe('true');
  });

  it('is executed once when the client hangs up and sends it again', async () => {
    for (let round = 0; round < 10; round += 1) {
      const name = `Hung up ${round}`;
      const key = newKey();
      await fetch(`${server.url}/v1${AGENTS}`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${owner.token}`, ...under(key) },
        body: JSON.stringify({ name }),
        signal: AbortSignal.timeout(round),
      }).catch((error: Error) => expect(error.name).toBe('TimeoutError'));
      await expect
        .poll(async () => (await owner.post(AGENTS, { name }, under(key))).status)
        .toBe(201);
      expect(await agentsNamed(name)).toBe(1);
    }
  });
});

describe('a key that was used', () => {
  it('is refused for another request: body, path, query, method, If-Match', async () => {
    const path = `${AGENTS}/${await owner.createAgent({ name: 'Reused' })}`;
    const key = newKey();
    expect((await owner.patch(path, { name: 'Reused 2' }, under(key))).status).toBe(200);
    const others = [
      await owner.patch(path, { name: 'Reused 3' }, under(key)),
      await owner.patch(`${path}/identity`, { brandColor: '#112233' }, under(key)),
      await owner.patch(path, { name: 'Reused 2' }, under(key, { 'If-Match': '*' })),
      await owner.delete(path, under(key)),
      await owner.post(`${path}/objectives`, { name: 'O', body: 'B' }, under(key)),
    ];
    for (const other of others) expectAsDocumented(other, 422, 'idempotency.key_reused');
    const query = 'mutation { deleteAgent(org: "acme", agent: "none") { id } }';
    const { status, body } = await mutate(owner, key, query);
    expect([status, body.errors]).toEqual([
      422,
      [
        expect.objectContaining({
          extensions: { code: 'idempotency.key_reused', statusCode: 422 },
        }),
      ],
    ]);
    expect((await owner.get(path)).body.name).toBe('Reused 2');
  });

  it("is another principal's own", async () => {
    const key = newKey();
    const other = await server.as('admin');
    const first = await owner.post(AGENTS, { name: 'Mine' }, under(key));
    const second = await other.post(AGENTS, { name: 'Yours' }, under(key));
    expect([first.status, second.status, isReplay(second)]).toEqual([201, 201, null]);
  });

  it('is free again after a refusal', async () => {
    const key = newKey();
    const taken = { id: 'idempotent', name: 'Taken' };
    await owner.createAgent(taken);
    expectRefusal(await owner.post(AGENTS, taken, under(key)), 409, 'agent.id_taken');
    expectRefusal(await owner.post(AGENTS, { name: ' ' }, under(key)), 400, 'request.invalid');
    await owner.delete(`${AGENTS}/idempotent`);
    const made = await owner.post(AGENTS, taken, under(key));
    expect([made.status, isReplay(made)]).toEqual([201, null]);
  });

  it('gets no answer once the token is revoked, or has not the right any more', async () => {
    const minted = await owner.post('/orgs/acme/api-keys', {
      name: 'temporary',
      scopes: ['agents:write'],
    });
    const client = Object.assign(Object.create(owner) as Client, { token: minted.body.key });
    const key = newKey();
    const at = `/orgs/acme/api-keys/${minted.body.id}`;
    const send = () => client.post(AGENTS, { name: 'Temporary' }, under(key));
    expect((await send()).status).toBe(201);
    const byGraphql = 'mutation { createAgent(org: "acme", input: { name: "T" }) { id } }';
    expect((await mutate(client, `${key}-g`, byGraphql)).body.errors).toBeUndefined();

    await owner.patch(at, { name: 'renamed' });
    expectAsDocumented(await send(), 409, 'idempotency.not_replayable');
    await owner.patch(at, { scopes: ['people:read'] });
    expectRefusal(await send(), 403, 'auth.scope_missing');
    const { body } = await mutate(client, `${key}-g`, byGraphql);
    expect(body.errors).toMatchObject([{ extensions: { code: 'idempotency.not_replayable' } }]);
    await owner.delete(at);
    expectRefusal(await send(), 401, 'auth.unauthenticated');
    expect(await agentsNamed('Temporary')).toBe(1);
  });
});

describe('the header', () => {
  const wrong = ['', 'x'.repeat(256), 'two words', 'ключ', 'tab\tbed'];

  it.each(wrong)('%j is refused on writes, naming it', async (value) => {
    // Header fields are bytes.
    const headers = under(Buffer.from(value).toString('latin1'));
    const refused = await owner.post(AGENTS, { name: 'A' }, headers);
    expectRefusal(refused, 400, 'request.invalid', ['Idempotency-Key']);
    const mutation = { query: 'mutation { deleteAgent(org: "acme", agent: "none") { id } }' };
    const { status, body } = await owner.request('POST', '/graphql', mutation, headers);
    expect([status, body.errors]).toEqual([
      400,
      [
        expect.objectContaining({
          extensions: expect.objectContaining({
            code: 'request.invalid',
            details: [expect.objectContaining({ path: 'Idempotency-Key' })],
          }),
        }),
      ],
    ]);
  });

  it.each(['!', 'x'.repeat(255), '"a-quoted-key"', '~'])('%j is accepted', async (value) => {
    const { status } = await owner.patch('/orgs/acme', { name: 'Acme' }, under(value));
    expect(status).toBe(200);
  });

  it.each(wrong)('%j is ignored on reads', async (value) => {
    const headers = under(Buffer.from(value).toString('latin1'));
    expect((await owner.get('/orgs/acme', headers)).status).toBe(200);
    const query = { query: '{ viewer { id } }' };
    const { body } = await owner.request('POST', '/graphql', query, headers);
    expect(body.errors).toBeUndefined();
  });

  it('of a read reserves nothing', async () => {
    const key = newKey();
    await owner.get('/orgs/acme', under(key));
    await owner.request('POST', '/graphql', { query: '{ viewer { id } }' }, under(key));
    expect(isReplay(await owner.post(AGENTS, { name: 'After reads' }, under(key)))).toBeNull();
  });

  it('does not let a request pass that the token may not send', async () => {
    const viewer = await server.as('viewer');
    const refused = await viewer.post(AGENTS, { name: 'A' }, under(newKey()));
    expectRefusal(refused, 403, 'auth.role_insufficient');
    const anonymous = await server.anonymous.post(AGENTS, { name: 'A' }, under(newKey()));
    expectRefusal(anonymous, 401, 'auth.unauthenticated');
    const mutation = 'mutation { createAgent(org: "acme", input: { name: "A" }) { id } }';
    expect((await mutate(server.anonymous, newKey(), mutation)).status).toBe(401);
  });
});

describe('a mutation with an Idempotency-Key', () => {
  it('gets the whole first answer again, with all its root fields', async () => {
    const key = newKey();
    const query = `mutation {
      a: createAgent(org: "acme", input: { name: "Root A" }) { id }
      b: createAgent(org: "acme", input: { name: "Root B" }) { id }
      none: deleteAgent(org: "acme", agent: "none") { id }
    }`;
    const first = await mutate(owner, key, query);
    const again = await mutate(owner, key, query);
    expect(first.body.errors).toMatchObject([{ path: ['none'] }]);
    expect([isReplay(first), isReplay(again)]).toEqual([null, 'true']);
    expect([again.status, again.body]).toEqual([first.status, first.body]);
    expect([await agentsNamed('Root A'), await agentsNamed('Root B')]).toEqual([1, 1]);
  });

  it('is free again when every root field was refused, or the document', async () => {
    const key = newKey();
    const remove = 'mutation { deleteAgent(org: "acme", agent: "not-yet") { id } }';
    expect((await mutate(owner, key, remove)).body.errors).toMatchObject([
      { extensions: { code: 'agent.not_found' } },
    ]);
    expect((await mutate(owner, key, 'mutation { nothing }')).body.data).toBeUndefined();
    await owner.createAgent({ id: 'not-yet', name: 'Not yet' });
    const done = await mutate(owner, key, remove);
    expect([done.body.data, isReplay(done)]).toEqual([{ deleteAgent: { id: 'not-yet' } }, null]);
  });

  it('is refused if only a stream is accepted', async () => {
    const query = 'mutation { createAgent(org: "acme", input: { name: "Streamed" }) { id } }';
    const answer = await mutate(owner, newKey(), query, { Accept: 'text/event-stream' });
    expect([answer.status, await agentsNamed('Streamed')]).toEqual([406, 0]);
  });

  it('has an answer that is too long to be kept, and is not executed again', async () => {
    const agent = await owner.createAgent({ name: 'Long' });
    const key = newKey();
    const many = Array.from({ length: 12 }, (_, i) => `a${i}: personality { text }`).join(' ');
    const query = `mutation ($text: NonBlank!) {
      replacePersonality(org: "acme", agent: "${agent}", input: { description: "D", text: $text }) {
        ${many}
      }
    }`;
    const request = { query, variables: { text: 'x'.repeat(90_000) } };
    const send = () => owner.request('POST', '/graphql', request, under(key));
    const first = await send();
    expect(first.body.errors, JSON.stringify(first.body.errors)).toBeUndefined();
    const again = await send();
    expect(again.status).toBe(409);
    expect(again.body.errors).toMatchObject([
      { extensions: { code: 'idempotency.not_replayable' } },
    ]);
    expect((await owner.get(`${AGENTS}/${agent}`)).headers.get('etag')).toBe('"2"');
  });
});
