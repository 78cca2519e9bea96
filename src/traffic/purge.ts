import type { Purge } from '../changes/purge.ts';
import { LIVE_OR_TEST, type TrafficCollections } from './collections.ts';

/** Removes all traffic of an owner. */
export async function purgeTraffic(
  purge: Purge,
  traffic: TrafficCollections,
  owner: string,
): Promise<void> {
  const { messages, conversations, users, logs, versionUses, conversationVersions } = traffic;
  await purge(messages, 'arrivals', [owner]);
  await purge(conversations, 'byTime', [owner, LIVE_OR_TEST]);
  await purge(users, 'byTime', [owner, LIVE_OR_TEST]);
  await purge(logs, 'arrivals', [owner]);
  await purge(conversationVersions, 'byOwner', [owner]);
  await purge(versionUses, 'byVersion', [owner]);
  await purge(traffic.trafficHours, 'byHour', [owner]);
}
