import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectRefusal } from '../kit/client.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';

const CONSOLE = 'https://console.example.com';
const LOCAL = 'http://localhost:5173';
const PATHS = ['/v1/orgs/acme', '/v1/nowhere', '/v1/openapi.json', '/graphql', '/readyz'];

let server: TestServer;
/** Without the setting. */
let closed: TestServer;

beforeAll(async () => {
  server = await startTestServer({ CORS_ORIGINS: `${CONSOLE}, ${LOCAL}/` });
  closed = await startTestServer();
});
afterAll(async () => {
  await server?.stop();
  await closed?.stop();
});

function preflight(to: TestServer, path: string, origin: string) {
  return to.anonymous.request('OPTIONS', path, undefined, {
    Origin: origin,
    'Access-Control-Request-Method': 'PATCH',
    'Access-Control-Request-Headers': 'authorization, if-match',
  });
}

/** The names in a header with commas, in lower case. */
function listIn(header: string | null): string[] {
  return (header ?? '').split(',').map((it) => it.trim().toLowerCase());
}

describe('a preflight', () => {
  it.each(PATHS.flatMap((path) => [CONSOLE, LOCAL].map((origin) => [path, origin] as const)))(
    'for %s from %s is granted',
    async (path, origin) => {
      const { status, headers, body } = await preflight(server, path, origin);
      expect([status, body]).toEqual([204, '']);
      expect(headers.get('access-control-allow-origin')).toBe(origin);
      expect(listIn(headers.get('vary'))).toContain('origin');
      expect(listIn(headers.get('access-control-allow-methods'))).toEqual(
        expect.arrayContaining(['get', 'post', 'put', 'patch', 'delete']),
      );
      expect(listIn(headers.get('access-control-allow-headers'))).toEqual([
        'authorization',
        'content-type',
        'if-match',
        'if-none-match',
        'x-request-id',
        'x-change-message',
        'idempotency-key',
      ]);
      expect(Number(headers.get('access-control-max-age'))).toBeGreaterThan(0);
      expect(headers.get('access-control-allow-credentials')).toBeNull();
      expect(headers.get('x-request-id')).not.toBeNull();
    },
  );

  it.each(['https://evil.example.com', 'http://console.example.com', `${CONSOLE}:8443`, 'null'])(
    'from %s is refused',
    async (origin) => {
      for (const path of ['/v1/orgs/acme', '/graphql']) {
        const answer = await preflight(server, path, origin);
        expectRefusal(answer, 405, 'route.method_not_allowed');
        expect(answer.headers.get('access-control-allow-origin')).toBeNull();
        expect(listIn(answer.headers.get('vary'))).toContain('origin');
      }
    },
  );

  it('needs the method that it asks for: OPTIONS alone is refused as before', async () => {
    const answer = await server.anonymous.request('OPTIONS', '/v1/orgs/acme', undefined, {
      Origin: CONSOLE,
    });
    expectRefusal(answer, 405, 'route.method_not_allowed');
  });

  it.each(['/v1/orgs/acme', '/graphql', '/docs'])(
    'for %s is refused without the setting',
    async (path) => {
      const answer = await preflight(closed, path, CONSOLE);
      expectRefusal(answer, 405, 'route.method_not_allowed');
      for (const name of answer.headers.keys()) expect(name).not.toMatch(/^access-control|^vary/);
    },
  );
});

describe('an answer', () => {
  const exposed = [
    'etag',
    'location',
    'retry-after',
    'ratelimit',
    'ratelimit-policy',
    'x-request-id',
    'idempotency-replayed',
  ];
  const subscription = 'subscription { messages(org: "acme", agent: "none") { messageId } }';

  it.each<[string, string, string, unknown, Readonly<Record<string, string>>, number]>([
    ['REST', 'GET', '/v1/orgs/acme', undefined, {}, 200],
    ['a refusal of REST', 'GET', '/v1/orgs/other', undefined, {}, 404],
    ['a body that is refused', 'POST', '/v1/orgs/acme/agents', '{', {}, 400],
    ['a path that does not exist', 'GET', '/v1/nowhere', undefined, {}, 404],
    ['a method that is refused', 'POST', '/readyz', undefined, {}, 405],
    ['health', 'GET', '/livez', undefined, {}, 200],
    ['GraphQL', 'POST', '/graphql', { query: '{ viewer { name } }' }, {}, 200],
    ['GraphQL by GET', 'GET', '/graphql?query={viewer{name}}', undefined, {}, 200],
    ['a refusal of GraphQL', 'POST', '/graphql', '{', {}, 400],
    ['a stream', 'POST', '/graphql', { query: subscription }, { Accept: 'text/event-stream' }, 200],
    ['OpenAPI', 'GET', '/v1/openapi.json', undefined, {}, 200],
  ])('of %s can be read by an allowed origin', async (_, method, path, body, more, status) => {
    const answer = await server.owner.request(method, path, body, { ...more, Origin: CONSOLE });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('access-control-allow-origin')).toBe(CONSOLE);
    expect(listIn(answer.headers.get('access-control-expose-headers'))).toEqual(exposed);
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
    expect(listIn(answer.headers.get('vary'))).toContain('origin');

    const other = await server.owner.request(method, path, body, {
      ...more,
      Origin: 'https://evil.example.com',
    });
    expect(other.status).toBe(status);
    expect(other.headers.get('access-control-allow-origin')).toBeNull();
    expect(listIn(other.headers.get('vary'))).toContain('origin');
  });

  it('to a token that is refused can be read, too', async () => {
    const answer = await server.anonymous.get('/orgs/acme', { Origin: CONSOLE });
    expectRefusal(answer, 401, 'auth.unauthenticated');
    expect(answer.headers.get('access-control-allow-origin')).toBe(CONSOLE);
  });

  it('that varies by other headers says so beside the origin', async () => {
    const { headers } = await server.anonymous.request('GET', '/docs', undefined, {
      Origin: CONSOLE,
    });
    expect(listIn(headers.get('vary'))).toEqual(['origin', 'accept', 'accept-encoding']);
  });

  it('without an origin allows none, and without the setting none is allowed', async () => {
    const same = await server.owner.get('/orgs/acme');
    expect(same.headers.get('access-control-allow-origin')).toBeNull();
    const { headers } = await closed.owner.get('/orgs/acme', { Origin: CONSOLE });
    expect(headers.get('access-control-allow-origin')).toBeNull();
    expect(headers.get('vary')).toBeNull();
  });
});
