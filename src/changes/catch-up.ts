import { allDocs } from '../paging/all-docs.ts';
import type { Collection, Store } from '../store/port.ts';
import type { ChangeDoc } from './collection.ts';
import type { JobHandler } from './job-runner.ts';

/**
 * Marks the changes of the job's org as pending that were made since it was inserted and never
 * were: the first webhook of the org was created while they were under way.
 */
export function catchUp(
  store: Pick<Store, 'commit'>,
  changes: Collection<ChangeDoc>,
  onPending: () => void,
): JobHandler {
  return async (work, { org, createdAt }, signal) => {
    const since = { index: 'byOrg', eq: [org], from: createdAt };
    for await (const change of allDocs(work, changes, since)) {
      signal.throwIfAborted();
      // One that was passed on has been written twice.
      if (!change.eventId || change.pending || change.version > 1) continue;
      const marked = { ...change, version: change.version + 1, pending: change.eventId };
      await store.commit(work, [changes.toReplace(marked, change.version)]);
      onPending();
    }
  };
}
