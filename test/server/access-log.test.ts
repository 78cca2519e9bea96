import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openServices } from '../../src/server/compose.ts';
import type { Client } from '../kit/client.ts';
import { keptLogs, type LogLine } from '../kit/logs.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';

const { logs, lines, text } = keptLogs();
let server: TestServer;
let agent: string;

beforeAll(async () => {
  server = await startTestServer(
    {},
    async (...args) => {
      const open = await openServices(...args);
      const { orgs } = open.services;
      const get = orgs.get.bind(orgs);
      orgs.get = (work, id) => {
        if (work.origin.requestId?.startsWith('breaks')) throw new Error('a planted bug');
        return get(work, id);
      };
      return open;
    },
    logs,
  );
  agent = await server.owner.createAgent();
});
afterAll(() => server.stop());

/** The line of the request with this id. */
async function lineOf(requestId: string): Promise<LogLine> {
  const find = () => lines.find((it) => it.requestId === requestId && it.msg === 'request');
  return expect
    .poll(find)
    .toBeDefined()
    .then(() => find() ?? {});
}

const send = (client: Client, requestId: string, method: string, path: string, body?: unknown) =>
  client.request(method, path, body, { 'X-Request-Id': requestId });

describe('a request over REST is logged', () => {
  it('with its route, caller, org, status, bytes and times', async () => {
    const { headers } = await send(server.owner, 'r1', 'GET', `/v1/orgs/acme/agents/${agent}`);
    expect(await lineOf('r1')).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-.*Z$/),
      msg: 'request',
      requestId: 'r1',
      door: 'rest',
      method: 'GET',
      operation: 'GET /orgs/{org}/agents/{agent}',
      status: 200,
      ms: expect.any(Number),
      cpuMs: expect.any(Number),
      bytes: Number(headers.get('content-length')),
      org: 'acme',
      principal: expect.any(String),
      cached: false,
    });
  });

  it('and one that is answered from the kept answers says so', async () => {
    await send(server.owner, 'r2', 'GET', `/v1/orgs/acme/agents/${agent}/identity`);
    await send(server.owner, 'r3', 'GET', `/v1/orgs/acme/agents/${agent}/identity`);
    expect(await lineOf('r2')).toMatchObject({ cached: false });
    expect(await lineOf('r3')).toMatchObject({
      cached: true,
      status: 200,
      operation: 'GET /orgs/{org}/agents/{agent}/identity',
      org: 'acme',
      principal: (await lineOf('r2')).principal,
    });
  });

  it('with the code of its refusal', async () => {
    await send(server.owner, 'r4', 'GET', '/v1/orgs/acme/agents/none-such');
    expect(await lineOf('r4')).toMatchObject({ status: 404, code: 'agent.not_found' });
  });

  it('without an org that the caller has no access to', async () => {
    await send(server.owner, 'r5', 'GET', '/v1/orgs/planted-org/agents');
    const line = await lineOf('r5');
    expect(line).toMatchObject({ status: 404, code: 'org.not_found' });
    expect(line).not.toHaveProperty('org');
  });

  it('with its address, if it has no valid token', async () => {
    await send(server.anonymous, 'r6', 'GET', '/v1/orgs/acme/agents');
    const line = await lineOf('r6');
    expect(line).toMatchObject({ status: 401, code: 'auth.unauthenticated', address: '127.0.0.1' });
    expect(line).not.toHaveProperty('principal');
  });
});

describe('a request over GraphQL is logged', () => {
  const query = 'query Agents { org(id: "acme") { agents(first: 2) { nodes { id } } } }';
  const hash = createHash('sha256').update(query).digest('hex');

  it("with its operation's name and its document's hash", async () => {
    await send(server.owner, 'g1', 'POST', '/graphql', { query });
    expect(await lineOf('g1')).toMatchObject({
      door: 'graphql',
      operation: 'Agents',
      document: hash,
      status: 200,
      org: 'acme',
      cached: false,
    });
  });

  it('and one that is answered from the kept answers says so', async () => {
    const query = `query Name { org(id: "acme") { agent(id: "${agent}") { name } } }`;
    await send(server.owner, 'g2', 'POST', '/graphql', { query });
    await send(server.owner, 'g3', 'POST', '/graphql', { query });
    expect(await lineOf('g2')).toMatchObject({ cached: false });
    expect(await lineOf('g3')).toMatchObject({ cached: true, operation: 'Name' });
  });

  it('with the code of its first error', async () => {
    await send(server.owner, 'g4', 'POST', '/graphql', {
      query: '{ org(id: "acme") { agent(id: "none-such") { id name } } }',
    });
    expect(await lineOf('g4')).toMatchObject({ operation: 'query org' });
    await send(server.anonymous, 'g5', 'POST', '/graphql', { query });
    expect(await lineOf('g5')).toMatchObject({ status: 401, code: 'auth.unauthenticated' });
  });
});

it('a stream is logged when it ends', async () => {
  const ended = new AbortController();
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    signal: ended.signal,
    headers: {
      Authorization: `Bearer ${server.owner.token}`,
      'Content-Type': 'application/json',
      Accept: 'text/event-stream',
      'X-Request-Id': 's1',
    },
    body: JSON.stringify({
      query: `subscription Watch { messageArrived(org: "acme", agent: "${agent}") { cursor } }`,
    }),
  });
  expect(response.status).toBe(200);
  ended.abort();
  expect(await lineOf('s1')).toMatchObject({ door: 'graphql', operation: 'Watch', status: 200 });
});

it('a client that hangs up is logged', async () => {
  const { port } = new URL(server.url);
  const socket = connect(Number(port), '127.0.0.1');
  socket.write(
    `POST /v1/orgs/acme/agents HTTP/1.1\r\nHost: x\r\nX-Request-Id: h1\r\nContent-Length: 99\r\nAuthorization: Bearer ${server.owner.token}\r\n\r\n{`,
  );
  await new Promise((resolve) => setTimeout(resolve, 100));
  socket.destroy();
  expect((await lineOf('h1')).status).toBeGreaterThanOrEqual(400);
});

describe('an error that the caller did not cause is logged under the id of its request', () => {
  it.each([
    ['REST', 'GET', '/v1/orgs/acme', undefined],
    ['GraphQL', 'POST', '/graphql', { query: '{ org(id: "acme") { name } }' }],
  ])('over %s', async (door, method, path, body) => {
    const requestId = `breaks-over-${door}`;
    const answer = await send(server.owner, requestId, method, path, body);
    expect(JSON.stringify(answer.body)).toContain(`logged with the request id ${requestId}`);
    expect(answer.headers.get('x-request-id')).toBe(requestId);
    expect(lines).toContainEqual(
      expect.objectContaining({
        level: 'error',
        requestId,
        err: expect.objectContaining({ message: 'a planted bug' }),
      }),
    );
    expect(await lineOf(requestId)).toMatchObject({ code: 'internal' });
  });
});

it('a valid traceparent is logged as the id of its trace', async () => {
  const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
  const traced = (id: string, traceparent: string) =>
    server.owner.get('/orgs', { 'X-Request-Id': id, traceparent });
  await traced('t1', `00-${trace}-00f067aa0ba902b7-01`);
  await traced('t2', 'planted-traceparent');
  expect(await lineOf('t1')).toMatchObject({ trace_id: trace });
  expect(await lineOf('t2')).not.toHaveProperty('trace_id');
});

it('probes are logged at the level debug, pages at info', async () => {
  await send(server.anonymous, 'p1', 'GET', '/livez');
  await send(server.anonymous, 'p2', 'GET', '/');
  expect(await lineOf('p1')).toMatchObject({ level: 'debug', door: 'health', status: 200 });
  expect(await lineOf('p2')).toMatchObject({ level: 'info', door: 'page', status: 200 });
});

it('a line has no path, query, variable, header or body of the caller', async () => {
  const owner = server.owner;
  await owner.request('GET', '/v1/planted-path?planted=planted-query');
  await owner.request('GET', `/v1/orgs/acme/agents/${agent}?limit=planted-parameter`);
  await owner.request('POST', '/v1/orgs/acme/agents', { name: 'planted-name', planted: 1 });
  await owner.graphql('query ($id: ID!) { org(id: $id) { name } }', { id: 'planted-variable' });
  await owner.graphql('{ org(id: "planted-literal") { name } }');
  await owner.request('GET', '/v1/orgs', undefined, { 'X-Request-Id': 'planted id' });
  await owner.request('GET', '/v1/orgs', undefined, { 'X-Request-Id': 'last' });
  await lineOf('last');
  expect(text()).not.toContain('planted-');
  expect(text()).not.toContain('planted id');
  expect(text()).not.toContain(owner.token);
});
