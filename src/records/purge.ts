import type { Collection, Doc, RangeScan } from '../store/port.ts';
import type { Work } from '../work.ts';

const BATCH = 200;

/** How each document is removed. */
export interface Removal<D> {
  /** The top-level fields that it needs to know of a document. */
  readonly fields: readonly string[];
  /** False when the document may still be there. */
  remove(doc: D): Promise<boolean>;
}

/**
 * Removes every document that agrees on an index's `eq` fields, in bounded
 * batches. Interrupted, it can be called again.
 *
 * @param signal breaks off between two batches
 */
export async function purgeAll<D extends Doc>(
  work: Work,
  collection: Collection<D>,
  index: string,
  eq: RangeScan['eq'],
  signal?: AbortSignal,
  { fields, remove }: Removal<D> = {
    fields: [],
    remove: ({ key }) => collection.delete(work, key),
  },
): Promise<void> {
  for (;;) {
    signal?.throwIfAborted();
    const { docs, more } = await collection.scan(work, { index, eq, limit: BATCH, fields });
    const removed = await Promise.all(docs.map(remove));
    if (!more && removed.every(Boolean)) return;
  }
}
