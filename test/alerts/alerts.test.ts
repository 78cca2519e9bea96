import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { DomainError } from '../../src/domain/errors.ts';
import { openServices } from '../../src/server/compose.ts';
import { Client } from '../kit/client.ts';
import {
  type Expectation,
  type ExpectedAlert,
  evaluateRules,
  promtool,
  type Series,
} from '../kit/promtool.ts';
import { scraped } from '../kit/scrape.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';

const RULES = 'examples/prometheus/alerts.yml';

interface Rule {
  readonly alert: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

const { groups } = parse(readFileSync(RULES, 'utf8')) as {
  readonly groups: readonly { readonly rules: readonly Rule[] }[];
};
const rules = groups.flatMap((group) => group.rules);

/** As Prometheus scrapes: the samples of a short run are read as if they were so far apart. */
const INTERVAL_SECONDS = 15;
const INTERVAL = `${INTERVAL_SECONDS}s`;
/** What Prometheus adds to each series. */
const TARGET = { instance: 'gateway:9464', job: 'agent-api' };
const TARGET_LABELS = Object.entries(TARGET).map(([name, value]) => `${name}="${value}"`);

function withTarget(sample: string): string {
  const [name, labels = ''] = sample.replace(/}$/, '').split(/{(.*)/s);
  return `${name}{${[labels, ...TARGET_LABELS].filter(Boolean).join(',')}}`;
}

/** An alert as Prometheus fires it. */
function fired({ labels, annotations }: Rule, more: ExpectedAlert['exp_labels'] = {}) {
  return { exp_labels: { ...labels, ...more }, exp_annotations: annotations };
}

/** At a time, exactly these alerts fire. */
function expectOnly(at: string, firing: Readonly<Record<string, ExpectedAlert>>): Expectation[] {
  return rules.map(({ alert }) => ({
    eval_time: at,
    alertname: alert,
    exp_alerts: firing[alert] ? [firing[alert]] : [],
  }));
}

/** A machine that is busy with other tests may be slow. */
const OF_MACHINE = ['AgentApiSlow', 'AgentApiEventLoopLate'];
const ofServer = ({ alertname }: Expectation) => !OF_MACHINE.includes(alertname);

/** A load on a server, scraped after each piece of it. */
class Load {
  readonly #series = new Map<string, string[]>();
  #scrapes = 0;

  async run(server: TestServer, pieces: number, piece: () => Promise<unknown>): Promise<void> {
    for (let i = 0; i < pieces; i += 1) {
      await piece();
      const samples = await scraped(server);
      const values = samples.values.map(([name, value]) => [withTarget(name), value] as const);
      this.#note([...values, [withTarget('up'), '1']]);
    }
  }

  get series(): Series {
    return Object.fromEntries(this.#series);
  }

  /** The time of the last scrape. */
  get end(): string {
    return `${(this.#scrapes - 1) * INTERVAL_SECONDS}s`;
  }

  #note(samples: readonly (readonly [string, string])[]): void {
    for (const [name, value] of samples) {
      const values = this.#series.get(name) ?? Array.from({ length: this.#scrapes }, () => '_');
      values.push(value);
      this.#series.set(name, values);
    }
    this.#scrapes += 1;
  }
}

let server: TestServer;
let agent: string;
/** What the service of orgs throws, if anything. */
let planted: (() => Error) | undefined;

beforeAll(async () => {
  server = await startTestServer(
    { METRICS_PORT: '0', RATE_LIMIT_REFUSED_TOKENS: '0' },
    async (...args) => {
      const open = await openServices(...args);
      const { orgs } = open.services;
      const get = orgs.get.bind(orgs);
      orgs.get = (work, id) => {
        if (planted && work.origin.requestId === 'fails') throw planted();
        return get(work, id);
      };
      return open;
    },
  );
  agent = await server.owner.createAgent();
});
afterAll(() => server.stop());

/** What clients do all day. */
async function usual(): Promise<void> {
  const { owner } = server;
  const base = `/orgs/acme/agents/${agent}`;
  await Promise.all([
    ...['', '/identity', '/skills', '/readiness'].map((part) => owner.get(base + part)),
    owner.get('/orgs/acme/agents'),
    owner.get(`${base}/none-such`),
    owner.patch(base, { description: `at ${performance.now()}` }),
    owner.query(`{ org(id: "acme") { agent(id: "${agent}") { id name } } }`),
  ]);
}

/** Twelve minutes, as the alerts see them: the slowest fires after ten. */
const PIECES = 50;

it('Prometheus accepts the rules', async () => {
  const check = promisify(execFile)(await promtool(), ['check', 'rules', RULES]);
  await expect(check).resolves.toMatchObject({
    stdout: expect.stringContaining(`${rules.length} rules found`),
  });
});

describe('over the metrics of a server under load', () => {
  it('no alert fires while it serves', async () => {
    const load = new Load();
    await load.run(server, PIECES, usual);
    const times = ['5m', '10m', load.end];
    const expected = times.flatMap((at) => expectOnly(at, {}).filter(ofServer));
    await evaluateRules(RULES, INTERVAL, load.series, expected);
  });

  it('only those for bugs, refused load and refused tokens fire when these happen', async () => {
    const failing = { 'X-Request-Id': 'fails' };
    const wrong = new Client(server.url, 'sk-any-api01-not-a-key');
    const load = new Load();
    await load.run(server, PIECES / 4, usual);
    await load.run(server, PIECES, async () => {
      await usual();
      planted = () => new Error('a planted bug');
      await server.owner.get('/orgs/acme', failing);
      planted = () => new DomainError('server.busy', 'planted');
      // More than one, and more than ten, a second.
      const each = async (times: number, request: () => Promise<unknown>) => {
        await Promise.all(Array.from({ length: times * INTERVAL_SECONDS + 10 }, request));
      };
      await each(1, () => server.owner.get('/orgs/acme', failing));
      await each(10, () => wrong.get('/orgs/acme'));
    });
    const firing = rules
      .filter(({ alert }) => alert in { ...FIRE_IN_A_RUN })
      .map((rule) => [rule.alert, fired(rule)] as const);
    const expected = expectOnly(load.end, Object.fromEntries(firing)).filter(ofServer);
    await evaluateRules(RULES, INTERVAL, load.series, expected);
  });
});

/** The alerts that a run of seconds can cause. */
const FIRE_IN_A_RUN: Readonly<Record<string, true>> = {
  AgentApiFails: true,
  AgentApiBug: true,
  AgentApiRefusesLoad: true,
  AgentApiSignInsRefused: true,
};

const fillers = (value: string) => Array.from({ length: PIECES }, () => value);
const rising = (by: number) => Array.from({ length: PIECES }, (_, i) => String(i * by));
const metric = (name: string, labels = '') => withTarget(`${name}{${labels}}`);
const buckets = (name: string, labels: string, les: Readonly<Record<string, number>>) =>
  Object.fromEntries(
    Object.entries(les).map(([le, by]) => [metric(name, `${labels},le="${le}"`), rising(by)]),
  );

/** Series that cause the other alerts, which need time, a broken disk or a dead process. */
const CAUSES: Readonly<Record<string, { series: Series; labels?: ExpectedAlert['exp_labels'] }>> = {
  AgentApiDown: { series: { [metric('up')]: fillers('0') }, labels: TARGET },
  AgentApiSlow: {
    series: buckets('agent_api_request_duration_seconds_bucket', 'door="rest"', {
      '1': 90,
      '2.5': 100,
      '+Inf': 100,
    }),
  },
  AgentApiStoreFails: {
    series: { [metric('agent_api_store_errors_total', 'verb="commit"')]: rising(1) },
  },
  AgentApiEventLoopLate: {
    series: { [metric('nodejs_eventloop_lag_p99_seconds')]: fillers('0.3') },
    labels: TARGET,
  },
  AgentApiEventsWait: { series: { [metric('agent_api_events_oldest_seconds')]: fillers('150') } },
  AgentApiDeliveriesLate: {
    series: { [metric('agent_api_delivery_lag_seconds')]: fillers('400') },
  },
};

it('every alert is caused by a test', () => {
  const caused = [...Object.keys(FIRE_IN_A_RUN), ...Object.keys(CAUSES)];
  expect(caused.sort()).toEqual(rules.map(({ alert }) => alert).sort());
});

it.each(rules.filter(({ alert }) => alert in CAUSES))('$alert fires alone', async (rule) => {
  const { series = {}, labels } = CAUSES[rule.alert] ?? {};
  const expected = expectOnly('12m', { [rule.alert]: fired(rule, labels) });
  await evaluateRules(RULES, INTERVAL, series, expected);
});
