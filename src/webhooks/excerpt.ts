import { redacted } from '../domain/redaction.ts';
import type { ResponseExcerpt } from '../domain/webhook-deliveries.ts';

export const MAX_EXCERPT_BYTES = 1_024;
/** Secrets are removed from more than is kept, so that the cut leaves no part of one. */
export const MAX_READ_BYTES = 4 * MAX_EXCERPT_BYTES;
const MAX_TYPE_LENGTH = 100;

/** Media types of texts; an answer without a type is read as one. */
const TEXT =
  /^(?:text\/|application\/(?:[\w.-]+\+)?(?:json|xml)\b|application\/x-www-form-urlencoded\b)/i;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is replaced
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/**
 * @param type the `Content-Type`, if there is one
 * @param encoded whether the body has a `Content-Encoding`
 * @param start the first bytes of the body, up to `MAX_READ_BYTES`
 * @param secrets of the request
 */
export function excerptOf(
  type: string | undefined,
  encoded: boolean,
  start: Buffer,
  secrets: readonly string[],
): ResponseExcerpt {
  const isText = !encoded && (type === undefined || TEXT.test(type));
  const body = isText ? cut(redacted(start.toString().replace(CONTROLS, '\u{fffd}'), secrets)) : '';
  return {
    ...(type !== undefined && { type: type.replace(CONTROLS, '').slice(0, MAX_TYPE_LENGTH) }),
    ...(body !== '' && { body }),
  };
}

/** The longest beginning that has at most `MAX_EXCERPT_BYTES`. */
function cut(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= MAX_EXCERPT_BYTES) return text;
  let end = MAX_EXCERPT_BYTES;
  // No character is cut: its further bytes begin with the bits 10.
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.toString('utf8', 0, end);
}
