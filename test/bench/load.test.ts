import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LoadRequest } from '../../bench/load/job.ts';
import { runJob } from '../../bench/load/run.ts';

const get = (path: string, status = 200): LoadRequest => ({
  method: 'GET',
  path,
  headers: {},
  status,
});

describe('a load', () => {
  let server: Server;
  let origin: string;
  let seen: string[];

  beforeEach(async () => {
    seen = [];
    server = createServer((request, response) => {
      seen.push(`${request.method} ${request.url}`);
      response.statusCode = request.url === '/missing' ? 404 : 200;
      setTimeout(() => response.end('answer'), request.url === '/slow' ? 60 : 0);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => {
    server.close();
    server.closeAllConnections();
  });

  it('sends its requests in turn until its count', async () => {
    const job = { origin, requests: [get('/a'), get('/b')], connections: 1, count: 5 };
    const { requests } = await runJob(job);
    expect(requests).toBe(5);
    expect(seen).toEqual(['GET /a', 'GET /b', 'GET /a', 'GET /b', 'GET /a']);
  });

  it('ends when its seconds are over', async () => {
    const job = { origin, requests: [get('/a')], connections: 4, seconds: 0.1 };
    const { requests, seconds } = await runJob(job);
    expect(requests).toBe(seen.length);
    expect(seconds).toBeGreaterThanOrEqual(0.1);
  });

  it('rejects when an answer has another status', async () => {
    const job = { origin, requests: [get('/a'), get('/missing')], connections: 2, count: 10 };
    await expect(runJob(job)).rejects.toThrow('GET /missing: 404, not 200: answer');
    await expect(runJob({ ...job, perSecond: 1_000 })).rejects.toThrow('404');
  });

  it('counts latency from when a request was due, not from when it could be sent', async () => {
    // One connection, 60 ms an answer, a request due every 10 ms: each waits longer than the one before.
    const job = { origin, requests: [get('/slow')], connections: 1, count: 6, perSecond: 100 };
    const { p99, requests } = await runJob(job);
    expect(requests).toBe(6);
    expect(p99).toBeGreaterThan(200);
  });

  it('sends at the rate that is given', async () => {
    const job = { origin, requests: [get('/a')], connections: 8, count: 40, perSecond: 200 };
    const { seconds } = await runJob(job);
    expect(seconds).toBeGreaterThan(0.18);
  });
});
