import { Rotation } from './rotation.ts';

/** How long work of all callers together may keep the event loop before some of it waits. */
const SLICE_MS = 10;

/**
 * Shares the event loop: once a turn of it has taken its slice, further work waits for a turn of
 * its own. Callers have turns in rotation.
 */
export class Turns {
  /** When the work of the present turn began; undefined before there is any. */
  #startedAt: number | undefined;
  #scheduled = false;
  readonly #waiting = new Rotation<() => void>();

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
    return new Promise((resolve) => this.#waiting.add(caller, resolve));
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.#next());
  }

  #next(): void {
    this.#scheduled = false;
    this.#startedAt = undefined;
    const resume = this.#waiting.next();
    if (!resume) return;
    this.#startedAt = performance.now();
    this.#schedule();
    resume();
  }
}
