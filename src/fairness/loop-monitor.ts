const TICK_MS = 100;
/** Of the mean: the newest delay counts for a quarter. */
const WEIGHT = 0.25;

/** Measures by how much the event loop is late, on the mean of about the last half second. */
export class LoopMonitor {
  readonly #maxDelayMs: number;
  #delay = 0;
  #last = performance.now();
  #timer: NodeJS.Timeout | undefined;

  /** @param maxDelayMs the loop is saturated while it is later than that */
  constructor(maxDelayMs: number) {
    this.#maxDelayMs = maxDelayMs;
  }

  get saturated(): boolean {
    // What has not ended yet counts too.
    const running = performance.now() - this.#last - TICK_MS;
    return Math.max(this.#delay, WEIGHT * running) > this.#maxDelayMs;
  }

  start(): void {
    this.#last = performance.now();
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #tick(): void {
    const now = performance.now();
    const late = Math.max(0, now - this.#last - TICK_MS);
    this.#delay += WEIGHT * (late - this.#delay);
    this.#last = now;
  }
}
