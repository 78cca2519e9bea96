import { Rotation } from './rotation.ts';

/** How long work of all callers together may keep the event loop before some of it waits. */
const SLICE_MS = 10;

/** Called with how long a piece of work of a caller has kept the event loop. */
export type TurnListener = (caller: string, ms: number) => void;

/**
 * Shares the event loop: once a turn of it has taken its slice, further work waits for a turn of
 * its own. Callers have turns in rotation.
 */
export class Turns {
  /** When the work of the present turn began; undefined before there is any. */
  #startedAt: number | undefined;
  #scheduled = false;
  /** Whose piece of work runs in the present turn, where it had to wait for it. */
  #resumed: string | undefined;
  readonly #waiting = new Rotation<{ readonly caller: string; readonly resume: () => void }>();
  readonly #listeners = new Set<TurnListener>();
  /** Counts turns, while there is work. */
  count = 0;

  /** @returns removes the listener */
  measure(listener: TurnListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /**
   * Called between pieces of work.
   *
   * @param caller the caller that the work is for
   * @returns resolves in a later turn; undefined while the present one has time left
   */
  rest(caller: string): Promise<void> | undefined {
    const now = performance.now();
    this.#startedAt ??= now;
    this.#schedule();
    if (now - this.#startedAt < SLICE_MS) return undefined;
    return new Promise((resume) => this.#waiting.add(caller, { caller, resume }));
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    // The second runs right after the first and all that follows from it.
    setImmediate(() => this.#next());
    setImmediate(() => this.#note());
  }

  #next(): void {
    this.#scheduled = false;
    this.#startedAt = undefined;
    this.count += 1;
    const next = this.#waiting.next();
    if (!next) return;
    this.#startedAt = performance.now();
    this.#resumed = next.caller;
    next.resume();
  }

  #note(): void {
    const caller = this.#resumed;
    if (caller === undefined) return;
    this.#resumed = undefined;
    const ms = performance.now() - (this.#startedAt ?? performance.now());
    for (const listener of this.#listeners) listener(caller, ms);
    this.#startedAt = undefined;
    if (this.#waiting.size > 0) this.#schedule();
  }
}
