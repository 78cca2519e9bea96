import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../kit/server.ts';
import { launch, MAX_WAIT_MS } from './browser.ts';

let server: TestServer;
let browser: Browser;
const sites: Server[] = [];
let allowed: Page;
let other: Page;

/** Serves an empty page on a port of its own, and opens it. */
async function site(): Promise<string> {
  const made = createServer((_, response) => {
    response.writeHead(200, { 'Content-Type': 'text/html' }).end('<!doctype html><title>Site');
  });
  sites.push(made);
  made.listen(0, '127.0.0.1');
  await once(made, 'listening');
  return `http://127.0.0.1:${(made.address() as AddressInfo).port}`;
}

beforeAll(async () => {
  const [ours, theirs] = [await site(), await site()];
  server = await startTestServer({ CORS_ORIGINS: ours });
  browser = await launch();
  allowed = await browser.newPage();
  other = await browser.newPage();
  await allowed.goto(ours, { timeout: MAX_WAIT_MS });
  await other.goto(theirs, { timeout: MAX_WAIT_MS });
}, 2 * MAX_WAIT_MS);
afterAll(async () => {
  await browser?.close();
  await server?.stop();
  for (const made of sites) made.close();
});

interface Seen {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}

/** What a script of the page sees of an answer; `refused` if the browser keeps it from the script. */
function fetchFrom(
  page: Page,
  path: string,
  request: Readonly<Record<string, unknown>> = {},
): Promise<Seen | 'refused'> {
  const headers = { Authorization: `Bearer ${server.owner.token}`, ...(request.headers as object) };
  const options = JSON.stringify({ ...request, headers });
  return page.evaluate(`fetch(${JSON.stringify(server.url + path)}, ${options}).then(
    async (it) => ({
      status: it.status,
      headers: Object.fromEntries(it.headers),
      body: await it.json(),
    }),
    () => 'refused',
  )`);
}

const json = { 'Content-Type': 'application/json' };

it(
  'a page of an allowed origin reads, writes and sees refusals',
  async () => {
    const created = await fetchFrom(allowed, '/v1/orgs/acme/agents', {
      method: 'POST',
      headers: { ...json, 'Idempotency-Key': 'one', 'X-Change-Message': 'from a page' },
      body: JSON.stringify({ id: 'from-a-page', name: 'From a page' }),
    });
    expect(created).toMatchObject({ status: 201, body: { id: 'from-a-page' } });
    expect((created as Seen).headers).toMatchObject({
      etag: expect.any(String),
      location: expect.stringContaining('from-a-page'),
      'x-request-id': expect.any(String),
    });
    const changed = await fetchFrom(allowed, '/v1/orgs/acme/agents/from-a-page', {
      method: 'PATCH',
      headers: { ...json, 'If-Match': (created as Seen).headers.etag },
      body: JSON.stringify({ name: 'Changed' }),
    });
    expect(changed).toMatchObject({ status: 200, body: { name: 'Changed' } });
    expect(await fetchFrom(allowed, '/v1/orgs/acme/agents/none')).toMatchObject({
      status: 404,
      body: { code: 'agent.not_found' },
    });
    const query = { query: '{ viewer { name } }' };
    expect(
      await fetchFrom(allowed, '/graphql', {
        method: 'POST',
        headers: json,
        body: JSON.stringify(query),
      }),
    ).toMatchObject({ status: 200, body: { data: { viewer: { name: expect.any(String) } } } });
  },
  MAX_WAIT_MS,
);

it(
  'a page of another origin does neither',
  async () => {
    expect(await fetchFrom(other, '/v1/orgs/acme/agents')).toBe('refused');
    const written = await fetchFrom(other, '/v1/orgs/acme/agents', {
      method: 'POST',
      headers: json,
      body: JSON.stringify({ id: 'from-elsewhere', name: 'From elsewhere' }),
    });
    expect(written).toBe('refused');
    expect((await server.owner.get('/orgs/acme/agents/from-elsewhere')).status).toBe(404);
  },
  MAX_WAIT_MS,
);
