import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { Authenticator } from '../../src/auth/authenticate.ts';
import { type Answer, jsonAnswer, refusalAnswer } from '../../src/http/answer.ts';
import { RateLimits } from '../../src/http/rate-limits.ts';
import { Pages } from '../../src/pages/pages.ts';
import {
  createHttpServer,
  type Entrance,
  type HttpParts,
  type HttpServer,
} from '../../src/server/http.ts';
import { openLogs } from '../../src/server/log.ts';
import { openLmdb } from '../../src/store/lmdb.ts';
import { StoreUnavailable } from '../../src/store/port.ts';
import { allEnded, toTheEnd, type Work } from '../../src/work.ts';
import { Client, expectRefusal } from '../kit/client.ts';
import { boundedWork } from '../kit/work.ts';

type Handle = (work: Work, response: ServerResponse) => Promise<Answer | undefined>;

const store = await openLmdb(':memory:');
let running: HttpServer | undefined;
let anonymous: Client;

/** Starts the real server with this handler under `/v1`. @returns the port */
async function serve(handle: Handle, settings: Partial<HttpParts['settings']> = {}) {
  running = createHttpServer({
    rest: {
      name: 'rest',
      handle: (exchange) => handle(exchange.begin(), exchange.response),
      refuse: (error, requestId) => refusalAnswer(requestId, error),
    },
    graphql: {} as Entrance,
    pages: new Pages([]),
    authenticator: new Authenticator([], () => false),
    store,
    missingKeys: async () => [],
    settings: {
      requestTimeoutMs: 10_000,
      maxRequests: 100,
      stopDelayMs: 100,
      maxBytesUnderWay: 1_000_000,
      maxAnswerBytes: 1_000_000,
      maxLoopDelayMs: 60_000,
      stalledMs: 1_000,
      corsOrigins: [],
      trustedProxies: 0,
      ...settings,
    },
    limits: new RateLimits({ principal: 0, org: 0, address: 0, refusedTokens: 0, oauthStarts: 0 }),
    log: (await openLogs('silent', 'json')).log,
    onEnd: () => undefined,
  });
  running.server.listen(0, '127.0.0.1');
  await once(running.server, 'listening');
  const { port } = running.server.address() as { port: number };
  anonymous = new Client(`http://127.0.0.1:${port}`);
  return port;
}

afterEach(() => running?.stop(100));

/** A handler that waits for `release`, and records the `Work` of each request. */
function heldHandler() {
  const seen: Work[] = [];
  let release: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const handle: Handle = async (work) => {
    seen.push(work);
    await gate;
    return jsonAnswer(200, { done: true });
  };
  return { handle, seen, release: () => release() };
}

describe('the deadline of a request', () => {
  it('answers 503 when it passes, even if the work continues', async () => {
    const { handle, seen, release } = heldHandler();
    await serve(handle, { requestTimeoutMs: 400 });
    const answer = await anonymous.get('/slow');
    expectRefusal(answer, 503, 'request.timeout');
    expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(seen[0]?.signal.aborted).toBe(true);
    release();
    expect((await anonymous.get('/slow')).body).toEqual({ done: true });
  });

  it('does not interrupt a stream that has started', async () => {
    await serve(
      async (work, response) => {
        response.writeHead(200).write('first, ');
        await new Promise((resolve) => setTimeout(resolve, 600));
        response.end(`then ${work.signal.aborted}`);
      },
      { requestTimeoutMs: 400 },
    );
    expect((await anonymous.get('/stream')).body).toBe('first, then false');
  });

  it('aborts nothing when the answer was in time', async () => {
    const { handle, seen, release } = heldHandler();
    await serve(handle, { requestTimeoutMs: 400 });
    release();
    await anonymous.get('/quick');
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(seen.map(({ signal }) => signal.aborted)).toEqual([false]);
  });
});

it('aborts the work of a client that disconnects', async () => {
  const { handle, seen, release } = heldHandler();
  const port = await serve(handle);
  const socket = connect(port, '127.0.0.1');
  socket.write('GET /v1/slow HTTP/1.1\r\nHost: x\r\n\r\n');
  await expect.poll(() => seen.length).toBe(1);
  expect(seen[0]?.signal.aborted).toBe(false);
  socket.destroy();
  await expect.poll(() => seen[0]?.signal.aborted).toBe(true);
  expect(seen[0]?.signal.reason).toMatchObject({ code: 'request.abandoned' });
  release();
});

describe('the requests in progress', () => {
  it('are limited, and the next one is answered with 503 and Retry-After', async () => {
    const { handle, seen, release } = heldHandler();
    await serve(handle, { maxRequests: 3 });
    const taken = [1, 2, 3].map(() => anonymous.get('/slow'));
    await expect.poll(() => seen.length).toBe(3);
    const refused = await anonymous.get('/slow');
    expectRefusal(refused, 503, 'server.busy');
    expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
    expect((await anonymous.request('GET', '/livez')).status).toBe(200);
    // Not ready, so that a load balancer sends requests to other processes.
    const unready = await anonymous.request('GET', '/readyz');
    expectRefusal(unready, 503, 'server.busy', ['requests']);
    release();
    for (const { status } of await Promise.all(taken)) expect(status).toBe(200);
    expect((await anonymous.get('/slow')).status).toBe(200);
  });

  it('are no longer counted when their clients disconnect', async () => {
    const { handle, seen, release } = heldHandler();
    const port = await serve(handle, { maxRequests: 1 });
    const socket = connect(port, '127.0.0.1');
    socket.write('GET /v1/slow HTTP/1.1\r\nHost: x\r\n\r\n');
    await expect.poll(() => seen.length).toBe(1);
    expect((await anonymous.get('/slow')).status).toBe(503);
    socket.destroy();
    release();
    await expect.poll(async () => (await anonymous.get('/slow')).status).toBe(200);
  });

  it('are finished when the server stops, while new ones are answered with 503', async () => {
    const { handle, seen, release } = heldHandler();
    await serve(handle);
    const slow = anonymous.get('/slow');
    await expect.poll(() => seen.length).toBe(1);
    const stopped = running?.stop(5_000);
    const late = await anonymous.request('GET', '/readyz');
    expectRefusal(late, 503, 'server.busy');
    expect(late.headers.get('connection')).toBe('close');
    release();
    expect((await slow).body).toEqual({ done: true });
    await stopped;
    running = undefined;
  });
});

it('answers 503 when the store does not answer', async () => {
  await serve(async () => {
    throw new StoreUnavailable('gone');
  });
  const answer = await anonymous.get('/gone');
  expectRefusal(answer, 503, 'store.unavailable');
  expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
});

it('waits for work that must finish, even when its request was abandoned', async () => {
  const abandoned = boundedWork();
  let release: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const work = toTheEnd(abandoned, () => gate);
  abandoned.end(new Error('hung up'));
  await expect(work).rejects.toThrow('hung up');
  let ended = false;
  const all = allEnded().then(() => {
    ended = true;
  });
  await new Promise(setImmediate);
  expect(ended).toBe(false);
  release();
  await all;
});
