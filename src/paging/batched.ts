import DataLoader from 'dataloader';
import type { Collection, Doc, Page, Walk } from '../store/port.ts';
import type { Walker } from './pager.ts';

const WALKS_AT_ONCE = 1_000;

/** A collection whose walks of one turn become one read. For one request: it keeps nothing. */
export function batched<D extends Doc>(collection: Collection<D>): Walker<D> {
  const read = async (walks: readonly Walk[]) => {
    const [only] = walks;
    if (only && walks.length === 1) return [await collection.walk(only)];
    return collection.walkMany(walks);
  };
  const loader = new DataLoader<Walk, Page<D>>(read, { cache: false, maxBatchSize: WALKS_AT_ONCE });
  return { walk: (walk) => loader.load(walk) };
}
