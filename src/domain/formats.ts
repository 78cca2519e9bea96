import { parsePhoneNumberFromString } from 'libphonenumber-js';
import { LENGTHS } from './lengths.ts';

/** A form that a text must have, in the schema's inputs and in the forms of the catalog alike. */
export interface TextFormat {
  /** Characters. */
  readonly maxLength: number;
  /** @returns the canonical text, or undefined if it rejects the text */
  readonly parse: (text: string) => string | undefined;
  /** The problem of a text that `parse` rejects. */
  readonly problem: string;
  /** What a regular expression can say of the form. */
  readonly pattern?: RegExp;
}

/** HTML's definition of an e-mail address, with a domain that has a dot. */
const EMAIL =
  /^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)+$/;
const COLOR = /^#(?:[A-Fa-f0-9]{3}|[A-Fa-f0-9]{6}|[A-Fa-f0-9]{8})$/;
/** The form of IANA names. Intl would also accept offsets such as `+02:00`. */
const ZONE_NAME = /^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/;

/** By the name that a form's `format` has. */
export const FORMATS = {
  email: {
    maxLength: LENGTHS.email,
    parse: matching(EMAIL),
    problem: 'is not an e-mail address',
    pattern: EMAIL,
  },
  uri: {
    maxLength: LENGTHS.url,
    parse: parseHttpUrl,
    problem: 'is not an absolute http or https URL',
  },
  phone: {
    maxLength: LENGTHS.phone,
    parse: parsePhone,
    problem: 'is not a phone number with a country code, such as +14155550132',
  },
  color: {
    maxLength: '#rrggbbaa'.length,
    parse: matching(COLOR),
    problem: 'is not a hex colour such as #1a73e8',
    pattern: COLOR,
  },
  'time-zone': {
    maxLength: LENGTHS.timeZone,
    parse: parseTimeZone,
    problem: 'is not an IANA time zone such as Europe/Berlin',
  },
} as const satisfies Readonly<Record<string, TextFormat>>;
export type FormatName = keyof typeof FORMATS;

/**
 * The text unchanged; undefined if it is not an absolute http(s) URL, or one with white space or
 * control characters, which the parser of URLs would remove.
 */
export function parseHttpUrl(text: string): string | undefined {
  // Parsing an international host name takes time in the square of its length.
  if (text.length > LENGTHS.url || /[\s\p{Cc}]/u.test(text) || !URL.canParse(text))
    return undefined;
  const { protocol, hostname } = new URL(text);
  return (protocol === 'https:' || protocol === 'http:') && hostname !== '' ? text : undefined;
}

/**
 * The number in E.164; undefined if it is no phone number, lacks a country code (`+1 …`), or has
 * more than a number: E.164 has no extensions.
 */
function parsePhone(text: string): string | undefined {
  const phone = parsePhoneNumberFromString(text.trim(), { extract: false });
  return phone?.isPossible() && !phone.ext ? phone.number : undefined;
}

/** The text unchanged; undefined if it is no time zone of the IANA database. */
function parseTimeZone(text: string): string | undefined {
  if (!ZONE_NAME.test(text)) return undefined;
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return text;
  } catch {
    return undefined;
  }
}

function matching(pattern: RegExp): (text: string) => string | undefined {
  return (text) => (pattern.test(text) ? text : undefined);
}
