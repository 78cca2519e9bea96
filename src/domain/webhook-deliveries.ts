import type { DomainEvent } from './events.ts';

export const DELIVERY_STATUSES = ['pending', 'success', 'failure'] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** The delivery of one event to one webhook. */
export interface Delivery {
  readonly event: DomainEvent;
  readonly status: DeliveryStatus;
  /** Attempts since the delivery was last requested. */
  readonly tries: number;
  /** The latest attempts, oldest first. */
  readonly attempts: readonly Attempt[];
  /** ISO-8601. Set while pending: the earliest time of the next attempt. */
  readonly dueAt?: string;
  /** Set until the first attempt has ended: later events of the same queue wait for it. */
  readonly queue?: string;
  /** ISO-8601. Set once it is no longer pending: the time after which it is removed. */
  readonly keptUntil?: string;
}

export interface Attempt {
  /** ISO-8601. */
  readonly at: string;
  /** The receiver's status; unset if there was no answer. */
  readonly statusCode?: number;
  /** Why there was no answer. */
  readonly error?: string;
  /** The beginning of the answer, without secrets; of the latest attempts only. */
  readonly response?: ResponseExcerpt;
  readonly durationMs: number;
}

/** What is kept of the answer of a receiver. */
export interface ResponseExcerpt {
  /** The media type, as the receiver wrote it. */
  readonly type?: string;
  /** The beginning of a text. */
  readonly body?: string;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** The delay after each failed attempt. There is none after the last (decisions, "Webhooks"). */
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
/** A delay is up to this share longer, so that the retries after an outage are spread. */
const JITTER = 0.1;
const RETENTION_MS = 7 * 24 * HOUR;
const MAX_ATTEMPTS_KEPT = 12;
/** The latest attempts that keep what the receiver answered: it bounds what a delivery stores. */
const MAX_RESPONSES_KEPT = 3;

export function newDelivery(event: DomainEvent, queue: string): Delivery {
  // Due at the event's time, so that a queue is processed in the order of its events.
  return { event, status: 'pending', tries: 0, attempts: [], dueAt: event.timestamp, queue };
}

/** The body of the requests for an event: the same for every attempt. */
export function bodyOf({ type, timestamp, data }: DomainEvent): string {
  return JSON.stringify({ type, timestamp, data });
}

export function succeeded({ statusCode }: Attempt): boolean {
  return statusCode !== undefined && statusCode >= 200 && statusCode < 300;
}

/** Whether the receiver reports that it no longer exists. */
export function isGone({ statusCode }: Attempt): boolean {
  return statusCode === 410;
}

/**
 * The delivery after an attempt: ended, or due again.
 *
 * @param jitter from 0 to 1
 */
export function afterAttempt<D extends Delivery>(delivery: D, attempt: Attempt, jitter: number): D {
  const tries = delivery.tries + 1;
  const attempts = withAttempt(delivery, attempt);
  const after = { ...delivery, tries, attempts };
  const now = Date.parse(attempt.at) + attempt.durationMs;
  if (succeeded(attempt)) return ended(after, 'success', now);
  const delay = isGone(attempt) ? undefined : RETRY_AFTER_MS[tries - 1];
  if (delay === undefined) return ended(after, 'failure', now);
  const { queue, ...waiting } = after;
  return { ...waiting, dueAt: isoAt(now + delay * (1 + JITTER * jitter)) } as D;
}

/** The delivery, ended without an attempt because its webhook is paused or was removed. */
export function cancelledDelivery<D extends Delivery>(delivery: D, error: string, now: Date): D {
  const attempt = { at: now.toISOString(), error, durationMs: 0 };
  const attempts = withAttempt(delivery, attempt);
  return ended({ ...delivery, attempts }, 'failure', now.getTime());
}

/** The delivery, requested again. */
export function requestedAgain<D extends Delivery>(delivery: D, now: Date): D {
  const { keptUntil, queue, ...rest } = delivery;
  return { ...rest, status: 'pending', tries: 0, dueAt: now.toISOString() } as unknown as D;
}

function withAttempt({ attempts }: Delivery, attempt: Attempt): readonly Attempt[] {
  const kept = [...attempts, attempt].slice(-MAX_ATTEMPTS_KEPT);
  const bare = Math.max(0, kept.length - MAX_RESPONSES_KEPT);
  return kept.map((it, i) => (i < bare ? withoutResponse(it) : it));
}

function withoutResponse({ response, ...attempt }: Attempt): Attempt {
  return attempt;
}

function ended<D extends Delivery>(delivery: D, status: 'success' | 'failure', now: number): D {
  const { dueAt, queue, ...rest } = delivery;
  return { ...rest, status, keptUntil: isoAt(now + RETENTION_MS) } as unknown as D;
}

function isoAt(ms: number): string {
  return new Date(ms).toISOString();
}
