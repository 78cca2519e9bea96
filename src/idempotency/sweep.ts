import { Pace } from '../changes/pace.ts';
import { Passes } from '../changes/passes.ts';
import type { Collection, Store } from '../store/port.ts';
import { systemWork } from '../work.ts';
import type { IdempotencyDoc } from './collection.ts';

export interface SweepParts {
  readonly store: Pick<Store, 'commit'>;
  readonly records: Collection<IdempotencyDoc>;
  readonly now: () => Date;
}

const SWEEP_EVERY_MS = 600_000;
/** The documents of one slice: on the embedded store, less than 5 ms of the event loop. */
const SLICE = 50;

/** Removes expired records, in slices with pauses. Any number of processes may do so. */
export class IdempotencySweep extends Passes {
  readonly #work = systemWork('idempotency');
  readonly #parts: SweepParts;

  constructor(parts: SweepParts) {
    super({ firstMs: 0, everyMs: SWEEP_EVERY_MS });
    this.#parts = parts;
  }

  /** Removes every record that has expired by now. */
  override async run(): Promise<void> {
    const { store, records, now } = this.#parts;
    const pace = new Pace(this.signal);
    const before = now().toISOString();
    for (;;) {
      const scan = { index: 'byExpiry', eq: [], before, limit: SLICE, fields: [] };
      const { docs } = await records.scan(this.#work, scan);
      if (docs.length === 0) return;
      // On a conflict a key was used again, or another process sweeps: the next scan shows it.
      const writes = docs.map(({ key, version }) => records.toDelete(key, version));
      await store.commit(this.#work, writes);
      await pace.rest();
    }
  }
}
