/** Index entries are bounded; a longer text is found by its head. */
export const SEARCHED_LENGTH = 80;

/**
 * UTF-16 units of a text that are looked at: normalizing takes time in the square of the combining
 * marks, and one character can become 18.
 */
export const EXAMINED_LENGTH = 8 * SEARCHED_LENGTH;

/** Sorts behind every text that a prefix heads. */
export const HIGHEST = '\u{10ffff}';

/** Texts are searched without regard to case and to how accents are composed. */
export function searchText(text: string): string {
  const head = text.trimStart().slice(0, EXAMINED_LENGTH);
  return [...head.normalize('NFKC').toLowerCase().trim()].slice(0, SEARCHED_LENGTH).join('');
}
