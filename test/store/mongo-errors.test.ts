import { MongoBulkWriteError, MongoNetworkError } from 'mongodb';
import { expect, it } from 'vitest';
import { guarded, withinBounds } from '../../src/store/mongo-errors.ts';
import { StoreUnavailable } from '../../src/store/port.ts';
import { boundedWork, WORK } from '../kit/work.ts';

/** How the driver rejects a bulk write whose connection is closed. */
function closedInBulkWrite(): { readonly error: Error; readonly cause: MongoNetworkError } {
  const cause = new MongoNetworkError('connection 16 closed');
  cause.addErrorLabel('TransientTransactionError');
  const result = {} as ConstructorParameters<typeof MongoBulkWriteError>[1];
  return { error: new MongoBulkWriteError(cause as never, result), cause };
}

it.each([
  ['without a deadline', WORK],
  ['with one', boundedWork()],
])(
  'a bulk write whose connection is closed is a store that does not answer, %s',
  async (_, work) => {
    const { error, cause } = closedInBulkWrite();
    await expect(guarded(work, () => Promise.reject(error))).rejects.toThrow(StoreUnavailable);
    // Its labels say whether a transaction may be tried again.
    await expect(withinBounds(work, () => Promise.reject(error))).rejects.toBe(cause);
  },
);
