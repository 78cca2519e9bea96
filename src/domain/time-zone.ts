/** Names of the IANA database, with no offsets such as `+02:00`, which Intl takes as well. */
const NAME = /^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/;

/** The time zone as it was written, or undefined when it is not one of the IANA database. */
export function parseTimeZone(text: string): string | undefined {
  if (!NAME.test(text)) return undefined;
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return text;
  } catch {
    return undefined;
  }
}
