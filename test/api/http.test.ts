import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, expectRefusal } from '../kit/client.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';

let server: TestServer;
let client: Client;
const agents = '/v1/orgs/acme/agents';
const MIB = 1024 * 1024;

beforeAll(async () => {
  server = await startTestServer();
  client = server.owner;
});
afterAll(() => server.stop());

describe('paths and methods', () => {
  it.each(['/v1/nowhere', '/v1/orgs', '/v1/orgs/acme/agents/', '/v1/orgs//agents', '/nowhere'])(
    'answers 404 at %s',
    async (path) => expectRefusal(await client.request('GET', path), 404, 'route.not_found'),
  );

  it('answers 405 with the methods that the path accepts', async () => {
    const answer = await client.request('PUT', agents, {});
    expectRefusal(answer, 405, 'route.method_not_allowed');
    expect(answer.headers.get('allow')).toBe('GET, POST');
  });

  it.each([
    ['POST', '/livez', 'GET, HEAD'],
    ['DELETE', '/readyz', 'GET, HEAD'],
    ['PUT', '/graphql', 'GET, HEAD, POST'],
  ])('refuses %s %s', async (method, path, allowed) => {
    const answer = await client.request(method, path);
    expectRefusal(answer, 405, 'route.method_not_allowed');
    expect(answer.headers.get('allow')).toBe(allowed);
  });

  it('answers HEAD like GET, without a body', async () => {
    const { status, body } = await client.request('HEAD', agents);
    expect({ status, body }).toEqual({ status: 200, body: '' });
  });

  it('keeps unused connections longer than proxies do', async () => {
    const { headers } = await client.request('GET', agents);
    expect(headers.get('keep-alive')).toBe('timeout=65');
  });

  it('decodes path parameters, and refuses invalid percent-encoding', async () => {
    const odd = await client.request('GET', `${agents}/%40anychat%2Ftool.x`);
    expectRefusal(odd, 404, 'agent.not_found');
    expect(odd.body.message).toContain('@anychat/tool.x');
    expectRefusal(await client.request('GET', `${agents}/%zz`), 404, 'route.not_found');
  });
});

describe('query parameters', () => {
  it.each([
    ['POST', '/orgs/acme/agents?dryRun=true', { name: 'A' }],
    ['PATCH', '/orgs/acme/agents/x/identity?mode=plan', {}],
    ['DELETE', '/orgs/acme/agents/x?force=1', undefined],
  ])(
    'are refused by name on a write that does not have them: %s %s',
    async (method, path, body) => {
      const answer = await server.owner.request(method, `/v1${path}`, body);
      expectRefusal(answer, 400, 'request.invalid', [/\?(\w+)/.exec(path)?.[1] ?? '']);
    },
  );

  it('that a read does not have are ignored', async () => {
    expect((await server.owner.get('/orgs/acme/agents?colour=blue')).status).toBe(200);
  });
});

describe('a change message', () => {
  /** As a client sends text in a header field: UTF-8 bytes. */
  const bytes = (text: string) => Buffer.from(text).toString('latin1');
  const refused = [
    ['longer than 500 characters', 'x'.repeat(501)],
    ['that is not UTF-8', 'Gr\u00f6\u00dfer'],
    ['with half a character', bytes('\u{1f600}').slice(0, 3)],
  ] as const;

  it.each(refused)('%s is refused over REST, and nothing is written', async (_, message) => {
    const headers = { 'X-Change-Message': message };
    const before = await server.owner.get('/orgs/acme/agents');
    const answer = await server.owner.post('/orgs/acme/agents', { name: 'A' }, headers);
    expectRefusal(answer, 400, 'request.invalid', ['X-Change-Message']);
    expect((await server.owner.get('/orgs/acme/agents')).body).toEqual(before.body);
  });

  it.each(refused)('%s is refused over GraphQL', async (_, message) => {
    const query = 'mutation { createAgent(org: "acme", input: { name: "A" }) { id } }';
    const headers = { 'X-Change-Message': message };
    const { status, body } = await server.owner.request('POST', '/graphql', { query }, headers);
    const details = [{ path: 'X-Change-Message', message: expect.any(String) }];
    expect(status).toBe(400);
    expect(body.errors).toMatchObject([{ extensions: { code: 'request.invalid', details } }]);
  });

  it('may have 500 characters, whatever their bytes', async () => {
    const headers = { 'X-Change-Message': bytes('\u{1f600}'.repeat(500)) };
    const answer = await server.owner.post('/orgs/acme/agents', { name: 'A' }, headers);
    expect(answer.status).toBe(201);
  });
});

describe('bodies', () => {
  const json = { 'Content-Type': 'application/json' };

  it.each([
    ['not JSON', '{"name"', json, 400, 'request.malformed'],
    ['empty', '', json, 400, 'request.invalid'],
    [
      'a form',
      'name=x',
      { 'Content-Type': 'application/x-www-form-urlencoded' },
      415,
      'request.media_type',
    ],
    ['XML', '<a/>', { 'Content-Type': 'text/xml' }, 415, 'request.media_type'],
    [
      'in Latin 1',
      '{}',
      { 'Content-Type': 'application/json; charset=latin1' },
      415,
      'request.media_type',
    ],
    ['too deep', `${'['.repeat(200_000)}${']'.repeat(200_000)}`, json, 400, 'request.malformed'],
    ['over 1 MiB', JSON.stringify({ name: 'x'.repeat(MIB) }), json, 413, 'request.too_large'],
  ])('refuses a body that is %s', async (_, body, headers, status, code) => {
    expectRefusal(await client.request('POST', agents, body, headers), status, code);
  });

  it.each([
    ['none', undefined, {}, 200],
    [
      'none, with the media type of a form',
      undefined,
      { 'Content-Type': 'application/x-www-form-urlencoded' },
      200,
    ],
    ['an empty object', '{}', json, 200],
    ['a field', '{"foo":1}', json, 400, 'request.invalid', ['foo']],
    ['a list', '[]', json, 400, 'request.invalid', ['']],
    ['malformed JSON', '{bad', json, 400, 'request.malformed'],
    ['XML', '<a/>', { 'Content-Type': 'text/xml' }, 415, 'request.media_type'],
  ])('requires an empty action body: %s', async (_, body, headers, status, code = '', paths?) => {
    const agent = `${agents}/${await client.createAgent()}`;
    const playbook = { id: 'first', name: 'First', body: 'b' };
    await client.request('POST', `${agent}/playbooks`, playbook);
    const action = `${agent}/playbooks/first/_setDefault`;
    const answer = await client.request('POST', action, body, headers);
    if (status === 200) expect(answer.status).toBe(200);
    else expectRefusal(answer, status, code, paths);
  });

  it('accepts JSON without a charset, with one, and as merge patch', async () => {
    const id = await client.createAgent();
    for (const type of ['application/json; charset=utf-8', 'application/merge-patch+json']) {
      const { status } = await client.request('PATCH', `${agents}/${id}`, '{"name":"B"}', {
        'Content-Type': type,
      });
      expect(status).toBe(200);
    }
  });

  it('limits a body that does not declare its length', async () => {
    const { hostname, port } = new URL(server.url);
    const socket = connect(Number(port), hostname);
    const chunk = 'x'.repeat(64 * 1024);
    socket.write(
      `POST ${agents} HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer ${client.token}\r\n` +
        'Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n',
    );
    for (let i = 0; i < 20; i += 1) socket.write(`${chunk.length.toString(16)}\r\n${chunk}\r\n`);
    const answer = await new Promise<string>((resolve) =>
      socket.once('data', (d) => resolve(`${d}`)),
    );
    socket.destroy();
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('answers 403 to a caller without the right, whatever the body contains', async () => {
    const viewer = await server.as('viewer');
    expectRefusal(await viewer.request('POST', agents, '{"name"'), 403, 'auth.role_insufficient');
    const unscoped = await server.as('editor', ['agents:read']);
    const refused = await unscoped.request('POST', agents, 'x'.repeat(2 * MIB));
    expectRefusal(refused, 403, 'auth.scope_missing');
    expect(refused.body.message).toContain('agents:write');
  });
});

describe('tokens', () => {
  const flipped = (token = '') => token.slice(0, -1) + (token.endsWith('a') ? 'b' : 'a');

  it.each([
    ['no token', undefined],
    ['a scheme other than Bearer', 'Basic abc'],
    ['an empty token', 'Bearer '],
    ['a token of another form', 'Bearer abc.def.ghi'],
    ['a mistyped key', () => `Bearer ${flipped(client.token)}`],
    ['an unknown key', 'Bearer sk-any-api01-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA14jZRd'],
  ])('answers 401 to %s', async (_, authorization) => {
    const value = typeof authorization === 'function' ? authorization() : authorization;
    const headers = value === undefined ? {} : { Authorization: value };
    const answer = await server.anonymous.request(
      'GET',
      agents,
      undefined,
      headers as Record<string, string>,
    );
    expectRefusal(answer, 401, 'auth.unauthenticated');
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    const graphql = await server.anonymous.request(
      'POST',
      '/graphql',
      { query: '{ viewer { id } }' },
      headers as Record<string, string>,
    );
    expect(graphql.status).toBe(401);
    expect(graphql.headers.get('www-authenticate')).toBe('Bearer');
  });

  it('answers 404 for an org that does not exist', async () => {
    const foreign = await client.get('/orgs/foreign/agents');
    expectRefusal(foreign, 404, 'org.not_found');
  });

  it('returns the viewer with its memberships', async () => {
    const reader = await server.as('editor', ['agents:write']);
    const { viewer } = await reader.query(
      '{ viewer { kind name memberships { orgId role scopes } } }',
    );
    expect(viewer).toEqual({
      kind: 'API_KEY',
      name: 'editor',
      memberships: [
        { orgId: 'acme', role: 'EDITOR', scopes: ['CATALOGS_READ', 'AGENTS_WRITE', 'AGENTS_READ'] },
      ],
    });
  });
});

describe('every answer', () => {
  it('echoes the request id, or creates one', async () => {
    const given = await client.get('/orgs/acme', { 'X-Request-Id': 'trace-1' });
    expect(given.headers.get('x-request-id')).toBe('trace-1');
    const created = await client.get('/orgs/acme', { 'X-Request-Id': 'no spaces allowed' });
    expect(created.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('allows caching with revalidation after a read, and no caching after a write', async () => {
    const read = await client.get('/orgs/acme');
    expect(read.headers.get('cache-control')).toBe('private, no-cache');
    const written = await client.post('/orgs/acme/agents', { name: 'A' });
    expect(written.headers.get('cache-control')).toBe('no-store');
  });

  it('is 200 at /livez and /readyz', async () => {
    expect((await server.anonymous.request('GET', '/livez')).status).toBe(200);
    expect((await server.anonymous.request('GET', '/readyz')).status).toBe(200);
  });
});

it('reports at most 100 problems', async () => {
  const input = Object.fromEntries(Array.from({ length: 900 }, (_, i) => [`f${i}`, 1]));
  const { status, body } = await client.request('POST', agents, input);
  expect(status).toBe(400);
  expect(body.details).toHaveLength(100);
});
