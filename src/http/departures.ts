/** How long an answer waits for others, beside the piece of work that is running. */
const MAX_WAIT_MS = 5;

/**
 * Sends the answers that become ready in one turn of the event loop together, when it ends. Each
 * write to a connection whose client sleeps wakes that up, which costs more than the answer to a
 * small request; a client that is awake reads several. An answer that is alone waits for nothing.
 */
export class Departures {
  #ready: (() => void)[] = [];
  #since = 0;
  #scheduled = false;
  readonly #sendAll = () => {
    this.#scheduled = false;
    this.#depart();
  };

  /** @param send must not throw */
  add(send: () => void): void {
    this.#ready.push(send);
    if (!this.#scheduled) {
      this.#scheduled = true;
      setImmediate(this.#sendAll);
    }
    if (this.#ready.length === 1) this.#since = performance.now();
    else if (performance.now() - this.#since > MAX_WAIT_MS) this.#depart();
  }

  #depart(): void {
    const ready = this.#ready;
    this.#ready = [];
    for (const send of ready) send();
  }
}
