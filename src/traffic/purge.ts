import { purgeAll } from '../records/purge.ts';
import type { Work } from '../work.ts';
import { LIVE_OR_TEST, type TrafficCollections } from './collections.ts';

/**
 * Removes all traffic under an owner, in bounded batches. Interrupted, it can be called again.
 *
 * @param signal breaks off between two batches
 */
export async function purgeTraffic(
  work: Work,
  { messages, conversations, users, logs }: TrafficCollections,
  owner: string,
  signal?: AbortSignal,
): Promise<void> {
  await purgeAll(work, messages, 'arrivals', [owner], signal);
  await purgeAll(work, conversations, 'byTime', [owner, LIVE_OR_TEST], signal);
  await purgeAll(work, users, 'byTime', [owner, LIVE_OR_TEST], signal);
  await purgeAll(work, logs, 'arrivals', [owner], signal);
}
