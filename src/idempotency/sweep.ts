import { ExpirySweep } from '../changes/expiry-sweep.ts';
import type { Collection, Store } from '../store/port.ts';
import type { IdempotencyDoc } from './collection.ts';

export interface SweepParts {
  readonly store: Pick<Store, 'commit'>;
  readonly records: Collection<IdempotencyDoc>;
  readonly now: () => Date;
}

/** Removes expired records. */
export class IdempotencySweep extends ExpirySweep<IdempotencyDoc> {
  constructor({ store, records, now }: SweepParts) {
    super({
      name: 'idempotency',
      store,
      docs: records,
      index: 'byExpiry',
      before: now,
      firstMs: 0,
    });
  }
}
