/** The form of IANA names. Intl would also accept offsets such as `+02:00`. */
const NAME = /^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/;

/** The text unchanged; undefined if it is no time zone of the IANA database. */
export function parseTimeZone(text: string): string | undefined {
  if (!NAME.test(text)) return undefined;
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return text;
  } catch {
    return undefined;
  }
}
