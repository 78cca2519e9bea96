import { ClientError, Unreachable } from './failure.ts';

/** An item with its result, or with the failure. With neither, it was left alone. */
export interface Attempt<T, R> {
  readonly item: T;
  readonly result?: R;
  readonly error?: ClientError;
}

/**
 * Works on items one after the other. A failure concerns its item alone; only if the server gives
 * no answer, the remaining items are left alone.
 *
 * @param onFailure called with each failure as it happens
 * @returns an attempt for every item, in the order of the items
 */
export async function inOrder<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
  onFailure: (item: T, error: ClientError) => void,
): Promise<readonly Attempt<T, R>[]> {
  const attempts: Attempt<T, R>[] = [];
  let isGone = false;
  for (const item of items) {
    if (isGone) attempts.push({ item });
    else {
      try {
        attempts.push({ item, result: await work(item) });
      } catch (error) {
        if (!(error instanceof ClientError)) throw error;
        onFailure(item, error);
        attempts.push({ item, error });
        isGone = error instanceof Unreachable;
      }
    }
  }
  return attempts;
}
