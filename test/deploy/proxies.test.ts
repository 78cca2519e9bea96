import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAX_BODY_BYTES } from '../../src/http/body.ts';
import { readSettings } from '../../src/server/settings.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';

const MEBIBYTE = 1024 * 1024;
/** Between two signs of life of a live stream, by Yoga. */
const STREAM_PING_SECONDS = 12;

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

/** The first number after these words. */
function numberAfter(text: string, words: string): number {
  const found = new RegExp(`^\\s*${words} (\\d+)`, 'm').exec(text)?.[1];
  if (found === undefined) throw new Error(`no '${words}'`);
  return Number(found);
}

describe.each([
  ['examples/nginx/agent-api.conf', 'keepalive_timeout', 'proxy_read_timeout'],
  ['examples/caddy/Caddyfile', 'keepalive', 'read_timeout'],
])('%s', (path, keepAlive, readTimeout) => {
  const text = readFileSync(path, 'utf8');

  it('closes unused connections before the server does', async () => {
    const { headers } = await server.owner.get('/orgs/acme');
    const seconds = Number(/timeout=(\d+)/.exec(headers.get('keep-alive') ?? '')?.[1]);
    expect(numberAfter(text, keepAlive)).toBeLessThan(seconds);
  });

  it('waits longer than the server does, and than a stream is silent', () => {
    const seconds = numberAfter(text, readTimeout);
    expect(seconds).toBeGreaterThan(readSettings({}).requestTimeoutMs / 1_000);
    expect(seconds).toBeGreaterThan(STREAM_PING_SECONDS);
  });

  it('leads to the default port', () =>
    expect(text).toContain(`127.0.0.1:${readSettings({}).port}`));
});

it('nginx accepts larger bodies than the server, does not buffer, and repeats no request', () => {
  const text = readFileSync('examples/nginx/agent-api.conf', 'utf8');
  expect(numberAfter(text, 'client_max_body_size') * MEBIBYTE).toBeGreaterThan(MAX_BODY_BYTES);
  expect(text).toContain('proxy_buffering off;');
  expect(text).toContain('proxy_next_upstream off;');
  expect(text).toContain('proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;');
});
