import DataLoader from 'dataloader';
import type { Collection, Doc, Page, RangeScan } from '../store/port.ts';
import type { Work } from '../work.ts';
import type { Scanner } from './pager.ts';

const SCANS_AT_ONCE = 1_000;

/** A collection whose scans of one turn become one read. For one request: it keeps nothing. */
export function batched<D extends Doc>(work: Work, collection: Collection<D>): Scanner<D> {
  const read = async (scans: readonly RangeScan[]) => {
    const [only] = scans;
    if (only && scans.length === 1) return [await collection.scan(work, only)];
    return collection.scanMany(work, scans);
  };
  const loader = new DataLoader<RangeScan, Page<D>>(read, {
    cache: false,
    maxBatchSize: SCANS_AT_ONCE,
  });
  return { scan: (_, scan) => loader.load(scan) };
}
