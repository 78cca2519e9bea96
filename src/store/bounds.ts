import type { Span } from '../tracing/span.ts';

/**
 * What bounds a store call, passed to every verb: until when the result is worth having, a log of
 * what was read, and the span that the call belongs to. Passed explicitly, for ambient context costs every promise of a request.
 */
export interface Bounds {
  /** When the work should be done, on the clock of `performance.now()`; Infinity when unbounded. */
  readonly deadline: number;
  /**
   * Aborted once nobody waits for the work; calls under way reject with its reason.
   * Created when it is first asked for: most work ends before anything listens.
   */
  readonly signal: AbortSignal;
  /** Notes what is read, if the answer may be kept; undefined otherwise. */
  readonly reads: ReadLog | undefined;
  /** Undefined for what is not traced. */
  readonly span: Span | undefined;
  /** @throws the reason, once nobody waits for the work */
  assertWanted(): void;
}

/**
 * A document in one state. `version` is the number that the store gave that state (see
 * `Store.versions`), and not the document's own; undefined for one that did not exist.
 */
export interface DocumentVersion {
  readonly collection: string;
  readonly key: string;
  readonly version: number | undefined;
}

/** What a piece of work read. An answer made of single documents is valid while their versions last. */
export interface ReadLog {
  /** @param version as `Store.versions` returns it: undefined when there is no such document */
  document(collection: string, key: string, version: number | undefined): void;
  /** Notes a read of anything but single documents: an index, the clock. */
  other(): void;
}

/** The value, or a promise of it: an embedded store answers at once, a remote one later. */
export type MaybePromise<T> = T | Promise<T>;

/** What follows from a value: at once, where it is there at once. */
export function andThen<T, U>(
  value: MaybePromise<T>,
  next: (value: T) => MaybePromise<U>,
): MaybePromise<U> {
  return value instanceof Promise ? value.then(next) : next(value);
}

/**
 * The outcome of a call, or the reason of the bounds once nobody waits for it. The call keeps
 * running then; its outcome is discarded.
 */
export function orAbandoned<T>({ signal }: Pick<Bounds, 'signal'>, call: Promise<T>): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const giveUp = () => reject(signal.reason);
    if (signal.aborted) giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    call.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp));
  });
}

/** The bounds of what a store does for itself: none. */
export const UNBOUNDED: Bounds = {
  deadline: Number.POSITIVE_INFINITY,
  // Nobody ends it.
  signal: new AbortController().signal,
  reads: undefined,
  span: undefined,
  assertWanted: () => undefined,
};
