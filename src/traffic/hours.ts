import type { TrafficHour } from '../domain/traffic.ts';
import { allDocs } from '../paging/all-docs.ts';
import type { Scanner } from '../paging/pager.ts';
import { collectionSpec, type Doc, type Increment } from '../store/port.ts';
import type { Work } from '../work.ts';
import type { StoredMessage } from './collections.ts';

/**
 * A part of the counts of one hour of an agent's live traffic. An hour has several parts, so that
 * batches that are stored at the same time seldom write the same one. The key is `owner/hour/part`.
 */
export interface TrafficHourDoc extends Doc {
  readonly owner: string;
  /** ISO-8601 in UTC, without minutes: `2026-11-25T04`. */
  readonly hour: string;
  /** Both unset while they are 0. */
  readonly fromUser?: number;
  readonly fromAgent?: number;
}

export const TRAFFIC_HOURS = collectionSpec<TrafficHourDoc>(
  'trafficHours',
  { byHour: { eq: ['owner'], order: 'hour' } },
  'owner',
);

const HOUR_LENGTH = '2026-11-25T04'.length;

/** Counts a message in its hour. Undefined for test traffic, and for a status of another message. */
export function hourUse({ doc }: StoredMessage, part: string): Increment | undefined {
  const { owner, timestamp, origin, type, test } = doc;
  if (test || type === 'status') return undefined;
  const hour = hourOf(timestamp);
  return {
    key: `${owner}/${hour}/${part}`,
    init: { owner, hour },
    add: { [origin === 'user' ? 'fromUser' : 'fromAgent']: 1 },
  };
}

/**
 * The hours with traffic, oldest first.
 *
 * @param since ISO-8601 in UTC; its hour is the first
 */
export async function hoursSince(
  work: Work,
  hours: Scanner<TrafficHourDoc>,
  owner: string,
  since: string,
): Promise<readonly TrafficHour[]> {
  const byHour = new Map<string, TrafficHour>();
  const scan = { index: 'byHour', eq: [owner], from: hourOf(since) };
  for await (const { hour, fromUser = 0, fromAgent = 0 } of allDocs(work, hours, scan)) {
    const sum = byHour.get(hour);
    byHour.set(hour, {
      start: `${hour}:00:00.000Z`,
      fromUser: (sum?.fromUser ?? 0) + fromUser,
      fromAgent: (sum?.fromAgent ?? 0) + fromAgent,
    });
  }
  return [...byHour.values()];
}

function hourOf(timestamp: string): string {
  return timestamp.slice(0, HOUR_LENGTH);
}
