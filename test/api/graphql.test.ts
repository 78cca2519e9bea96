import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../kit/server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

describe('a document', () => {
  const aliases = (n: number) =>
    Array.from({ length: n }, (_, i) => `a${i}: org(id: "acme") { name }`).join(' ');

  it.each([
    ['has a syntax error', '{ org(id: "acme" { name } }', 'request.invalid'],
    ['selects an unknown field', '{ org(id: "acme") { soup } }', 'request.invalid'],
    ['has no selection', '{ org(id: "acme") }', 'request.invalid'],
    ['has too many tokens', `{ ${aliases(1_000)} }`, 'request.invalid'],
    ['selects too deeply', `${'{ a '.repeat(4_000)}${'}'.repeat(4_000)}`, 'request.too_complex'],
    ['nests lists too deeply', `{ a(x: ${'['.repeat(20_000)}`, 'request.too_complex'],
    ['is cut off', '{ a'.repeat(150), 'request.invalid'],
    ['is too long', `{ viewer { id } } #${'x'.repeat(50_000)}`, 'request.too_complex'],
    [
      'selects too many fields',
      `{ ${Array.from({ length: 90 }, (_, i) => `a${i}: org(id: "acme") { agents(first: 200) { nodes { id name description } } }`).join(' ')} }`,
      'request.too_complex',
    ],
    [
      'has a cycle of fragments',
      '{ org(id: "acme") { ...a } } fragment a on Org { ...b } fragment b on Org { ...a }',
      'request.invalid',
    ],
  ])('is refused with a code when it %s', async (_, query, code) => {
    const { data, errors } = await server.owner.graphql(query);
    expect(data).toBeUndefined();
    expect(errors?.[0]?.extensions).toMatchObject({ code, statusCode: 400 });
  });

  it.each([
    ['{"query": 7}', 'query'],
    ['{"variables": {}}', 'query'],
    ['{"query": "{ viewer { id } }", "variables": 7}', 'variables'],
    ['{"query": "{ viewer { id } }", "variables": []}', 'variables'],
    ['{"query": "{ viewer { id } }", "operationName": {}}', 'operationName'],
  ])('is refused with a code and a path in the request %s', async (body, path) => {
    const { status, body: answer } = await server.owner.request('POST', '/graphql', body, {
      'Content-Type': 'application/json',
    });
    expect(status).toBe(400);
    const details = [{ path, message: expect.any(String) }];
    expect(answer).toEqual({
      errors: [
        {
          message: expect.any(String),
          extensions: { code: 'request.invalid', statusCode: 400, details },
        },
      ],
    });
  });

  it.each(['', '[]', '{}', 'null', '{"query"'])('is refused in the body %j', async (body) => {
    const answer = await server.owner.request('POST', '/graphql', body, {
      'Content-Type': 'application/json',
    });
    expect(answer.status).toBe(400);
  });

  it('can introspect the schema without a token', async () => {
    const { data, errors } = await server.anonymous.graphql(getIntrospectionQuery());
    expect(errors).toBeUndefined();
    expect(data).toHaveProperty('__schema');
  });
});

describe('variables', () => {
  const create =
    'mutation ($input: CreateAgentInput!) { createAgent(org: "acme", input: $input) { id } }';

  it('are checked as a whole, and every problem has its path', async () => {
    const input = { nmae: 'x', identity: { brandColor: 'red', soup: 1 } };
    const { errors } = await server.owner.graphql(create, { input });
    expect(errors).toHaveLength(1);
    const { code, details } = errors?.[0]?.extensions ?? {};
    expect(code).toBe('request.invalid');
    expect(details?.map(({ path }) => path).sort()).toEqual([
      'identity.brandColor',
      'identity.soup',
      'name',
      'nmae',
    ]);
  });

  it('are named when they are missing', async () => {
    const { errors } = await server.owner.graphql(create);
    expect(errors?.[0]?.extensions.details).toEqual([{ path: 'input', message: 'is required' }]);
  });
});

describe('values in the document', () => {
  it.each([
    [
      '{ org(id: "acme") { agent(id: "x") { messages(start: "foo") { nodes { text } } } } }',
      ['start'],
    ],
    [
      'mutation { createAgent(org: "acme", input: { name: " ", identity: { brandColor: "red" } }) { id } }',
      ['input.name', 'input.identity.brandColor'],
    ],
    ['mutation { createAgent(org: "acme", input: { name: 7 }) { id } }', ['input.name']],
    [
      `mutation { replaceObjectives(org: "acme", agent: "x", input: { objectives: [
        { name: "A", body: "B" }, { name: "", body: "B" }] }) { id } }`,
      ['input.objectives[1].name'],
    ],
  ])('are refused with their path: %s', async (query, paths) => {
    const { data, errors } = await server.owner.graphql(query);
    expect(data).toBeUndefined();
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(
      paths.map(() => 'request.invalid'),
    );
    const details = errors?.flatMap(({ extensions }) => extensions.details ?? []);
    expect(details?.map(({ path }) => path)).toEqual(paths);
    for (const error of errors ?? []) expect(error).toHaveProperty('locations');
  });
});

describe('an error', () => {
  it('has the same text before and after its document is compiled', async () => {
    const query = '{ org(id: "acme") { agent(id: "none") { name } } }';
    const texts = new Set<string>();
    for (let i = 0; i < 6; i += 1) {
      texts.add(JSON.stringify(await server.owner.graphql(query)));
    }
    expect([...texts]).toHaveLength(1);
    expect([...texts][0]).toContain('"locations":[{"line":1,"column":21}]');
  });

  it('of a request without a token has a code and a status, and nothing of the server', async () => {
    const { errors } = await server.anonymous.graphql('{ org(id: "acme") { name } }');
    expect(errors?.map(({ extensions }) => extensions)).toEqual([
      { code: 'auth.unauthenticated', statusCode: 401 },
    ]);
  });
});

describe('rights', () => {
  it('are checked per field, and the rest is answered', async () => {
    const scopeless = await server.as('viewer', []);
    const { data, errors } = await scopeless.graphql(
      '{ viewer { id } org(id: "acme") { name agents { nodes { id } } } }',
    );
    expect(data).toEqual({
      viewer: { id: expect.any(String) },
      org: { name: 'Acme', agents: null },
    });
    expect(errors).toEqual([
      expect.objectContaining({
        path: ['org', 'agents'],
        extensions: { code: 'auth.scope_missing', statusCode: 403 },
      }),
    ]);
  });

  it('on another org are denied with null and org.not_found', async () => {
    const { data, errors } = await server.owner.graphql('{ org(id: "other") { name } }');
    expect(data).toEqual({ org: null });
    expect(errors?.[0]?.extensions).toEqual({ code: 'org.not_found', statusCode: 404 });
  });
});
