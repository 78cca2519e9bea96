/** When background work passes over the store. */
interface PassTimes {
  /** From the start to the first pass. */
  readonly firstMs: number;
  /** From the end of a pass to the next one. */
  readonly everyMs: number;
}

/** Background work that passes over the store now and then, until it is stopped. */
export abstract class Passes {
  readonly #times: PassTimes;
  #timer: NodeJS.Timeout | undefined;
  #passing: Promise<void> | undefined;
  #stopping = new AbortController();

  constructor(times: PassTimes) {
    this.#times = times;
  }

  /** One pass. @throws the reason of the signal when it is interrupted */
  abstract run(): Promise<void>;

  /** Interrupts a pass. */
  protected get signal(): AbortSignal {
    return this.#stopping.signal;
  }

  /** @param onError called with the error of a pass that failed; the next one continues */
  start(onError: (error: unknown) => void): void {
    this.#stopping = new AbortController();
    this.#schedule(this.#times.firstMs, onError);
  }

  /** Interrupts the pass under way; the next start begins another. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    this.#stopping.abort();
    await this.#passing;
  }

  #schedule(ms: number, onError: (error: unknown) => void): void {
    this.#timer = setTimeout(() => {
      this.#passing = this.#pass(onError);
    }, ms);
    this.#timer.unref();
  }

  async #pass(onError: (error: unknown) => void): Promise<void> {
    try {
      await this.run();
    } catch (error) {
      if (this.signal.aborted) return;
      onError(error);
    }
    if (!this.signal.aborted) this.#schedule(this.#times.everyMs, onError);
  }
}
