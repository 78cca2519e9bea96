import type { Cursor, Doc, RangeScan } from '../store/port.ts';
import type { Work } from '../work.ts';
import type { Scanner } from './pager.ts';

const PAGE = 200;

/** Every document of a scan, read page by page as the loop asks for more. */
export async function* allDocs<D extends Doc>(
  work: Work,
  collection: Scanner<D>,
  scan: Omit<RangeScan, 'limit' | 'after'>,
): AsyncGenerator<D> {
  let after: Cursor | undefined;
  do {
    const page = await collection.scan(work, { ...scan, after, limit: PAGE });
    yield* page.docs;
    const last = page.docs.at(-1);
    after = page.more && last ? page.cursorOf(last) : undefined;
  } while (after);
}
