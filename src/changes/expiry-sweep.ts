import type { Collection, Doc, Store } from '../store/port.ts';
import { systemWork, type Work } from '../work.ts';
import { Pace } from './pace.ts';
import { Passes } from './passes.ts';

export interface ExpirySweepOptions<D extends Doc> {
  /** Who is named as the author of the work. */
  readonly name: string;
  readonly store: Pick<Store, 'commit'>;
  readonly docs: Collection<D>;
  /** The index that orders the documents by the time at which they expire. */
  readonly index: string;
  /** Documents that expired before it are removed. */
  readonly before: () => Date;
  /** From the start to the first pass. */
  readonly firstMs: number;
}

export const SWEEP_EVERY_MS = 600_000;

/** The documents of one slice: on the embedded store, less than 5 ms of the event loop. */
const SLICE = 50;

/** Removes expired documents, in slices with pauses. Any number of processes may do so. */
export class ExpirySweep<D extends Doc> extends Passes {
  readonly #options: ExpirySweepOptions<D>;
  readonly #work: Work;

  constructor(options: ExpirySweepOptions<D>) {
    super({ firstMs: options.firstMs, everyMs: SWEEP_EVERY_MS });
    this.#options = options;
    this.#work = systemWork(options.name);
  }

  /** Removes every document that has expired by now. */
  override async run(): Promise<void> {
    const { store, docs: collection, index } = this.#options;
    const pace = new Pace(this.signal);
    const before = this.#options.before().toISOString();
    for (;;) {
      const scan = { index, eq: [], before, limit: SLICE, fields: [] };
      const { docs } = await collection.scan(this.#work, scan);
      if (docs.length === 0) return;
      // On a conflict a document is used again, or another process sweeps: the next scan shows it.
      const writes = docs.map(({ key, version }) => collection.toDelete(key, version));
      await store.commit(this.#work, writes);
      await pace.rest();
    }
  }
}
