const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;

/** The days of a filter, in the operator's zone, as `2026-11-25`; both are included. */
export interface DaySearch {
  readonly from?: string;
  readonly to?: string;
}

export function daySearch({ from, to }: Readonly<Record<string, unknown>>): DaySearch {
  return { ...(isDay(from) && { from }), ...(isDay(to) && { to }) };
}

/** When the days start and end, as ISO 8601; null if they are open at that end. */
export function intervalOf({ from, to }: DaySearch) {
  return {
    start: from ? startOfDay(from).toISOString() : null,
    end: to ? startOfDay(to, 1).toISOString() : null,
  };
}

function isDay(value: unknown): value is string {
  return typeof value === 'string' && DAY.test(value) && !Number.isNaN(startOfDay(value).getTime());
}

/**
 * Midnight of a day in the operator's zone.
 *
 * @param later days after it
 */
function startOfDay(day: string, later = 0): Date {
  const [, year, month, date] = DAY.exec(day) ?? [];
  return new Date(Number(year), Number(month) - 1, Number(date) + later);
}
