import type { DomainEvent } from './events.ts';

/** One event on its way to one webhook. */
export interface Delivery {
  readonly event: DomainEvent;
  readonly status: 'pending' | 'success' | 'failure';
  /** How often it was tried since it was last asked for. */
  readonly tries: number;
  /** What was tried, oldest first; the last few. */
  readonly attempts: readonly Attempt[];
  /** From when on it is to be tried; while it is pending. */
  readonly dueAt?: string;
  /** While its first try has not ended, and later events of its subject wait for it. */
  readonly queue?: string;
  /** Until when it is kept; once it is no longer pending. */
  readonly keptUntil?: string;
}

export interface Attempt {
  /** ISO-8601. */
  readonly at: string;
  /** What the receiver answered. */
  readonly statusCode?: number;
  /** Why there was no answer. */
  readonly error?: string;
  readonly durationMs: number;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** How long after each failed try the next one comes; then there is none (decisions, "Webhooks"). */
export const RETRY_AFTER_MS: readonly number[] = [
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
];
/** A retry comes up to this share later, so that those of one outage do not come together. */
const JITTER = 0.1;
const KEPT_MS = 7 * 24 * HOUR;
const ATTEMPTS_SHOWN = 12;

export function newDelivery(event: DomainEvent, queue: string): Delivery {
  // By the event's time, so that a queue is worked off in the order of its events.
  return { event, status: 'pending', tries: 0, attempts: [], dueAt: event.timestamp, queue };
}

export function succeeded({ statusCode }: Attempt): boolean {
  return statusCode !== undefined && statusCode >= 200 && statusCode < 300;
}

/** Whether the receiver says that it is gone for good. */
export function isGone({ statusCode }: Attempt): boolean {
  return statusCode === 410;
}

/**
 * The delivery after a try: done, given up, or due again.
 *
 * @param jitter from 0 to 1
 */
export function tried<D extends Delivery>(delivery: D, attempt: Attempt, jitter: number): D {
  const tries = delivery.tries + 1;
  const attempts = [...delivery.attempts, attempt].slice(-ATTEMPTS_SHOWN);
  const after = { ...delivery, tries, attempts };
  const now = Date.parse(attempt.at) + attempt.durationMs;
  if (succeeded(attempt)) return ended(after, 'success', now);
  const delay = isGone(attempt) ? undefined : RETRY_AFTER_MS[tries - 1];
  if (delay === undefined) return ended(after, 'failure', now);
  const { queue, ...waiting } = after;
  return { ...waiting, dueAt: isoAt(now + delay * (1 + JITTER * jitter)) } as D;
}

/** The delivery of a webhook that takes none now. */
export function calledOff<D extends Delivery>(delivery: D, error: string, now: Date): D {
  const attempt = { at: now.toISOString(), error, durationMs: 0 };
  const attempts = [...delivery.attempts, attempt].slice(-ATTEMPTS_SHOWN);
  return ended({ ...delivery, attempts }, 'failure', now.getTime());
}

/** The delivery as it is asked for anew. */
export function askedAgain<D extends Delivery>(delivery: D, now: Date): D {
  const { keptUntil, queue, ...rest } = delivery;
  return { ...rest, status: 'pending', tries: 0, dueAt: now.toISOString() } as unknown as D;
}

function ended<D extends Delivery>(delivery: D, status: 'success' | 'failure', now: number): D {
  const { dueAt, queue, ...rest } = delivery;
  return { ...rest, status, keptUntil: isoAt(now + KEPT_MS) } as unknown as D;
}

function isoAt(ms: number): string {
  return new Date(ms).toISOString();
}
