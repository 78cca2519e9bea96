import type { Collection, Doc, RangeScan, Store } from '../store/port.ts';
import type { Work } from '../work.ts';
import type { StoredResource } from './collection.ts';
import type { JobDoc } from './jobs.ts';
import { Pace } from './pace.ts';

/** Removes every document that agrees on an index's `eq` fields. Interrupted, it can be called again. */
export type Purge = <D extends Doc>(
  collection: Collection<D>,
  index: string,
  eq: RangeScan['eq'],
) => Promise<void>;

/** Removes the documents that belonged to a removed resource. Called at least twice for each. */
export type Purger = (work: Work, resource: StoredResource, purge: Purge) => Promise<void>;

/** The documents of one slice: on the embedded store, less than 5 ms of the event loop. */
const SLICE = 50;

/** Purges in slices with pauses. @param signal interrupts it between two slices */
export function slicedPurge(store: Pick<Store, 'commit'>, work: Work, signal: AbortSignal): Purge {
  return async (collection, index, eq) => {
    signal.throwIfAborted();
    const pace = new Pace(signal);
    for (;;) {
      const scan = { index, eq, limit: SLICE, fields: [] };
      const { docs, more } = await collection.scan(work, scan);
      if (docs.length > 0) {
        const writes = docs.map(({ key }) => collection.toDelete(key));
        await store.commit(work, writes);
      }
      if (!more) return;
      await pace.rest();
    }
  };
}

/** Does `purge` jobs. @param purgersOf of the type of a removed resource */
export function purging(
  store: Pick<Store, 'commit'>,
  purgersOf: (type: JobDoc['type']) => readonly Purger[],
) {
  return async (work: Work, { type, resource }: JobDoc, signal: AbortSignal): Promise<void> => {
    const purge = slicedPurge(store, work, signal);
    for (const purger of purgersOf(type)) await purger(work, resource, purge);
  };
}
