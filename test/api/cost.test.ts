import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectRefusal } from '../kit/client.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';
import { logOf } from '../kit/traffic.ts';
import { WORK } from '../kit/work.ts';

let server: TestServer;
let at: string;

beforeAll(async () => {
  server = await startTestServer();
  const id = await server.owner.createAgent({ id: 'big', name: 'Big' });
  at = `/orgs/acme/agents/${id}`;
  expect((await server.owner.post(`${at}/skills`, { id: 'a', name: 'A', body: 'B' })).status).toBe(
    201,
  );
});
afterAll(() => server.stop());

const ofAgent = (selection: string) => `{ org(id: "acme") { agent(id: "big") { ${selection} } } }`;
const aliases = (n: number, selection: string) =>
  Array.from({ length: n }, (_, i) => `a${i}: ${selection}`).join(' ');
const texts = (n: number) => Array.from({ length: n }, (_, i) => `text ${i}`);

describe('a write to an agent', () => {
  it.each([
    ['is repeated', ['a', 'a'], 'skillRefs[1]'],
    ['points to nothing', ['a', 'b'], 'skillRefs[1]'],
    ['is one of too many', texts(51), 'skillRefs'],
  ])('is refused when a reference %s', async (_, skillRefs, path) => {
    const answer = await server.owner.post(`${at}/playbooks`, { name: 'P', body: 'B', skillRefs });
    expectRefusal(answer, 400, 'request.invalid', [path]);
  });

  it('is refused when a list is too long, and names the list', async () => {
    const change = (topicsToAvoid: object) =>
      server.owner.patch(`${at}/guardrails`, { topicsToAvoid });
    expectRefusal(await change(texts(201)), 400, 'request.invalid', ['topicsToAvoid']);
    expect((await change(texts(200))).status).toBe(200);
    const oneMore = await change({ add: ['one more'] });
    expectRefusal(oneMore, 400, 'agent.too_large', ['guardrails.topicsToAvoid']);
  });
});

describe('a query', () => {
  it.each([
    ['resolves references many times', ofAgent(aliases(60, 'playbooks { skills { id body } }'))],
    ['reads many payloads', ofAgent(aliases(5, 'messages(first: 1000) { nodes { raw text } }'))],
    ['exports many times', ofAgent(aliases(21, 'export'))],
    [
      'nests long pages in long pages',
      ofAgent('conversations(first: 200) { nodes { messages(first: 200) { nodes { text } } } }'),
    ],
  ])('is refused before it runs when it %s', async (_, query) => {
    const { data, errors } = await server.owner.graphql(query);
    expect(data).toBeUndefined();
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'request.too_complex', statusCode: 400 });
  });

  it('has a cost that depends on its variables in each request', async () => {
    const query = `query ($n: Int, $with: Boolean = true) { org(id: "acme") { agent(id: "big") {
      conversations(first: $n) { nodes { messages(first: $n) @include(if: $with) { nodes { text } } } }
    } } }`;
    const code = async (variables: object) =>
      (await server.owner.graphql(query, variables)).errors?.[0]?.extensions.code;
    const codes = [];
    for (const variables of [{ n: 10 }, { n: 1000 }, { n: 10 }, { n: 1000, with: false }]) {
      codes.push(await code(variables));
    }
    expect(codes).toEqual([undefined, 'request.too_complex', undefined, undefined]);
  });

  it.each([
    [
      'introspects the schema many times',
      `{ __schema { types { ${aliases(60, 'fields { type { ...F } }')} } } }
       fragment F on __Type { ${aliases(30, 'fields { name }')} }`,
    ],
    [
      'expands nested fragments exponentially',
      `{ ...F0 } ${Array.from(
        { length: 20 },
        (_, i) =>
          `fragment F${i} on Query { ${i < 19 ? `...F${i + 1} ...F${i + 1}` : 'viewer { id }'} }`,
      ).join(' ')}`,
    ],
  ])('is refused before it runs, with or without a token, when it %s', async (_, query) => {
    const { errors } = await server.owner.graphql(query);
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'request.too_complex', statusCode: 400 });
    const { data } = await server.anonymous.graphql(query);
    expect(data).toBeUndefined();
  });

  it('for everything that a console shows of an agent is accepted', async () => {
    await server.owner.query(
      ofAgent(`name version identity { brandColor } personality { text } export
        objectives { id name body priority }
        skills { id name body enabled source requiredTools derivedFrom { templateId version } }
        playbooks { id name body examples { role content } skills { id name } tools { id name }
          messageTemplates { id name body } }
        guardrails { topicsToAvoid } channels { id channel status events { at to note } }
        toolBindings { toolId config configStatus }
        people(first: 50) { nodes { id fullName appointments(first: 5) { nodes { startUtc } } } }
        conversations(first: 50) { nodes { sessionId messages(first: 10) { nodes { text } } } }
        messages(first: 200) { nodes { timestamp text raw } }`),
    );
  });

  it('is refused when its answer would be too long', async () => {
    for (const name of ['P', 'Q', 'R', 'S', 'T', 'U', 'V']) {
      const written = await server.owner.post(`${at}/skills`, { name, body: 'x'.repeat(100_000) });
      expect(written.status).toBe(201);
    }
    const asked = (n: number) => server.owner.graphql(ofAgent(aliases(n, 'skills { body }')));
    expect((await asked(5)).errors).toBeUndefined();
    const { data, errors } = await asked(100);
    expect(data).toBeUndefined();
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'request.too_complex', statusCode: 400 });
  });
});

it('refuses a REST page that would be too long, and sends a shorter one', async () => {
  const agent = await server.owner.createAgent();
  const long = 'x'.repeat(16_000);
  const log = () =>
    logOf(agent, {
      raw: { long, more: long },
      data: { long, more: long },
      error: { message: long },
    });
  for (let sent = 0; sent < 900; sent += 100) {
    await server.services.ingest.ingest(WORK, 'acme', Array.from({ length: 100 }, log));
  }
  const logs = `/orgs/acme/agents/${agent}/logs`;
  expectRefusal(await server.owner.get(`${logs}?limit=1000`), 400, 'request.too_complex');
  expect((await server.owner.get(`${logs}?limit=100`)).body.data).toHaveLength(100);
});
