import { StoreMisconfigured } from './port.ts';

/**
 * The number of the form in which this version stores its data. Raised whenever an earlier
 * version could not read what this one writes, or the other way round.
 *
 * 1: no number was stored; documents without a version beside them.
 * 2: documents with a version beside them; index entries that include fields.
 * 3: events and authors of changes in the change log; documents without an outbox; no tombstones.
 * 4: conversations by the user of a channel; people by phone; searched texts without repetitions.
 * 5: a version of each change of an agent; agents that name their history, with the texts by which
 *    they are searched and sorted.
 * 6: on LMDB, the long sections of an agent apart from it.
 * 7: a version of an agent without a document for each section that it changed.
 */
export const STORE_FORMAT = 7;

/**
 * @param found the number in a store; undefined where there is data without one
 * @throws StoreMisconfigured unless it is this version's
 */
export function assertFormat(found: unknown): void {
  if (found === STORE_FORMAT) return;
  if (typeof found === 'number' && found > STORE_FORMAT) {
    throw new StoreMisconfigured(
      `the store of STORE_URL has format ${found}, from a newer version; this version reads format ${STORE_FORMAT}`,
    );
  }
  throw new StoreMisconfigured(
    `the store of STORE_URL holds data of another program, or from before format ${STORE_FORMAT}, which this version does not read`,
  );
}
