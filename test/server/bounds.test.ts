import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { Authenticator } from '../../src/auth/authenticate.ts';
import { type Answer, jsonAnswer, refusalAnswer } from '../../src/http/answer.ts';
import { Pages } from '../../src/pages/pages.ts';
import {
  createHttpServer,
  type Entrance,
  type HttpParts,
  type HttpServer,
} from '../../src/server/http.ts';
import { createLogger } from '../../src/server/log.ts';
import { openLmdb } from '../../src/store/lmdb.ts';
import { StoreUnavailable } from '../../src/store/port.ts';
import { allEnded, toTheEnd, type Work } from '../../src/work.ts';
import { Client, expectRefusal } from '../kit/client.ts';
import { boundedWork } from '../kit/work.ts';

type Handle = (work: Work, response: ServerResponse) => Promise<Answer | undefined>;

const store = openLmdb(':memory:');
let running: HttpServer | undefined;
let anonymous: Client;

/** Serves one handler under `/v1`, on the real server. */
async function serve(handle: Handle, settings: Partial<HttpParts['settings']> = {}) {
  running = createHttpServer({
    rest: {
      handle: (exchange) => handle(exchange.begin(), exchange.response),
      refuse: (error, requestId) => refusalAnswer(requestId, error),
    },
    graphql: {} as Entrance,
    pages: new Pages([]),
    authenticator: new Authenticator([]),
    store,
    settings: {
      requestTimeoutMs: 10_000,
      maxRequests: 100,
      stopDelayMs: 100,
      maxBytesUnderWay: 1_000_000,
      stalledMs: 1_000,
      corsOrigins: [],
      ...settings,
    },
    log: createLogger('silent'),
  });
  running.server.listen(0, '127.0.0.1');
  await once(running.server, 'listening');
  const { port } = running.server.address() as { port: number };
  anonymous = new Client(`http://127.0.0.1:${port}`);
  return port;
}

afterEach(() => running?.stop(100));

/** A handler that waits until it is let go, and is told of each request's bounds. */
function held() {
  const seen: Work[] = [];
  let letGo: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const handle: Handle = async (work) => {
    seen.push(work);
    await gate;
    return jsonAnswer(200, { done: true });
  };
  return { handle, seen, letGo: () => letGo() };
}

describe('the deadline of a request', () => {
  it('answers 503 when it passes, whatever the work does then', async () => {
    const { handle, seen, letGo } = held();
    await serve(handle, { requestTimeoutMs: 50 });
    const answer = await anonymous.get('/slow');
    expectRefusal(answer, 503, 'request.timeout');
    expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(seen[0]?.signal.aborted).toBe(true);
    letGo();
    expect((await anonymous.get('/slow')).body).toEqual({ done: true });
  });

  it('does not cut a stream that has begun', async () => {
    await serve(
      async (work, response) => {
        response.writeHead(200).write('first, ');
        await new Promise((resolve) => setTimeout(resolve, 150));
        response.end(`then ${work.signal.aborted}`);
      },
      { requestTimeoutMs: 50 },
    );
    expect((await anonymous.get('/stream')).body).toBe('first, then false');
  });

  it('leaves nothing aborted when the answer was in time', async () => {
    const { handle, seen, letGo } = held();
    await serve(handle, { requestTimeoutMs: 200 });
    letGo();
    await anonymous.get('/quick');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(seen.map(({ signal }) => signal.aborted)).toEqual([false]);
  });
});

it('stops the work of a client that hangs up', async () => {
  const { handle, seen, letGo } = held();
  const port = await serve(handle);
  const socket = connect(port, '127.0.0.1');
  socket.write('GET /v1/slow HTTP/1.1\r\nHost: x\r\n\r\n');
  await expect.poll(() => seen.length).toBe(1);
  expect(seen[0]?.signal.aborted).toBe(false);
  socket.destroy();
  await expect.poll(() => seen[0]?.signal.aborted).toBe(true);
  expect(seen[0]?.signal.reason).toMatchObject({ code: 'request.abandoned' });
  letGo();
});

describe('the requests under way', () => {
  it('are bounded, and the next is told to come again', async () => {
    const { handle, seen, letGo } = held();
    await serve(handle, { maxRequests: 3 });
    const taken = [1, 2, 3].map(() => anonymous.get('/slow'));
    await expect.poll(() => seen.length).toBe(3);
    const refused = await anonymous.get('/slow');
    expectRefusal(refused, 503, 'server.busy');
    expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
    expect((await anonymous.request('GET', '/livez')).status).toBe(200);
    // Others than this process can take what it refuses.
    expect((await anonymous.request('GET', '/readyz')).status).toBe(503);
    letGo();
    for (const { status } of await Promise.all(taken)) expect(status).toBe(200);
    expect((await anonymous.get('/slow')).status).toBe(200);
  });

  it('are forgotten when their clients hang up', async () => {
    const { handle, seen, letGo } = held();
    const port = await serve(handle, { maxRequests: 1 });
    const socket = connect(port, '127.0.0.1');
    socket.write('GET /v1/slow HTTP/1.1\r\nHost: x\r\n\r\n');
    await expect.poll(() => seen.length).toBe(1);
    expect((await anonymous.get('/slow')).status).toBe(503);
    socket.destroy();
    letGo();
    await expect.poll(async () => (await anonymous.get('/slow')).status).toBe(200);
  });

  it('are finished when the server stops, which says so to all who come meanwhile', async () => {
    const { handle, seen, letGo } = held();
    await serve(handle);
    const slow = anonymous.get('/slow');
    await expect.poll(() => seen.length).toBe(1);
    const stopped = running?.stop(5_000);
    const late = await anonymous.request('GET', '/readyz');
    expectRefusal(late, 503, 'server.busy');
    expect(late.headers.get('connection')).toBe('close');
    letGo();
    expect((await slow).body).toEqual({ done: true });
    await stopped;
    running = undefined;
  });
});

it('answers 503 where the store does not answer', async () => {
  await serve(async () => {
    throw new StoreUnavailable('gone');
  });
  const answer = await anonymous.get('/gone');
  expectRefusal(answer, 503, 'store.unavailable');
  expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
});

it('waits for work that must not stop halfway, also when nobody asks for it any more', async () => {
  const asking = boundedWork();
  let letGo: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const work = toTheEnd(asking, () => gate);
  asking.end(new Error('hung up'));
  await expect(work).rejects.toThrow('hung up');
  let ended = false;
  const all = allEnded().then(() => {
    ended = true;
  });
  await new Promise(setImmediate);
  expect(ended).toBe(false);
  letGo();
  await all;
});
