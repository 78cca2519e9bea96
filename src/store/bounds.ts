import { AsyncLocalStorage } from 'node:async_hooks';
import { setMaxListeners } from 'node:events';

/**
 * What bounds a piece of work, such as a request. Its store calls are refused, or
 * given up, once the signal is aborted; calls to others take `currentBounds()?.signal`.
 */
export interface Bounds {
  /** Its reason is what the calls reject with. */
  readonly signal: AbortSignal;
  /** When the work should be done, on the clock of `performance.now()`. */
  readonly deadline: number;
}

const ambient = new AsyncLocalStorage<Bounds>();

/** Runs work whose store calls, however deep, are bounded. */
export function within<T>(bounds: Bounds, work: () => T): T {
  // Each call under way listens.
  setMaxListeners(0, bounds.signal);
  return ambient.run(bounds, work);
}

/** The bounds of the work that is running; undefined for work of the server's own. */
export function currentBounds(): Bounds | undefined {
  return ambient.getStore();
}

/** Runs work that outlives the request that caused it. */
export function unbounded<T>(work: () => T): T {
  return ambient.exit(work);
}

/**
 * Runs work that must not stop halfway: when what bounds it says so, nobody waits
 * for it any more, but it goes on to its end.
 */
export function toTheEnd<T>(work: () => Promise<T>): Promise<T> {
  return bounded(() => {
    const running = unbounded(work);
    underWay.add(running);
    const over = () => void underWay.delete(running);
    running.then(over, over);
    return running;
  });
}

/** What runs to its end, whether or not somebody still waits for it. */
const underWay = new Set<Promise<unknown>>();

/** Resolves when nothing runs that must not stop halfway: a store is not closed under it. */
export async function allEnded(): Promise<void> {
  while (underWay.size > 0) await Promise.allSettled(underWay);
}

/**
 * The outcome of work, or the signal's reason as soon as that is aborted: then the
 * work is left to end by itself, and its outcome is nobody's any more.
 */
export function orAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const giveUp = () => reject(signal.reason);
    if (signal.aborted) giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp));
  });
}

/** Runs work, and gives it up when what bounds it says so. */
export function bounded<T>(work: () => Promise<T>): Promise<T> {
  const bounds = currentBounds();
  return bounds ? orAborted(bounds.signal, work()) : work();
}
