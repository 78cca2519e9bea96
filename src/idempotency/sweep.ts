import { setTimeout as sleep } from 'node:timers/promises';
import type { Collection, Store } from '../store/port.ts';
import type { Work } from '../work.ts';
import type { IdempotencyDoc } from './collection.ts';

export interface SweepParts {
  readonly store: Pick<Store, 'commit'>;
  readonly records: Collection<IdempotencyDoc>;
  readonly now: () => Date;
}

const SWEEP_EVERY_MS = 600_000;
/** The documents of one slice: on the embedded store, less than 5 ms of the event loop. */
const SLICE = 50;
/** Between two slices, for whatever else waits. */
const PAUSE_MS = 5;

/** Removes expired records, in slices with pauses. Any number of processes may do so. */
export class IdempotencySweep {
  readonly #parts: SweepParts;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #stopping = new AbortController();

  constructor(parts: SweepParts) {
    this.#parts = parts;
  }

  /** @param onError called with the error of a run that failed; the next run continues */
  start(work: Work, onError: (error: unknown) => void): void {
    this.#stopping = new AbortController();
    const run = () => {
      this.#running ??= this.run(work)
        .catch(onError)
        .finally(() => {
          this.#running = undefined;
        });
    };
    this.#timer = setInterval(run, SWEEP_EVERY_MS);
    this.#timer.unref();
    run();
  }

  /** Waits for the slice under way. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#stopping.abort();
    await this.#running;
  }

  /** Removes every record that has expired by now. */
  async run(work: Work): Promise<void> {
    const { store, records, now } = this.#parts;
    const { signal } = this.#stopping;
    const before = now().toISOString();
    while (!signal.aborted) {
      const scan = { index: 'byExpiry', eq: [], before, limit: SLICE, fields: [] };
      const { docs } = await records.scan(work, scan);
      if (docs.length === 0) return;
      // On a conflict a key was used again, or another process sweeps: the next scan shows it.
      const writes = docs.map(({ key, version }) => records.toDelete(key, version));
      await store.commit(work, writes);
      await sleep(PAUSE_MS);
    }
  }
}
