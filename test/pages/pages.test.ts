import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageVersion } from '../../src/package/package.ts';
import { consoleDocumentsFile } from '../../src/pages/built.ts';
import { expectRefusal } from '../kit/client.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
const PAGES = ['/', '/graphql', '/docs'];

let server: TestServer;
/** The paths of the files that the pages load. */
let parts: readonly string[];

interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

/** A request as it is sent: no coding is added, and none is decoded. */
function raw(
  path: string,
  headers: Readonly<Record<string, string>> = {},
  method = 'GET',
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const sent = request(server.url + path, { method, headers }, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
      resolve({
        status: response.statusCode ?? 0,
        headers: response.headers as RawAnswer['headers'],
        body: Buffer.concat(chunks),
      });
    });
    sent.on('error', reject).end();
  });
}

beforeAll(async () => {
  server = await startTestServer();
  const pages = await Promise.all(PAGES.map((path) => raw(path, { Accept: BROWSER })));
  const loaded = pages.flatMap(({ body }) =>
    [...body.toString().matchAll(/(?:src|href)="(\/[^"]+\.\w+)"/g)].map(([, path = '']) => path),
  );
  const start = loaded.find((path) => path.startsWith('/graphiql/start.')) ?? '';
  const workers = (await raw(start)).body.toString().match(/\/graphiql\/[\w.-]+-worker\.\w+\.js/g);
  parts = [...loaded.filter((path) => !path.startsWith('/v1/')), ...(workers ?? [])];
});
afterAll(() => server?.stop());

const everyPath = () => [...PAGES, '/v1/openapi.json', ...parts];

it('finds the files that the pages load', () => {
  const names = parts.map((path) => path.replace(/\.[0-9a-f]{10}\./, '.'));
  expect(names).toEqual(
    expect.arrayContaining([
      '/front/front.css',
      '/docs/swagger-ui.css',
      '/docs/swagger-ui.js',
      '/graphiql/graphiql.css',
      '/graphiql/graphiql.js',
      '/graphiql/editor-worker.js',
      '/graphiql/graphql-worker.js',
      '/graphiql/json-worker.js',
    ]),
  );
});

describe('everything that is served as it is', () => {
  it('is sent in the coding that the client prefers, with one content and several tags', async () => {
    for (const path of everyPath()) {
      const accept = { Accept: BROWSER };
      const plain = await raw(path, accept);
      const gzip = await raw(path, { ...accept, 'Accept-Encoding': 'gzip' });
      const br = await raw(path, { ...accept, 'Accept-Encoding': 'gzip, deflate, br' });
      expect([plain.status, gzip.status, br.status], path).toEqual([200, 200, 200]);
      expect(plain.headers['content-encoding'], path).toBeUndefined();
      expect(gzip.headers['content-encoding'], path).toBe('gzip');
      expect(br.headers['content-encoding'], path).toBe('br');
      expect(gunzipSync(gzip.body).equals(plain.body), path).toBe(true);
      expect(brotliDecompressSync(br.body).equals(plain.body), path).toBe(true);
      expect(br.body.length, path).toBeLessThan(plain.body.length);
      expect(plain.headers.vary, path).toContain('Accept-Encoding');
      const tags = [plain, gzip, br].map(({ headers }) => headers.etag);
      expect(new Set(tags).size, path).toBe(3);
    }
  });

  it('is not sent again to a client that has it', async () => {
    for (const path of everyPath()) {
      const headers = { Accept: BROWSER, 'Accept-Encoding': 'br' };
      const { etag = '' } = (await raw(path, headers)).headers;
      const again = await raw(path, { ...headers, 'If-None-Match': etag });
      expect([again.status, again.headers.etag, again.body.length], path).toEqual([304, etag, 0]);
      const other = await raw(path, { ...headers, 'If-None-Match': '"another"' });
      expect(other.status, path).toBe(200);
    }
  });

  it('may be read by HEAD and refuses other methods', async () => {
    for (const path of everyPath()) {
      const whole = await raw(path, { Accept: BROWSER });
      const head = await raw(path, { Accept: BROWSER }, 'HEAD');
      expect([head.status, head.body.length], path).toEqual([200, 0]);
      expect(head.headers['content-length'], path).toBe(String(whole.body.length));
      expect((await raw(path, {}, 'DELETE')).status, path).toBe(405);
    }
  });

  it('loads nothing from other hosts, and is not framed', async () => {
    for (const path of everyPath()) {
      const { headers } = await raw(path, { Accept: BROWSER });
      const policy = headers['content-security-policy'] ?? '';
      expect(policy, path).toMatch(/^default-src 'none'/);
      expect(policy, path).toContain("frame-ancestors 'none'");
      expect(policy, path).not.toMatch(/\*|https?:|script-src[^;]*'unsafe/);
      expect(headers['x-content-type-options'], path).toBe('nosniff');
    }
  });

  it('is kept for good under a path that changes with it, and else asked for again', async () => {
    for (const path of parts) {
      expect((await raw(path)).headers['cache-control'], path).toMatch(/immutable/);
    }
    for (const path of [...PAGES, '/v1/openapi.json']) {
      const { headers } = await raw(path, { Accept: BROWSER });
      expect(headers['cache-control'], path).toBe('no-cache');
    }
  });
});

it.each(['/docs/', '/docs/package.json', '/docs/..%2fpackage.json', '/graphiql', '/index.json'])(
  '%s does not exist',
  async (path) => expect((await server.anonymous.request('GET', path)).status).toBe(404),
);

describe('/', () => {
  it('is a page with links that work for a browser', async () => {
    const { headers, body } = await raw('/', { Accept: BROWSER });
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    const links = [...body.toString().matchAll(/<a href="([^"]+)"/g)].map(([, to = '']) => to);
    expect(links).toEqual(['/console', '/graphql', '/docs', '/v1/openapi.json', '/readyz']);
    for (const path of links) expect((await raw(path, { Accept: BROWSER })).status).toBe(200);
    expect(body.toString()).toContain(packageVersion());
  });

  it.each([undefined, '*/*', 'application/json', 'application/json, text/html'])(
    'is JSON with the same links for Accept %s',
    async (accept) => {
      const { headers, body } = await raw('/', accept === undefined ? {} : { Accept: accept });
      expect(headers['content-type']).toBe('application/json; charset=utf-8');
      expect(headers.vary).toContain('Accept,');
      expect(JSON.parse(body.toString())).toEqual({
        name: 'Agent API',
        version: packageVersion(),
        links: {
          console: '/console',
          graphql: '/graphql',
          docs: '/docs',
          openapi: '/v1/openapi.json',
          live: '/livez',
          ready: '/readyz',
        },
      });
    },
  );
});

describe('GET /graphql', () => {
  it.each([BROWSER, 'text/html', 'application/json;q=0.9, text/html'])(
    'shows GraphiQL for Accept %s',
    async (accept) => {
      const { status, headers, body } = await raw('/graphql', { Accept: accept });
      expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
      expect(body.toString()).toContain('/graphiql/graphiql.');
      expect(body.length).toBeLessThan(2_000);
    },
  );

  it.each(['application/json', 'application/json, text/html', '*/*', 'text/event-stream'])(
    'does not show it for Accept %s',
    async (accept) => {
      const { status } = await raw('/graphql', { Accept: accept });
      expect(status).toBe(400);
    },
  );

  it('runs a query that it is given, also for a browser', async () => {
    const { headers, body } = await raw('/graphql?query={__typename}', { Accept: BROWSER });
    expect(headers['content-type']).toContain('json');
    expect(JSON.parse(body.toString())).toEqual({ data: { __typename: 'Query' } });
  });
});

it('is sent as it is to a client that accepts no coding that exists', async () => {
  const { status, headers } = await raw('/docs', { 'Accept-Encoding': 'zstd, identity;q=0' });
  expect([status, headers['content-encoding']]).toEqual([200, undefined]);
});

it('refuses a path of an earlier build', async () => {
  const earlier = await server.anonymous.request('GET', '/graphiql/graphiql.0123456789.js');
  expectRefusal(earlier, 404, 'route.not_found');
});

describe('the console', () => {
  const nonceOf = (policy: string | undefined) => /'nonce-([\w-]{20,})'/.exec(policy ?? '')?.[1];

  it.each(['/console', '/console/', '/console/orgs/acme/agents', '/console/orgs/a/agents/b.c'])(
    '%s is its page, with a nonce of its own',
    async (path) => {
      const [one, other] = [await raw(path), await raw(path)];
      expect([one.status, one.headers['cache-control']]).toEqual([200, 'no-store']);
      expect(one.headers['content-type']).toBe('text/html; charset=utf-8');
      const policy = one.headers['content-security-policy'];
      expect(policy).toMatch(/^default-src 'none'/);
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/\*|https?:|unsafe/);
      expect(one.headers['x-content-type-options']).toBe('nosniff');
      expect(nonceOf(policy)).toBeDefined();
      expect(nonceOf(other.headers['content-security-policy'])).not.toBe(nonceOf(policy));
      expect(one.body.toString()).toContain(`nonce="${nonceOf(policy)}"`);
    },
  );

  it('signs in with API keys only, and sends nothing to other hosts', async () => {
    const { headers } = await raw('/console');
    expect(headers['content-security-policy']).toMatch(/connect-src 'self'(;|$)/);
    const settings = await raw('/console/sign-in.json');
    expect(settings.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(JSON.parse(settings.body.toString())).toEqual({});
  });

  it('names the provider of users where there is one, and may send requests to it', async () => {
    const issuer = 'https://login.example.com/realms/acme';
    const other = await startTestServer({ OIDC_ISSUER: issuer, OIDC_AUDIENCE: 'console' });
    try {
      const page = await fetch(`${other.url}/console`);
      expect(page.headers.get('content-security-policy')).toMatch(
        /connect-src 'self' https:\/\/login\.example\.com(;|$)/,
      );
      const settings = await fetch(`${other.url}/console/sign-in.json`);
      expect(await settings.json()).toEqual({ oidc: { issuer, clientId: 'console' } });
    } finally {
      await other.stop();
    }
  });

  it('loads files that are kept for good, and are sent compressed', async () => {
    const page = (await raw('/console')).body.toString();
    const files = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path = '']) => path);
    expect(files.length).toBeGreaterThan(4);
    for (const path of files) {
      const { status, headers, body } = await raw(path, { 'Accept-Encoding': 'br, gzip' });
      // A few bytes are not shorter as Brotli has them.
      const coding = body.length < 200 ? headers['content-encoding'] : 'br';
      expect([status, headers['content-encoding']], path).toEqual([200, coding]);
      expect(headers['cache-control'], path).toMatch(/immutable/);
    }
  });

  it.each(['/console/assets/', '/console/assets/console.js', '/consoles', '/console-assets'])(
    '%s does not exist',
    async (path) => expect((await raw(path)).status).toBe(404),
  );

  it('refuses other methods', async () => {
    expect((await raw('/console/orgs/acme', {}, 'POST')).status).toBe(405);
  });

  it('has its operations trusted', async () => {
    const documents = Object.entries(
      JSON.parse(readFileSync(consoleDocumentsFile(), 'utf8')) as Record<string, string>,
    );
    expect(documents.map(([, text]) => text)).toContainEqual(
      expect.stringContaining('query Agents'),
    );
    for (const [hash, text] of documents) {
      expect(createHash('sha256').update(text).digest('hex')).toBe(hash);
    }
  });
});
