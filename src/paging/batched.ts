import DataLoader from 'dataloader';
import type { Collection, Doc, Page, Walk } from '../store/port.ts';
import type { Walker } from './pager.ts';

const WALKS_AT_ONCE = 1_000;

/** A collection whose walks of one turn become one read. For one request: it keeps nothing. */
export function batched<D extends Doc>(collection: Collection<D>): Walker<D> {
  const loader = new DataLoader<Walk, Page<D>>((walks) => collection.walkMany(walks), {
    cache: false,
    maxBatchSize: WALKS_AT_ONCE,
  });
  return { walk: (walk) => loader.load(walk) };
}
