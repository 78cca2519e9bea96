import type { LoadRequest } from './load/job.ts';
import { agentId, ROW_IDS, type Row, type RowId } from './rows.ts';

/** Of 100 requests to a management plane: mostly reads, some lists, a few writes. */
export const SHARES: Readonly<Record<RowId, number>> = {
  'export-json': 10,
  'export-yaml': 2,
  'graphql-whole': 8,
  'rest-small': 30,
  'graphql-small': 20,
  'not-modified': 15,
  'list-rest': 5,
  'list-graphql': 5,
  write: 5,
};

const LENGTH = 2_000;
/** Prime to 100: steps of this visit each of 100 places once, neighbours far apart. */
const STRIDE = 37;
/** Few enough that a pass writes each of them twice. */
const WRITTEN = 50;
/** Apart from the numbers of other writes. */
const FIRST_WRITE = 0x800000;

/**
 * Requests of all kinds, evenly mixed, over all agents. The list can be sent again and again:
 * it writes each of its agents twice, so that every write changes something.
 */
export function mixOf(rows: Readonly<Record<RowId, Row>>): LoadRequest[] {
  const order = ROW_IDS.flatMap((row) => Array.from({ length: SHARES[row] }, () => row));
  let written = 0;
  return Array.from({ length: LENGTH }, (_, i) => {
    const row = order[(i * STRIDE) % order.length] ?? 'rest-small';
    if (row !== 'write') return rows[row].request(agentId(i), i);
    written += 1;
    return rows.write.request(agentId(written % WRITTEN), FIRST_WRITE + written);
  });
}
