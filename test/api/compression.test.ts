import { request as httpRequest } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../kit/server.ts';

let server: TestServer;
let path: string;
let whole: string;

interface Raw {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** Without what `fetch` adds and undoes. */
function get(url: string, headers: Record<string, string> = {}): Promise<Raw> {
  return new Promise((resolve, reject) => {
    const options = { headers: { authorization: `Bearer ${server.owner.token}`, ...headers } };
    httpRequest(server.url + url, options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks),
        }),
      );
    })
      .once('error', reject)
      .end();
  });
}

beforeAll(async () => {
  server = await startTestServer();
  const id = await server.owner.createAgent();
  path = `/v1/orgs/acme/agents/${id}/export`;
  await server.owner.post(`/orgs/acme/agents/${id}/apply-template`, {
    templateId: '@anychat/agent-template.sales-development',
  });
  whole = (await get(path)).body.toString();
});
afterAll(() => server.stop());

describe('a large answer', () => {
  it.each([
    ['gzip', 'gzip', gunzipSync],
    ['gzip, br', 'br', brotliDecompressSync],
    ['br;q=0, *', 'gzip', gunzipSync],
  ] as const)('is compressed for a client that accepts %s', async (accepted, coding, decode) => {
    // Twice: the second is the kept one.
    for (let i = 0; i < 2; i += 1) {
      const { status, headers, body } = await get(path, { 'accept-encoding': accepted });
      expect(status).toBe(200);
      expect(headers['content-encoding']).toBe(coding);
      expect(headers.vary).toContain('Accept-Encoding');
      expect(headers.etag).toBe(`"2-${coding}"`);
      expect(Number(headers['content-length'])).toBe(body.length);
      expect(body.length).toBeLessThan(whole.length / 2);
      expect(decode(body).toString()).toBe(whole);
    }
  });

  it('is sent as it is to a client that accepts no coding', async () => {
    const { headers, body } = await get(path);
    expect(headers['content-encoding']).toBeUndefined();
    expect(headers.vary).toContain('Accept-Encoding');
    expect(headers.etag).toBe('"2"');
    expect(body.toString()).toBe(whole);
  });

  it('names each header that it varies by once', async () => {
    for (const accepted of ['gzip', 'identity']) {
      const { headers } = await get('/v1/openapi.json', { 'accept-encoding': accepted });
      expect(headers.vary).toBe('Accept, Accept-Encoding');
    }
  });

  it.each(['"2"', '"2-gzip"', 'W/"2-br"'])('is a 304 for a client that has %s', async (tag) => {
    const { status, body } = await get(path, { 'if-none-match': tag, 'accept-encoding': 'gzip' });
    expect(status).toBe(304);
    expect(body.length).toBe(0);
  });

  it('can be changed under the tag that it was read with', async () => {
    const agent = path.replace(/\/export$/, '/identity');
    const stale = await server.owner.patch(
      agent.slice('/v1'.length),
      {},
      { 'If-Match': '"1-gzip"' },
    );
    expect(stale.status).toBe(412);
    const { status } = await server.owner.patch(
      agent.slice('/v1'.length),
      { brandColor: '#123456' },
      { 'If-Match': '"2-gzip"' },
    );
    expect(status).toBe(200);
  });
});

it('leaves a short answer as it is', async () => {
  const { headers } = await get('/v1/orgs/acme', { 'accept-encoding': 'gzip' });
  expect(headers['content-encoding']).toBeUndefined();
});
