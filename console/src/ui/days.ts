const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;

/** Whether an address has a day, as `2026-11-25`. */
export function isDay(value: unknown): value is string {
  return typeof value === 'string' && DAY.test(value) && !Number.isNaN(startOfDay(value).getTime());
}

/**
 * Midnight of a day in the operator's zone.
 *
 * @param later days after it
 */
export function startOfDay(day: string, later = 0): Date {
  const [, year, month, date] = DAY.exec(day) ?? [];
  return new Date(Number(year), Number(month) - 1, Number(date) + later);
}
