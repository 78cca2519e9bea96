/** The transactions of this process that are under way, by folder. */
const underWay = new Map<string, Set<Promise<unknown>>>();

/** Notes a transaction that needs the event loop before it ends. */
export function noteTransaction(folder: string, transaction: Promise<unknown>): void {
  const noted = underWay.get(folder) ?? new Set();
  underWay.set(folder, noted.add(transaction));
  const ended = () => {
    noted.delete(transaction);
    if (noted.size === 0) underWay.delete(folder);
  };
  transaction.then(ended, ended);
}

/**
 * Runs a job for which the event loop may wait for LMDB's lock, such as the creation of a database.
 * If another opening of the folder in this process held the lock, it would need the event loop to
 * end its transaction: both would wait forever.
 */
export async function betweenTransactions<T>(folder: string, job: () => T): Promise<T> {
  for (;;) {
    const transactions = underWay.get(folder);
    // Called at once: another transaction may begin in any later microtask.
    if (!transactions) return job();
    await Promise.allSettled(transactions);
  }
}
