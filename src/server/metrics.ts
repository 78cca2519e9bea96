import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { ChangeDoc } from '../changes/collection.ts';
import { DomainError } from '../domain/errors.ts';
import type { CallObserver } from '../store/observed.ts';
import { type Collection, type Doc, type RangeScan, StoreUnavailable } from '../store/port.ts';
import type { DeliveryDoc } from '../webhooks/collection.ts';
import { type Work, workUntil } from '../work.ts';
import type { Ended } from './access-log.ts';

/** What is read when the metrics are scraped. */
export interface Gauges {
  readonly changes: Collection<ChangeDoc>;
  readonly deliveries: Collection<DeliveryDoc>;
  /** Bytes of kept answers. */
  keptBytes(): number;
  /** Live streams that are watched. */
  streams(): number;
  /** What requests hold. */
  load(): Load;
  now(): Date;
}

export interface Load {
  readonly requests: number;
  readonly bodyBytes: number;
  readonly unreadBytes: number;
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const STORE_SECONDS = [0.00001, 0.0001, 0.001, 0.01, 0.1, 1, 10];
const FIELDS = [10, 100, 1_000, 3_000, 10_000, 30_000];
/** Counted no further: the oldest one says more. */
const MAX_COUNTED = 1_000;
const SCRAPE_MS = 2_000;

/**
 * What the server does, for Prometheus. No label has a value that callers choose: operations are
 * REST routes and root fields of GraphQL, and neither orgs nor principals are named.
 */
export class Metrics {
  readonly #registry = new Registry();
  readonly #requests = new Histogram({
    name: 'agent_api_request_duration_seconds',
    help: 'Duration of requests until the answer was handed over. Streams are not counted.',
    labelNames: ['door', 'operation', 'status'],
    buckets: SECONDS,
    registers: [this.#registry],
  });
  readonly #cpu = this.#counter(
    'agent_api_request_cpu_seconds_total',
    'How long requests kept the event loop, at least.',
    ['door', 'operation'],
  );
  readonly #bytes = this.#counter('agent_api_answer_bytes_total', 'Bytes of bodies of answers.', [
    'door',
  ]);
  readonly #refusals = this.#counter(
    'agent_api_refusals_total',
    'Requests that ended with an error, by its code; refused tokens are auth.unauthenticated.',
    ['door', 'code'],
  );
  readonly #answers = this.#counter(
    'agent_api_answers_total',
    'Answers over REST and GraphQL, by whether they were kept from an earlier request.',
    ['door', 'cached'],
  );
  readonly #fields = new Histogram({
    name: 'agent_api_query_fields',
    help: 'Fields of GraphQL queries: estimated before; counted in the items of lists after.',
    labelNames: ['kind'],
    buckets: FIELDS,
    registers: [this.#registry],
  });
  readonly #store = new Histogram({
    name: 'agent_api_store_call_duration_seconds',
    help: 'Duration of calls of the store.',
    labelNames: ['verb'],
    buckets: STORE_SECONDS,
    registers: [this.#registry],
  });
  readonly #storeErrors = this.#counter(
    'agent_api_store_errors_total',
    'Calls of the store that failed: unavailable, or other.',
    ['verb', 'reason'],
  );
  readonly #attempts = this.#counter(
    'agent_api_webhook_attempts_total',
    'Attempts to deliver an event to a webhook.',
    ['outcome'],
  );

  constructor() {
    collectDefaultMetrics({ register: this.#registry });
  }

  readonly onEnd = ({ exchange: { notes }, entrance, status, bytes, ms }: Ended): void => {
    const { operation, cpuMs, code, cached, fields } = notes;
    const name = operation?.label ?? 'none';
    if (bytes !== undefined) {
      this.#requests.observe({ door: entrance, operation: name, status }, ms / 1_000);
      this.#bytes.inc({ door: entrance }, bytes);
    }
    if (cpuMs !== undefined) this.#cpu.inc({ door: entrance, operation: name }, cpuMs / 1_000);
    if (code !== undefined) this.#refusals.inc({ door: entrance, code });
    else if (operation) this.#answers.inc({ door: entrance, cached: String(cached) });
    if (!fields) return;
    this.#fields.observe({ kind: 'estimated' }, fields.estimated);
    this.#fields.observe({ kind: 'counted' }, fields.counted);
  };

  readonly onStoreCall: CallObserver = ({ verb }) => {
    const startedAt = performance.now();
    return (error) => {
      this.#store.observe({ verb }, (performance.now() - startedAt) / 1_000);
      // A request that timed out or was abandoned gives its calls up.
      if (error === undefined || error instanceof DomainError) return;
      const reason = error instanceof StoreUnavailable ? 'unavailable' : 'other';
      this.#storeErrors.inc({ verb, reason });
    };
  };

  onAttempt(outcome: 'success' | 'failure'): void {
    this.#attempts.inc({ outcome });
  }

  /** Adds what is read at each scrape. */
  read({ changes, deliveries, keptBytes, streams, load, now }: Gauges): void {
    this.#gauge('agent_api_answer_cache_bytes', 'Bytes of kept answers.', keptBytes);
    this.#gauge('agent_api_streams', 'Live streams that are watched.', streams);
    this.#gauge('agent_api_requests_under_way', 'Requests under way.', () => load().requests);
    this.#gauge('agent_api_body_bytes', 'Bytes of bodies that are being read.', () => {
      return load().bodyBytes;
    });
    this.#gauge(
      'agent_api_unread_answer_bytes',
      'Bytes of answers that clients have not read.',
      () => {
        return load().unreadBytes;
      },
    );
    const pending = onceAScrape(() => waiting(changes, 'pending', 'at', now()));
    const due = onceAScrape(() =>
      waiting(deliveries, 'due', 'dueAt', now(), { before: now().toISOString() }),
    );
    this.#gauge(
      'agent_api_events_pending',
      `Events that are not passed on yet, at most ${MAX_COUNTED}.`,
      async () => (await pending()).count,
    );
    this.#gauge(
      'agent_api_events_oldest_seconds',
      'Age of the oldest event that is not passed on yet.',
      async () => (await pending()).seconds,
    );
    this.#gauge(
      'agent_api_deliveries_due',
      `Deliveries that are due, at most ${MAX_COUNTED}.`,
      async () => (await due()).count,
    );
    this.#gauge(
      'agent_api_delivery_lag_seconds',
      'How long the delivery that is due the longest has been due.',
      async () => (await due()).seconds,
    );
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }

  #counter<L extends string>(name: string, help: string, labelNames: L[]): Counter<L> {
    return new Counter({ name, help, labelNames, registers: [this.#registry] });
  }

  #gauge(name: string, help: string, read: () => number | Promise<number>): void {
    new Gauge({
      name,
      help,
      registers: [this.#registry],
      async collect() {
        // A store that does not answer has a counter of its own.
        this.set(
          await Promise.resolve()
            .then(read)
            .catch(() => Number.NaN),
        );
      },
    });
  }
}

interface Waiting {
  readonly count: number;
  /** Since when the oldest waits. */
  readonly seconds: number;
}

/** Two gauges of one scrape share what they read. */
function onceAScrape(read: () => Promise<Waiting>): () => Promise<Waiting> {
  let last: Promise<Waiting> | undefined;
  return () => {
    last ??= read().finally(() => {
      last = undefined;
    });
    return last;
  };
}

/**
 * The documents of an index, which has those first that wait the longest.
 *
 * @param since the field with the time since when a document waits
 */
async function waiting<F extends string, D extends Doc & { readonly [K in F]?: string }>(
  collection: Collection<D>,
  index: string,
  since: F,
  now: Date,
  range: Pick<RangeScan, 'before'> = {},
): Promise<Waiting> {
  const scan = { index, eq: [], limit: MAX_COUNTED, fields: [since], ...range };
  const { docs } = await collection.scan(scrape(), scan);
  const at = docs[0]?.[since];
  const seconds = at === undefined ? 0 : Math.max(0, now.getTime() - Date.parse(at)) / 1_000;
  return { count: docs.length, seconds };
}

function scrape(): Work {
  const origin = { actor: { kind: 'system', id: 'metrics' }, door: 'system' } as const;
  return workUntil(AbortSignal.timeout(SCRAPE_MS), performance.now() + SCRAPE_MS, origin);
}
