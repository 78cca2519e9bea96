const TICK_MS = 100;

interface Pending {
  readonly at: number;
  readonly late: () => void;
}

/**
 * Calls back when a time has passed, by one coarse timer for all: a timer for each request costs
 * more than the request. Up to 100 ms late.
 */
export class Deadlines {
  readonly #pending = new Set<Pending>();
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param at on the clock of `performance.now()`
   * @returns cancels it
   */
  add(at: number, late: () => void): () => void {
    const pending = { at, late };
    this.#pending.add(pending);
    if (!this.#timer) {
      this.#timer = setInterval(() => this.#tick(), TICK_MS);
      this.#timer.unref();
    }
    return () => void this.#pending.delete(pending);
  }

  #tick(): void {
    const now = performance.now();
    for (const pending of this.#pending) {
      if (pending.at > now) continue;
      this.#pending.delete(pending);
      pending.late();
    }
    if (this.#pending.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
