import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { keptLogs } from '../kit/logs.ts';
import { type Receiver, startReceiver } from '../kit/receiver.ts';
import { scraped } from '../kit/scrape.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';

const { logs, lines } = keptLogs();
let server: TestServer;
let receiver: Receiver;

beforeAll(async () => {
  receiver = await startReceiver();
  server = await startTestServer(
    { METRICS_PORT: '0', WEBHOOK_ALLOW_PRIVATE: '1' },
    undefined,
    logs,
  );
});
afterAll(async () => {
  await server.stop();
  await receiver.stop();
});

const scrape = () => scraped(server);

describe('the metrics', () => {
  it('count requests by operation and status, and refusals by code', async () => {
    const agent = await server.owner.createAgent();
    await server.owner.get(`/orgs/acme/agents/${agent}`);
    await server.owner.get(`/orgs/acme/agents/${agent}`);
    await server.anonymous.get('/orgs/acme');
    const operation = 'GET /orgs/{org}/agents/{agent}';
    const samples = await scrape();
    const count = 'agent_api_request_duration_seconds_count';
    expect(samples.of(count, { door: 'rest', operation, status: 200 })).toBe(2);
    const refused = { door: 'rest', code: 'auth.unauthenticated' };
    expect(samples.of('agent_api_refusals_total', refused)).toBe(1);
    expect(samples.of('agent_api_answers_total', { door: 'rest', cached: true })).toBe(1);
    expect(samples.of('agent_api_answer_cache_bytes')).toBeGreaterThan(100);
    const cpu = { door: 'rest', operation };
    expect(samples.of('agent_api_request_cpu_seconds_total', cpu)).toBeGreaterThan(0);
  });

  it('name GraphQL operations by their root field, whatever the client calls them', async () => {
    await server.owner.query(
      'query Planted { org(id: "acme") { agents(first: 5) { nodes { id } } } }',
    );
    const samples = await scrape();
    const count = 'agent_api_request_duration_seconds_count';
    expect(samples.of(count, { door: 'graphql', operation: 'query org' })).toBe(1);
    expect(samples.names.join()).not.toContain('Planted');
    const estimated = { kind: 'estimated' };
    expect(samples.of('agent_api_query_fields_sum', estimated)).toBeGreaterThan(5);
    expect(samples.of('agent_api_query_fields_count', { kind: 'counted' })).toBe(1);
  });

  it('have no label with an org, an id or a path', async () => {
    const agent = await server.owner.createAgent();
    await server.owner.get(`/orgs/acme/agents/${agent}/planted-path`);
    const names = (await scrape()).names.join('\n');
    for (const text of ['acme', agent, 'planted-path', '127.0.0.1']) {
      expect(names).not.toContain(text);
    }
  });

  it('time the calls of the store', async () => {
    const samples = await scrape();
    for (const verb of ['get', 'scan', 'commit']) {
      const name = 'agent_api_store_call_duration_seconds_count';
      expect(samples.of(name, { verb })).toBeGreaterThan(0);
    }
  });

  it('count attempts at webhooks', async () => {
    const events = ['agent.created'];
    await server.owner.post('/orgs/acme/webhooks', { url: receiver.url, events });
    await server.owner.createAgent();
    await receiver.until(1);
    const name = 'agent_api_webhook_attempts_total';
    await expect.poll(async () => (await scrape()).of(name, { outcome: 'success' })).toBe(1);
    const samples = await scrape();
    expect(samples.of('agent_api_events_pending')).toBe(0);
    expect(samples.of('agent_api_delivery_lag_seconds')).toBe(0);
    receiver.answer = 500;
    const traced = { 'X-Request-Id': 'is-not-delivered' };
    await server.owner.post('/orgs/acme/agents', { name: 'Undelivered' }, traced);
    await expect.poll(async () => (await scrape()).of(name, { outcome: 'failure' })).toBe(1);
    // With what is needed to find it in the delivery log, and no URL.
    expect(lines).toContainEqual({
      level: 'warn',
      time: expect.any(String),
      msg: 'delivery failed',
      requestId: 'is-not-delivered',
      org: 'acme',
      webhook: expect.stringContaining('wh_'),
      event: expect.stringMatching(/^evt_/),
      type: 'agent.created',
      status: 500,
      ms: expect.any(Number),
      attempt: 1,
    });
  });
});

it('without METRICS_PORT there are none, and never on the port of the API', async () => {
  expect((await fetch(`${server.url}/metrics`)).status).toBe(404);
  const plain = await startTestServer();
  expect(plain.metricsUrl).toBeUndefined();
  await plain.stop();
});

it('the listener of the metrics answers nothing else', async () => {
  const { origin } = new URL(server.metricsUrl ?? '');
  expect((await fetch(`${origin}/v1/orgs/acme`)).status).toBe(404);
  expect((await fetch(`${origin}/metrics`, { method: 'POST' })).status).toBe(405);
});

describe('the examples', () => {
  /** Names in an expression of PromQL, without the functions, labels and words of the language. */
  const namesIn = (text: string) => text.match(/\b(?:agent_api|nodejs|process)_\w+/g) ?? [];

  it('use only metrics that the server has, and all of its own', async () => {
    const response = await fetch(server.metricsUrl ?? '');
    const declared = [...(await response.text()).matchAll(/^# TYPE (\S+) (\w+)/gm)];
    const exposed = new Set(
      declared.flatMap(([, name = '', type]) =>
        type === 'histogram' ? [`${name}_bucket`, `${name}_count`, `${name}_sum`] : [name],
      ),
    );
    const files = ['examples/prometheus', 'examples/grafana'].flatMap((folder) =>
      readdirSync(folder).map((file) => readFileSync(`${folder}/${file}`, 'utf8')),
    );
    const used = new Set(files.flatMap(namesIn));
    expect([...used].filter((name) => !exposed.has(name))).toEqual([]);
    const unused = declared.filter(([, name = '']) => {
      const forms = [name, `${name}_bucket`, `${name}_count`];
      return name.startsWith('agent_api_') && !forms.some((form) => used.has(form));
    });
    expect(unused).toEqual([]);
  });

  it('describe each alert, which has a recipe, and no recipe is without its alert', () => {
    const { groups } = parse(readFileSync('examples/prometheus/alerts.yml', 'utf8')) as {
      groups: { rules: { alert: string; expr: string; annotations: { summary: string } }[] }[];
    };
    const rules = groups.flatMap((group) => group.rules);
    const guide = readFileSync('docs/incidents.md', 'utf8');
    const recipes = [...guide.matchAll(/^### (AgentApi\w+)$/gm)].map(([, name]) => name);
    expect(recipes).toEqual(rules.map(({ alert }) => alert));
    for (const { expr, annotations } of rules) {
      expect(expr).not.toBe('');
      expect(annotations.summary).toMatch(/\.$/);
    }
  });
});
