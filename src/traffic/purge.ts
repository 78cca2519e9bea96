import { purgeAll } from '../records/purge.ts';
import { LIVE_OR_TEST, type TrafficCollections } from './collections.ts';

/**
 * Removes all traffic under an owner, in bounded batches. Interrupted, it can be called again.
 *
 * @param signal breaks off between two batches
 */
export async function purgeTraffic(
  { messages, conversations, users, logs }: TrafficCollections,
  owner: string,
  signal?: AbortSignal,
): Promise<void> {
  await purgeAll(messages, 'arrivals', [owner], signal);
  await purgeAll(conversations, 'byTime', [owner, LIVE_OR_TEST], signal);
  await purgeAll(users, 'byTime', [owner, LIVE_OR_TEST], signal);
  await purgeAll(logs, 'arrivals', [owner], signal);
}
