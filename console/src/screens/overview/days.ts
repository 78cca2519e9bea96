/** The messages of an hour, as the API counts them. */
export interface HourCount {
  /** ISO-8601. */
  readonly start: string;
  readonly fromUser: number;
  readonly fromAgent: number;
}

export interface Day {
  /** Midnight in the operator's zone. */
  readonly start: Date;
  /** Of `PART_HOURS` each, also on a day on which the clock changes. */
  readonly parts: readonly { readonly fromUser: number; readonly fromAgent: number }[];
  readonly fromUser: number;
  readonly fromAgent: number;
}

const PART_HOURS = 3;
const PARTS = 24 / PART_HOURS;

/**
 * The last days in the operator's zone, oldest first, today included.
 *
 * @param now milliseconds
 */
export function lastDays(counts: readonly HourCount[], count: number, now: number): readonly Day[] {
  const days = Array.from({ length: count }, (_, at) => {
    const start = new Date(now);
    start.setHours(0, 0, 0, 0);
    start.setDate(start.getDate() - (count - 1 - at));
    return { start, parts: Array.from({ length: PARTS }, () => ({ fromUser: 0, fromAgent: 0 })) };
  });
  const byDate = new Map(days.map((day) => [day.start.toDateString(), day]));
  for (const { start, fromUser, fromAgent } of counts) {
    const at = new Date(start);
    const part = byDate.get(at.toDateString())?.parts[Math.floor(at.getHours() / PART_HOURS)];
    if (!part) continue;
    part.fromUser += fromUser;
    part.fromAgent += fromAgent;
  }
  return days.map(({ start, parts }) => ({
    start,
    parts,
    fromUser: parts.reduce((sum, it) => sum + it.fromUser, 0),
    fromAgent: parts.reduce((sum, it) => sum + it.fromAgent, 0),
  }));
}
