import { ChangeLog, type ChangeLogParts } from '../../src/changes/change-log.ts';
import { CHANGES } from '../../src/changes/collection.ts';
import { JOBS } from '../../src/changes/jobs.ts';
import { systemEffects } from '../../src/server/effects.ts';
import type { Store } from '../../src/store/port.ts';

/** A change log over a test's store. Every org has a webhook unless `given` says otherwise. */
export async function openLog(
  store: Store,
  given: Partial<Pick<ChangeLogParts, 'effects' | 'hasWebhooks'>> = {},
) {
  const parts: ChangeLogParts = {
    store,
    changes: await store.collection(CHANGES),
    jobs: await store.collection(JOBS),
    effects: systemEffects(),
    hasWebhooks: () => true,
    ...given,
  };
  return { ...parts, log: new ChangeLog(parts) };
}
