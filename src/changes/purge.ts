import { setTimeout as sleep } from 'node:timers/promises';
import type { Collection, Doc, RangeScan, Store } from '../store/port.ts';
import type { Work } from '../work.ts';
import type { StoredResource } from './collection.ts';
import type { JobDoc } from './jobs.ts';

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
/** Between two slices, for whatever else waits: so long at least, and twice as long as the slice took. */
const MIN_PAUSE_MS = 5;
const PAUSE_SHARE = 2;

/** Purges in slices with pauses. @param signal interrupts it between two slices */
export function slicedPurge(store: Pick<Store, 'commit'>, work: Work, signal: AbortSignal): Purge {
  return async (collection, index, eq) => {
    for (;;) {
      signal.throwIfAborted();
      const began = performance.now();
      const scan = { index, eq, limit: SLICE, fields: [] };
      const { docs, more } = await collection.scan(work, scan);
      if (docs.length > 0) {
        const writes = docs.map(({ key }) => collection.toDelete(key));
        await store.commit(work, writes);
      }
      if (!more) return;
      await sleep(Math.max(MIN_PAUSE_MS, PAUSE_SHARE * (performance.now() - began)));
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
