import type { Collection, Doc, Walk } from '../store/port.ts';

const BATCH = 200;

/**
 * Deletes every document that agrees on an index's `eq` fields, in bounded
 * batches. Interrupted, it can be called again.
 *
 * @param signal breaks off between two batches
 */
export async function purgeAll<D extends Doc>(
  collection: Collection<D>,
  index: string,
  eq: Walk['eq'],
  signal?: AbortSignal,
): Promise<void> {
  for (;;) {
    signal?.throwIfAborted();
    const { docs, more } = await collection.walk({ index, eq, limit: BATCH, fields: [] });
    await Promise.all(docs.map(({ key }) => collection.delete(key)));
    if (!more) return;
  }
}
