import { parsePhoneNumberFromString } from 'libphonenumber-js';

/** The number in E.164; undefined if it is no phone number or lacks a country code (`+1 …`). */
export function parsePhone(text: string): string | undefined {
  const phone = parsePhoneNumberFromString(text);
  return phone?.isPossible() ? phone.number : undefined;
}

/** Parsing an international host name takes time in the square of its length. */
const MAX_URL_LENGTH = 2_048;

/** The text unchanged; undefined if it is not an absolute http(s) URL. */
export function parseHttpUrl(text: string): string | undefined {
  if (text.length > MAX_URL_LENGTH || !URL.canParse(text)) return undefined;
  const { protocol, hostname } = new URL(text);
  return (protocol === 'https:' || protocol === 'http:') && hostname !== '' ? text : undefined;
}
