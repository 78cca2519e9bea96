import { setTimeout as sleep } from 'node:timers/promises';

/** Between two slices, for whatever else waits: so long at least, and twice as long as the slice took. */
const MIN_PAUSE_MS = 5;
const PAUSE_SHARE = 2;

/** Paces background work that is done in slices. */
export class Pace {
  readonly #signal: AbortSignal;
  #began = performance.now();

  /** @param signal interrupts the work between two slices */
  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /** Called after each slice. @throws the reason of the signal */
  async rest(): Promise<void> {
    this.#signal.throwIfAborted();
    await sleep(Math.max(MIN_PAUSE_MS, PAUSE_SHARE * (performance.now() - this.#began)));
    this.#signal.throwIfAborted();
    this.#began = performance.now();
  }
}
