import { deflateRawSync, inflateRawSync } from 'node:zlib';

/**
 * What turns one text into another: where, how many characters to remove, and what to insert.
 * A long insert is compressed, with what it replaces as its dictionary; the fourth member says so.
 */
export type TextDelta = readonly [at: number, removed: number, inserted: string, packed?: 1];

/** Below, the form of a compressed text takes more than it saves. */
const MIN_PACKED = 128;

/** @example textDelta('{"name":"Ann"}', '{"name":"Anna"}') // [12, 0, 'a'] */
export function textDelta(before: string, after: string): TextDelta {
  const shorter = Math.min(before.length, after.length);
  let at = 0;
  while (at < shorter && before.charCodeAt(at) === after.charCodeAt(at)) at += 1;
  // Never between the halves of a character: a store keeps no such text.
  if (at > 0 && isHigh(before.charCodeAt(at - 1))) at -= 1;
  let same = 0;
  const most = shorter - at;
  while (
    same < most &&
    before.charCodeAt(before.length - 1 - same) === after.charCodeAt(after.length - 1 - same)
  ) {
    same += 1;
  }
  if (same > 0 && isLow(after.charCodeAt(after.length - same))) same -= 1;
  const removed = before.slice(at, before.length - same);
  const inserted = after.slice(at, after.length - same);
  if (inserted.length < MIN_PACKED) return [at, removed.length, inserted];
  const packed = deflateRawSync(inserted, withDictionary(removed)).toString('base64');
  return packed.length < inserted.length
    ? [at, removed.length, packed, 1]
    : [at, removed.length, inserted];
}

/** The text after. */
export function applyDelta(before: string, [at, removed, inserted, packed]: TextDelta): string {
  const end = at + removed;
  const text = packed
    ? inflateRawSync(
        Buffer.from(inserted, 'base64'),
        withDictionary(before.slice(at, end)),
      ).toString()
    : inserted;
  return before.slice(0, at) + text + before.slice(end);
}

/** zlib reads the last 32 KiB of a dictionary. */
function withDictionary(text: string) {
  return text === '' ? {} : { dictionary: Buffer.from(text) };
}

function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
