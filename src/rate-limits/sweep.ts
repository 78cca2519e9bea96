import { ExpirySweep, SWEEP_EVERY_MS } from '../changes/expiry-sweep.ts';
import type { Collection, Store } from '../store/port.ts';
import type { SharedLimitDoc } from './collection.ts';

interface SweepParts {
  readonly store: Pick<Store, 'commit'>;
  readonly limits: Collection<SharedLimitDoc>;
  /** The clock that all processes have. */
  readonly now: () => Date;
}

/** How long a document is kept that is of no use: longer than the clocks of processes differ. */
const KEPT_MS = 60_000;

/** Removes what processes shared of limits that are free again. */
export class SharedLimitSweep extends ExpirySweep<SharedLimitDoc> {
  constructor({ store, limits, now }: SweepParts) {
    super({
      name: 'rate limits',
      store,
      docs: limits,
      index: 'full',
      before: () => new Date(now().getTime() - KEPT_MS),
      firstMs: SWEEP_EVERY_MS,
    });
  }
}
