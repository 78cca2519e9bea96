import { BODY_BOUNDS, excessiveBody } from './body-bounds.ts';
import { DomainError } from './errors.ts';
import type { JsonBounds } from './json-bounds.ts';

type Bound = 'maxLevels' | 'maxValues' | 'maxListLength';
/** The fields of one object count as items. */
type JsonTextBounds = Required<Pick<JsonBounds, Bound>>;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPENING: ReadonlySet<number> = new Set([0x5b, 0x7b]);
const CLOSING: ReadonlySet<number> = new Set([0x5d, 0x7d]);

/**
 * The value of a JSON text that a caller sent. Its bounds are checked before it is parsed.
 *
 * @throws DomainError `request.malformed`, `request.too_complex`
 */
export function parseJsonText(text: string): unknown {
  const excess = excessOfText(text, BODY_BOUNDS);
  if (excess) throw excessiveBody(excess);
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new DomainError('request.malformed', `the body is not JSON: ${(error as Error).message}`);
  }
}

/**
 * The first bound that a JSON text exceeds. It is checked before the text is parsed, because
 * parsing many small values takes far longer than reading a text of the same length. A text that
 * is not JSON may be within the bounds.
 */
export function excessOfText(
  text: string,
  { maxLevels, maxValues, maxListLength }: JsonTextBounds,
): Bound | undefined {
  const outer: number[] = [];
  let items = 1;
  let values = 1;
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    if (char === QUOTE) {
      at = endOfString(text, at);
    } else if (char === COMMA) {
      items += 1;
      values += 1;
      if (items > maxListLength) return 'maxListLength';
    } else if (OPENING.has(char)) {
      outer.push(items);
      items = 1;
      values += 1;
      if (outer.length > maxLevels) return 'maxLevels';
    } else if (CLOSING.has(char)) {
      items = outer.pop() ?? 1;
    }
    if (values > maxValues) return 'maxValues';
  }
  return undefined;
}

/** Where the string that starts there ends: at its closing quote, or at the end of the text. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end > 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end < 0 ? text.length : end;
}

function isEscaped(text: string, quote: number): boolean {
  let from = quote;
  while (text.charCodeAt(from - 1) === BACKSLASH) from -= 1;
  return (quote - from) % 2 === 1;
}
