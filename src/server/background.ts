import { catchUp } from '../changes/catch-up.ts';
import { JobRunner } from '../changes/job-runner.ts';
import { purging } from '../changes/purge.ts';
import { Relay } from '../changes/relay.ts';
import { succeeded } from '../domain/webhook-deliveries.ts';
import { HistoryRetention } from '../history/retention.ts';
import { LimitExchange } from '../rate-limits/exchange.ts';
import { SharedLimitSweep } from '../rate-limits/sweep.ts';
import type { Tracer } from '../tracing/span.ts';
import { DeliveryRunner } from '../webhooks/runner.ts';
import { Sender } from '../webhooks/send.ts';
import { systemWork } from '../work.ts';
import { MAX_LATE_MS, type OpenServices } from './compose.ts';
import type { Logger } from './log.ts';
import type { Metrics } from './metrics.ts';
import type { Settings } from './settings.ts';

const MAX_DRAIN_MS = 3_000;
const SELDOM_MS = 60_000;

/** What watches the work in the background. */
interface BackgroundObservers {
  readonly metrics?: Metrics | undefined;
  readonly tracer?: Tracer | undefined;
}

/**
 * Starts what runs beside the requests: passing on events, delivering to webhooks, purges, removing
 * old versions and expired answers, and noting uses of API keys.
 *
 * @returns stops it all, and waits for what is under way
 */
export function startBackground(
  {
    services,
    store,
    log: changeLog,
    logParts,
    historyParts,
    deliveryParts,
    idempotency,
    effects,
    limits,
    sharedLimits,
  }: OpenServices,
  { webhookAllowPrivate, requestTimeoutMs, historyDays }: Settings,
  log: Logger,
  { metrics, tracer }: BackgroundObservers,
): () => Promise<void> {
  const { apiKeys, webhooks } = services;
  const work = systemWork('background');
  const logged = (message: string) => (error: unknown) => log.error({ err: error }, message);

  const now = () => effects.now().getTime();
  apiKeys.lastUse.start(work, now, logged('last use of API keys not written; it is tried again'));

  idempotency.sweep.start(logged('expired answers not removed; it is tried again'));

  const sender = new Sender(webhookAllowPrivate, undefined, tracer);
  const runner = new DeliveryRunner({
    ...deliveryParts,
    service: webhooks,
    send: (url, secrets, event, now) => sender.send(url, secrets, event, now),
    now: () => new Date(),
    jitter: Math.random,
    onAttempt({ org, webhook, event, tries }, attempt) {
      const outcome = succeeded(attempt) ? 'success' : 'failure';
      metrics?.onAttempt(outcome);
      if (outcome === 'success') return;
      const { statusCode, error, durationMs } = attempt;
      const failed = { status: statusCode, error, ms: durationMs, attempt: tries + 1 };
      const { id, type, requestId } = event;
      log.warn({ requestId, org, webhook, event: id, type, ...failed }, 'delivery failed');
    },
    onError: logged('deliveries to webhooks failed here; they are tried again'),
  });
  webhooks.onDue(() => runner.kick());
  runner.start();

  const { changes, jobs } = logParts;
  const relay = new Relay({
    store,
    changes,
    sink: (work, events) => webhooks.fanOut(work, events),
    onPassedOn: () => webhooks.delivered(),
    onError: logged('events not passed on; they are tried again'),
  });
  const jobRunner = new JobRunner({
    store,
    jobs,
    handlers: {
      purge: purging(store, (type) => changeLog.purgersOf(type)),
      catchUp: catchUp(store, changes, () => relay.kick()),
    },
    graceMs: requestTimeoutMs + MAX_LATE_MS,
    now: effects.now,
    onError: logged('a job in the background failed; it is tried again'),
  });
  changeLog.listen({ pending: () => relay.kick(), job: (afterMs) => jobRunner.kick(afterMs) });
  relay.start();
  jobRunner.start();

  const retention = new HistoryRetention({
    ...historyParts,
    store,
    keepDays: historyDays,
    now: effects.now,
  });
  retention.start(logged('old versions of agents not removed; they are removed later'));

  const exchange = new LimitExchange({
    store,
    limits: sharedLimits,
    buckets: limits.buckets,
    now: effects.now,
    onError: seldom(logged('rate limits not shared; each process limits by itself')),
  });
  const limitSweep = new SharedLimitSweep({ store, limits: sharedLimits, now: effects.now });
  // Every process on an embedded store is on one machine, where one is enough.
  if (!store.traits.embedded) {
    exchange.start();
    limitSweep.start(logged('shared rate limits not removed; it is tried again'));
  }

  return async () => {
    await exchange.stop();
    const passes = [retention, idempotency.sweep, limitSweep];
    await Promise.all([relay, jobRunner, ...passes].map((it) => it.stop()));
    // What is cut off counts as a failed try, and comes again.
    const cut = setTimeout(() => void sender.close(), MAX_DRAIN_MS);
    await runner.stop();
    clearTimeout(cut);
    await sender.close();
  };
}

/** Passes on what it is called with, at most once a minute. */
function seldom(report: (error: unknown) => void): (error: unknown) => void {
  let reportedAt = Number.NEGATIVE_INFINITY;
  return (error) => {
    const now = performance.now();
    if (now - reportedAt < SELDOM_MS) return;
    reportedAt = now;
    report(error);
  };
}
