/** The years with four digits: times are compared as text. */
const FIRST = Date.parse('0000-01-01T00:00:00Z');
const LAST = Date.UTC(9999, 11, 31, 23, 59, 59, 999);
const DAY = /^\d{4}-\d\d-\d\d$/;
/** ISO-8601 with an offset; seconds and the colon of the offset may be missing. */
const DATE_TIME =
  /^(\d{4}-\d\d-\d\d)T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?(Z|[+-]([01]\d|2[0-3])(:?[0-5]\d)?)$/i;
const OFFSET = /([+-]\d\d):?(\d\d)?$/;

/**
 * Parses ISO-8601 with an offset, a date alone (in UTC), or milliseconds since 1970.
 *
 * @returns ISO-8601 with milliseconds in UTC, so that text order is time order; undefined
 *   if the text is no point in time, or one before 1970
 */
export function parseInstant(text: string): string | undefined {
  if (/^\d{1,15}$/.test(text)) return instantOf(Number(text));
  const time = DAY.test(text) && isDay(text) ? `${text}T00:00Z` : text;
  const parsed = parseDateTime(time);
  return parsed && instantOf(Date.parse(parsed));
}

/** Parses ISO-8601 with an offset. @returns as `parseInstant`, also before 1970 */
export function parseDateTime(text: string): string | undefined {
  const [, day = ''] = DATE_TIME.exec(text) ?? [];
  if (!isDay(day)) return undefined;
  // JavaScript reads neither `+0200` nor `+02`, and `t` and `z` only in some engines.
  const iso = text
    .toUpperCase()
    .replace(OFFSET, (_, hours, minutes = '00') => `${hours}:${minutes}`);
  const millis = Date.parse(iso);
  return millis >= FIRST && millis <= LAST ? new Date(millis).toISOString() : undefined;
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
