import { AsyncLocalStorage } from 'node:async_hooks';
import { setMaxListeners } from 'node:events';

/** What bounds a piece of work: its store calls are refused, or given up, once the signal is aborted. */
export interface Bounds {
  /** Its reason is what the calls reject with. */
  readonly signal: AbortSignal;
  /** When the work must be done, on the clock of `performance.now()`. */
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
