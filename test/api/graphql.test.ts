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
    ['selects too deep', `${'{ a '.repeat(4_000)}${'}'.repeat(4_000)}`, 'request.too_complex'],
    ['has lists too deep', `{ a(x: ${'['.repeat(20_000)}`, 'request.too_complex'],
    ['never ends', '{ a'.repeat(150), 'request.invalid'],
    ['is too long', `{ viewer { id } } #${'x'.repeat(50_000)}`, 'request.too_complex'],
    [
      'comes to too many fields',
      `{ ${Array.from({ length: 90 }, (_, i) => `a${i}: org(id: "acme") { agents(first: 200) { nodes { id name description } } }`).join(' ')} }`,
      'request.too_complex',
    ],
    [
      'nests fragments without end',
      '{ org(id: "acme") { ...a } } fragment a on Org { ...b } fragment b on Org { ...a }',
      'request.invalid',
    ],
  ])('that %s is refused with a code', async (_, query, code) => {
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
  ])('request %s is refused with a code and the place', async (body, path) => {
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

  it.each(['', '[]', '{}', 'null', '{"query"'])('body %j is refused with a 400', async (body) => {
    const answer = await server.owner.request('POST', '/graphql', body, {
      'Content-Type': 'application/json',
    });
    expect(answer.status).toBe(400);
  });

  it('may be introspected', async () => {
    const { data, errors } = await server.anonymous.graphql(getIntrospectionQuery());
    expect(errors).toBeUndefined();
    expect(data).toHaveProperty('__schema');
  });
});

describe('variables', () => {
  const create =
    'mutation ($input: CreateAgentInput!) { createAgent(org: "acme", input: $input) { id } }';

  it('are checked as a whole, with every problem and its path', async () => {
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
  ])('are refused with their place: %s', async (query, paths) => {
    const { data, errors } = await server.owner.graphql(query);
    expect(data).toBeUndefined();
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(
      paths.map(() => 'request.invalid'),
    );
    const places = errors?.flatMap(({ extensions }) => extensions.details ?? []);
    expect(places?.map(({ path }) => path)).toEqual(paths);
    for (const error of errors ?? []) expect(error).toHaveProperty('locations');
  });
});

describe('rights', () => {
  it('are denied field by field; the rest is answered', async () => {
    const keyless = await server.as('viewer', []);
    const { data, errors } = await keyless.graphql(
      '{ viewer { id } org(id: "acme") { name agents { nodes { id } } } }',
    );
    expect(data).toEqual({ viewer: { id: expect.any(String) }, org: null });
    expect(errors).toEqual([
      expect.objectContaining({
        path: ['org', 'agents'],
        extensions: { code: 'auth.scope_missing', statusCode: 403 },
      }),
    ]);
  });

  it('of an org that is not the caller’s: null and not found, as for one that is not there', async () => {
    const { data, errors } = await server.owner.graphql('{ org(id: "other") { name } }');
    expect(data).toEqual({ org: null });
    expect(errors?.[0]?.extensions).toEqual({ code: 'org.not_found', statusCode: 404 });
  });
});
