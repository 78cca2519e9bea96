import { ChangeLog, type ChangeLogParts } from '../../src/changes/change-log.ts';
import { CHANGES } from '../../src/changes/collection.ts';
import { JOBS } from '../../src/changes/jobs.ts';
import { AGENT_NUMBERS, VERSIONS } from '../../src/history/collection.ts';
import { VersionWriter } from '../../src/history/writer.ts';
import { systemEffects } from '../../src/server/effects.ts';
import type { Store } from '../../src/store/port.ts';

/** A change log over a test's store. Every org has a webhook unless `given` says otherwise. */
export async function openLog(
  store: Store,
  given: Partial<Pick<ChangeLogParts, 'effects' | 'watched'>> = {},
) {
  const parts: ChangeLogParts = {
    store,
    changes: await store.collection(CHANGES),
    jobs: await store.collection(JOBS),
    effects: systemEffects(),
    watched: { has: () => true, created: () => undefined },
    ...given,
  };
  return { ...parts, log: new ChangeLog(parts) };
}

/** What keeps the history of agents in a test's store. */
export async function openWriter(store: Store): Promise<VersionWriter> {
  return new VersionWriter({
    versions: await store.collection(VERSIONS),
    numbers: await store.collection(AGENT_NUMBERS),
  });
}
