import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Collector, startCollector, tracingTo } from '../kit/collector.ts';
import { keptLogs } from '../kit/logs.ts';
import { scraped } from '../kit/scrape.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';

const { logs, lines } = keptLogs();
let collector: Collector;
let server: TestServer;

beforeAll(async () => {
  collector = await startCollector();
  server = await startTestServer(
    { ...tracingTo(collector.url), METRICS_PORT: '0' },
    undefined,
    logs,
  );
});
afterAll(async () => {
  await server.stop();
  await collector.stop();
});

it.each([
  ['REST', 'GET', '/v1/orgs/acme/agents', undefined],
  ['GraphQL', 'POST', '/graphql', { query: '{ org(id: "acme") { agents { nodes { id } } } }' }],
  [
    'GraphQL, under a name',
    'POST',
    '/graphql',
    { query: 'query Named { org(id: "acme") { id agents { nodes { id } } } }' },
  ],
])(
  'a request over %s is followed by its id through log, metric and trace',
  async (_, method, path, body) => {
    // All that the caller has is the id that the answer names.
    const answer = await server.owner.request(method, path, body);
    const id = answer.headers.get('x-request-id');

    const line = lines.find(({ msg, requestId }) => msg === 'request' && requestId === id);
    const { door, status } = line ?? {};
    expect(status).toBe(200);

    const request = await collector.until(({ spanId }) => spanId === line?.span_id);
    expect(request.traceId).toBe(line?.trace_id);
    expect(request.attributes).toMatchObject({
      'agent_api.request_id': id,
      'agent_api.org': line?.org,
      'agent_api.principal': line?.principal,
      'http.response.status_code': status,
    });
    const below = collector.spans.filter(({ traceId }) => traceId === line?.trace_id);
    expect(below.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['query org', expect.stringMatching(/^scan agents|^getMany agents/)]),
    );

    const labels = { door, operation: line?.root ?? line?.operation, status };
    const count = async () =>
      (await scraped(server)).of('agent_api_request_duration_seconds_count', labels) ?? 0;
    const before = await count();
    expect(before).toBeGreaterThan(0);
    await server.owner.request(method, path, body);
    expect(await count()).toBe(before + 1);
  },
);
