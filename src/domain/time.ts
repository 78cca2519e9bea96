/** The end of the last year with four digits: times are compared as text. */
const LAST = Date.UTC(9999, 11, 31, 23, 59, 59, 999);
const ISO = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d))?$/;

/**
 * Parses ISO-8601 with an offset, a date alone (in UTC), or milliseconds since 1970.
 *
 * @returns ISO-8601 with milliseconds in UTC, so that text order is time order; undefined
 *   if the text is no point in time
 */
export function parseInstant(text: string): string | undefined {
  if (/^\d{1,15}$/.test(text)) return instantOf(Number(text));
  return ISO.test(text) && isDay(text.slice(0, 10)) ? instantOf(Date.parse(text)) : undefined;
}

/** Whether the calendar has the day: JavaScript reads February 30 as March 2. */
function isDay(date: string): boolean {
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  return new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day;
}

/** `parseInstant` for a number of milliseconds since 1970. */
export function instantOf(millis: number): string | undefined {
  // False for NaN too.
  return millis >= 0 && millis <= LAST ? new Date(millis).toISOString() : undefined;
}
