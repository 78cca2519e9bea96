import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openServices } from '../../src/server/compose.ts';
import type { Client } from '../kit/client.ts';
import { type Collector, type ReceivedSpan, startCollector, tracingTo } from '../kit/collector.ts';
import { keptLogs } from '../kit/logs.ts';
import { type OAuthBench, startOAuthBench } from '../kit/oauth.ts';
import { type Receiver, startReceiver } from '../kit/receiver.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const CALLER = '00f067aa0ba902b7';

const { logs, lines } = keptLogs();
let collector: Collector;
let receiver: Receiver;
let bench: OAuthBench;
let server: TestServer;
let agent: string;

beforeAll(async () => {
  collector = await startCollector();
  receiver = await startReceiver();
  bench = await startOAuthBench(
    {
      ...tracingTo(collector.url),
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=a%20test',
      WEBHOOK_ALLOW_PRIVATE: '1',
    },
    logs,
  );
  server = bench.server;
  agent = await server.owner.createAgent();
});
afterAll(async () => {
  await bench.stop();
  await receiver.stop();
  await collector.stop();
});

const send = (client: Client, id: string, method: string, path: string, body?: unknown) =>
  client.request(method, path, body, { 'X-Request-Id': id });

/** The span of the request with this id. */
const requestSpan = (id: string) =>
  collector.until((it) => it.kind === 'server' && it.attributes['agent_api.request_id'] === id);

const childrenOf = ({ spanId }: ReceivedSpan) =>
  collector.spans.filter((it) => it.parentSpanId === spanId);

const isUnder = (parent: ReceivedSpan, name: string) =>
  collector.until((it) => it.parentSpanId === parent.spanId && it.name === name);

describe('a request over REST', () => {
  it('has a span with its route, path, status, org and caller', async () => {
    await send(server.owner, 'r1', 'GET', `/v1/orgs/acme/agents/${agent}?planted=query`);
    expect(await requestSpan('r1')).toEqual({
      name: 'GET /v1/orgs/{org}/agents/{agent}',
      traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
      spanId: expect.stringMatching(/^[0-9a-f]{16}$/),
      parentSpanId: '',
      kind: 'server',
      failed: false,
      attributes: {
        'http.request.method': 'GET',
        'url.scheme': 'http',
        'network.protocol.version': '1.1',
        'agent_api.request_id': 'r1',
        'http.route': '/v1/orgs/{org}/agents/{agent}',
        'url.path': `/v1/orgs/acme/agents/${agent}`,
        'http.response.status_code': 200,
        'http.response.body.size': expect.any(Number),
        'agent_api.door': 'rest',
        'agent_api.org': 'acme',
        'agent_api.principal': expect.any(String),
        'agent_api.cached': false,
      },
    });
  });

  it('has a child for its operation, which has one for each call of the store', async () => {
    await send(server.owner, 'r2', 'PATCH', `/v1/orgs/acme/agents/${agent}`, {
      description: 'planted-description',
    });
    const operation = await isUnder(await requestSpan('r2'), 'mutation updateAgent');
    expect(operation.kind).toBe('internal');
    expect(operation.attributes).toMatchObject({ 'graphql.operation.type': 'mutation' });
    const read = childrenOf(operation).find(({ name }) => name === 'get agents');
    const commit = childrenOf(operation).find(({ name }) => name === 'commit');
    const system = process.env.MONGODB_URL ? 'mongodb' : 'lmdb';
    const kind = process.env.MONGODB_URL ? 'client' : 'internal';
    expect(read).toMatchObject({ kind, failed: false });
    expect(read?.attributes).toEqual({
      'db.system.name': system,
      'db.operation.name': 'get',
      'db.collection.name': 'agents',
    });
    expect(commit?.attributes).toEqual({ 'db.system.name': system, 'db.operation.name': 'commit' });
  });

  it('reads its API key in its own span', async () => {
    const fresh = await server.as('viewer');
    await send(fresh, 'r3', 'GET', '/v1/orgs/acme');
    const request = await requestSpan('r3');
    await isUnder(request, 'get apiKeys');
  });

  it('says that a kept answer was sent', async () => {
    const path = `/v1/orgs/acme/agents/${agent}/identity`;
    await send(server.owner, 'r4', 'GET', path);
    await send(server.owner, 'r5', 'GET', path);
    const again = await requestSpan('r5');
    expect(again.attributes).toMatchObject({ 'agent_api.cached': true, 'url.path': path });
    expect(childrenOf(again)).toEqual([]);
  });

  it('that its caller got wrong has the code of its refusal, and did not fail', async () => {
    await send(server.owner, 'r6', 'GET', '/v1/orgs/acme/agents/none-such');
    const request = await requestSpan('r6');
    expect(request.failed).toBe(false);
    expect(request.attributes).toMatchObject({
      'http.response.status_code': 404,
      'agent_api.code': 'agent.not_found',
    });
  });

  it('shows neither an unknown path nor a token in the place of an id', async () => {
    await send(server.owner, 'r7', 'GET', '/v1/planted-path');
    await send(server.owner, 'r8', 'GET', `/v1/orgs/acme/agents/${server.owner.token}`);
    const unknown = await requestSpan('r7');
    expect(unknown.name).toBe('GET');
    expect(unknown.attributes).not.toHaveProperty('url.path');
    expect((await requestSpan('r8')).attributes['url.path']).toBe('/v1/orgs/acme/agents/***');
  });
});

describe('a request over GraphQL', () => {
  const query = 'query Planted($id: ID!) { org(id: "acme") { agent(id: $id) { id name } } }';
  const hash = createHash('sha256').update(query).digest('hex');

  it('has a span, and below it its operation with the name, type and hash', async () => {
    const body = { query, variables: { id: agent } };
    await send(server.owner, 'g1', 'POST', '/graphql', body);
    const request = await requestSpan('g1');
    expect(request.name).toBe('POST /graphql');
    expect(request.attributes).toMatchObject({
      'http.route': '/graphql',
      'url.path': '/graphql',
      'graphql.document.hash': hash,
    });
    const operation = await isUnder(request, 'query org');
    expect(operation.attributes).toEqual({
      'graphql.operation.type': 'query',
      'graphql.operation.name': 'Planted',
      'graphql.document.hash': hash,
    });
    expect(
      childrenOf(operation)
        .map(({ name }) => name)
        .join(),
    ).toMatch(/get(Many)? agents/);
  });

  it('a stream of events is one span, which ends with it', async () => {
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
        query: `subscription { messageArrived(org: "acme", agent: "${agent}") { cursor } }`,
      }),
    });
    expect(response.status).toBe(200);
    ended.abort();
    const request = await requestSpan('s1');
    expect(childrenOf(request).filter(({ name }) => /messages|subscription/.test(name))).toEqual(
      [],
    );
  });
});

describe('a trace', () => {
  const traced = (id: string, flags: string) => ({
    'X-Request-Id': id,
    traceparent: `00-${TRACE}-${CALLER}-${flags}`,
  });

  it('of the caller is continued, and the log line names the span', async () => {
    await server.owner.get('/orgs/acme', traced('t1', '01'));
    const request = await requestSpan('t1');
    expect(request).toMatchObject({ traceId: TRACE, parentSpanId: CALLER });
    expect(lines.find(({ requestId, msg }) => requestId === 't1' && msg === 'request')).toEqual(
      expect.objectContaining({ trace_id: TRACE, span_id: request.spanId }),
    );
  });

  it('that the caller does not sample is not exported', async () => {
    await server.owner.get('/orgs/acme', traced('t2', '00'));
    await send(server.owner, 't3', 'GET', '/v1/orgs/acme');
    await requestSpan('t3');
    expect(collector.spans.filter((it) => it.attributes['agent_api.request_id'] === 't2')).toEqual(
      [],
    );
  });

  it('leads from a change to the delivery of its event, and on to the receiver', async () => {
    const webhook = { url: receiver.url, events: ['agent.created'] };
    await server.owner.post('/orgs/acme/webhooks', webhook);
    await server.owner.post('/orgs/acme/agents', { name: 'Traced' }, traced('t4', '01'));
    const [delivery] = await receiver.until(1);
    const request = await requestSpan('t4');
    const call = await collector.until(
      ({ kind, attributes }) =>
        kind === 'client' && attributes['agent_api.event.type'] === 'agent.created',
    );
    expect(call).toMatchObject({ name: 'POST', traceId: TRACE, parentSpanId: request.spanId });
    expect(call.attributes).toEqual({
      'http.request.method': 'POST',
      'server.address': '127.0.0.1',
      'server.port': Number(new URL(receiver.url).port),
      'url.scheme': 'http',
      'agent_api.request_id': 't4',
      'agent_api.event.id': delivery?.headers['webhook-id'],
      'agent_api.event.type': 'agent.created',
      'http.response.status_code': 200,
    });
    expect(delivery?.headers.traceparent).toBe(`00-${TRACE}-${call.spanId}-01`);
  });

  it('contains the calls of an OAuth provider', async () => {
    const { oauth } = await bench.bindCalendar();
    await bench.connect(oauth);
    const callback = await collector.until(({ name }) => name === 'GET /v1/oauth/callback');
    expect(callback.attributes['url.path']).toBe('/v1/oauth/callback');
    const exchange = await isUnder(callback, 'POST');
    expect(exchange.attributes).toMatchObject({
      'server.port': Number(new URL(bench.oidc.issuer).port),
      'http.response.status_code': 200,
    });
  });
});

it('names the service, its version and what OTEL_RESOURCE_ATTRIBUTES adds', async () => {
  await send(server.owner, 'x1', 'GET', '/v1/orgs/acme');
  await requestSpan('x1');
  expect(collector.resource).toMatchObject({
    'service.name': 'agent-api',
    'service.version': expect.stringMatching(/^\d+\./),
    'service.instance.id': expect.any(String),
    'deployment.environment.name': 'a test',
  });
});

it('probes have no span', async () => {
  await send(server.anonymous, 'p1', 'GET', '/livez');
  await send(server.anonymous, 'p2', 'GET', '/');
  await requestSpan('p2');
  const probes = collector.spans.filter((it) => it.attributes['agent_api.request_id'] === 'p1');
  expect(probes).toEqual([]);
});

it('no span has a variable, query, body, header or token of a caller', () => {
  const exported = collector.posts.map(({ body }) => body.toString()).join('\n');
  expect(exported).toContain('agent_api.request_id');
  for (const secret of ['planted-', 'Bearer', server.owner.token, 'code=', 'state=']) {
    expect(exported).not.toContain(secret);
  }
});

describe('a server', () => {
  it('exports in protobuf unless it is asked for JSON, with the headers given', async () => {
    const posts = collector.posts.length;
    const other = await startTestServer({
      OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.url}/`,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-planted=a%20key',
      OTEL_SERVICE_NAME: 'another-name',
    });
    await other.owner.get('/orgs/acme');
    // What waits is exported before the end.
    await other.stop();
    const [post] = collector.posts.slice(posts).filter((it) => it.headers['x-planted']);
    expect(post?.headers).toMatchObject({
      'content-type': 'application/x-protobuf',
      'x-planted': 'a key',
    });
    expect(post?.path).toBe('/v1/traces');
    for (const text of ['GET /v1/orgs/{org}', 'another-name']) {
      expect(post?.body.includes(text)).toBe(true);
    }
  });

  it('samples as it is asked', async () => {
    const settings = { ...tracingTo(collector.url), OTEL_TRACES_SAMPLER: 'always_off' };
    const kept = keptLogs();
    const other = await startTestServer(settings, undefined, kept.logs);
    const id = { 'X-Request-Id': 'unsampled' };
    await other.owner.get('/orgs/acme', id);
    await other.stop();
    const spans = collector.spans.map(({ attributes }) => attributes['agent_api.request_id']);
    expect(spans).not.toContain('unsampled');
    // The log names the trace all the same.
    expect(kept.lines).toContainEqual(
      expect.objectContaining({
        requestId: 'unsampled',
        trace_id: expect.stringMatching(/^[0-9a-f]{32}$/),
      }),
    );
  });

  it('serves and stops as ever while its collector is down, and says so once', async () => {
    const gone = await startCollector();
    await gone.stop();
    const kept = keptLogs();
    const warned = () => kept.lines.filter(({ msg }) => String(msg).startsWith('spans were not'));
    const settings = { ...tracingTo(gone.url), OTEL_EXPORTER_OTLP_TIMEOUT: '50' };
    const other = await startTestServer(settings, undefined, kept.logs);
    for (let i = 0; i < 5; i += 1) {
      expect((await other.owner.get('/orgs/acme')).status).toBe(200);
      await expect.poll(() => warned().length).toBe(1);
    }
    await other.stop();
    expect(warned()).toHaveLength(1);
    expect(kept.lines.at(-1)).toMatchObject({ msg: 'stopped' });
  });

  it('reports a collector that refuses its spans', async () => {
    const refusing = await startCollector();
    refusing.answer = 400;
    const kept = keptLogs();
    const other = await startTestServer(tracingTo(refusing.url), undefined, kept.logs);
    await other.owner.get('/orgs/acme');
    await other.owner.get('/orgs/acme');
    await other.stop();
    await refusing.stop();
    expect(kept.lines).toContainEqual(
      expect.objectContaining({
        level: 'warn',
        msg: 'spans were not exported; they are lost',
        reason: expect.any(String),
      }),
    );
  });

  it('marks a request and its operation as failed where the server failed', async () => {
    const open: Parameters<typeof startTestServer>[1] = async (...args) => {
      const services = await openServices(...args);
      services.services.orgs.get = () => {
        throw new Error('a planted bug');
      };
      return services;
    };
    const other = await startTestServer(tracingTo(collector.url), open);
    await send(other.owner, 'f1', 'GET', '/v1/orgs/acme');
    await other.stop();
    const request = await requestSpan('f1');
    expect(request.failed).toBe(true);
    expect(request.attributes).toMatchObject({
      'http.response.status_code': 500,
      'error.type': 'internal',
    });
    const operation = await isUnder(request, 'query org');
    expect(operation.failed).toBe(true);
    expect(operation.attributes).toMatchObject({ 'error.type': 'internal' });
  });

  it('traces nothing unless a setting asks for it', async () => {
    const kept = keptLogs();
    const other = await startTestServer({}, undefined, kept.logs);
    await other.owner.get('/orgs/acme', { 'X-Request-Id': 'untraced' });
    await other.stop();
    const line = kept.lines.find(({ requestId }) => requestId === 'untraced');
    expect(line).toBeDefined();
    expect(line).not.toHaveProperty('trace_id');
    const exported = collector.posts.map(({ body }) => body.toString()).join('\n');
    expect(exported).not.toContain('untraced');
  });
});
