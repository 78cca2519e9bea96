/** A sentence of a text, as offsets. */
export interface Sentence {
  readonly start: number;
  /** The end of its last character that is not white space. */
  readonly end: number;
  /** The start of the next sentence. */
  readonly next: number;
}

/**
 * Splits text into sentences. A sentence ends
 *
 * - at a line break, and at the end of the text;
 * - after `.`, `!`, `?` or `…` (also several, with closing quotes, brackets and emphasis
 *   marks) if white space follows: a dot within a URL, a decimal or an address ends
 *   nothing;
 * - after `。`, `！` or `？`, whatever follows.
 *
 * A dot ends no sentence after an abbreviation that never ends one ("Dr.", "e.g."), an
 * initial or a dotted acronym ("J. R. Smith", "U.S."), or a number at the start
 * ("1. First"). After an abbreviation that can end one ("Inc.", "p.m.") it does if a
 * capital follows. An ellipsis does unless a small letter follows.
 *
 * In doubt two sentences count as one: a text still reads well without a whole sentence,
 * but not without half of one.
 *
 * The time is linear in the length of the text.
 */
export function sentencesOf(text: string): Sentence[] {
  const sentences: Sentence[] = [];
  let start = skip(text, 0, isSpace);
  let at = start;
  while (at < text.length) {
    const char = text.charAt(at);
    let end = at;
    if (isSpace(char)) {
      at = skip(text, at, isSpace);
      if (!text.slice(end, at).includes('\n')) continue;
    } else if (TERMINATORS.includes(char)) {
      at = skip(text, at, (c) => TERMINATORS.includes(c));
      const marks = text.slice(end, at);
      at = skip(text, at, (c) => CLOSERS.includes(c));
      if (!endsSentence(text, start, end, marks, at)) continue;
      end = at;
      at = skip(text, at, isSpace);
    } else {
      at += 1;
      continue;
    }
    sentences.push({ start, end, next: at });
    start = at;
  }
  if (start < text.length) {
    sentences.push({ start, end: text.trimEnd().length, next: text.length });
  }
  return sentences;
}

const TERMINATORS = '.!?…。！？';
const WIDE = /[。！？]/;
const CLOSERS = '"\'”’»)]}*_」』）';
const OPENERS = /^["'“‘«([{*_]+/;

/** Abbreviations that never end a sentence. */
const LEADING = new Set(
  `dr mr mrs ms mx prof rev hon st mt ft gen col lt sgt capt e.g i.e eg ie vs cf viz no nos nr tel ext
   approx ca incl excl fig vol ed dept sra dra mme mlle fr hr bzw z.b d.h u.a p.ex`.split(/\s+/),
);
/** Abbreviations that can end a sentence. */
const EITHER = new Set(
  `etc inc ltd co corp llc gmbh plc bros jr sr esq est min max hrs a.m p.m am pm ave blvd rd
   jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thurs fri sat sun usw al`.split(
    /\s+/,
  ),
);
/** Longer words are no abbreviations. */
const MAX_ABBREVIATION_LENGTH = 16;
const INITIALS = /^(?:\p{L}\.)*\p{Lu}$/u;

function endsSentence(
  text: string,
  start: number,
  dot: number,
  marks: string,
  behind: number,
): boolean {
  if (WIDE.test(marks)) return true;
  if (behind === text.length) return true;
  if (!isSpace(text.charAt(behind))) return false;
  if (/[!?]/.test(marks)) return true;
  // Bounded: more white space than this contains a line break, which ends the sentence anyway.
  const next = text.slice(behind, behind + NEXT_LENGTH).trimStart();
  if (marks !== '.') return !/^\p{Ll}/u.test(next);
  const word = wordBefore(text, start, dot);
  if (/^\d+$/.test(word) && dot - word.length === start) return false;
  if (INITIALS.test(word) && word !== 'I') return false;
  const abbreviation = word.toLowerCase();
  if (LEADING.has(abbreviation)) return false;
  return !EITHER.has(abbreviation) || /^\p{Lu}/u.test(next);
}

const NEXT_LENGTH = 32;

function wordBefore(text: string, start: number, dot: number): string {
  let from = dot;
  const least = Math.max(start, dot - MAX_ABBREVIATION_LENGTH);
  while (from > least && !isSpace(text.charAt(from - 1))) from -= 1;
  return text.slice(from, dot).replace(OPENERS, '');
}

function skip(text: string, from: number, accepts: (char: string) => boolean): number {
  let at = from;
  while (at < text.length && accepts(text.charAt(at))) at += 1;
  return at;
}

function isSpace(char: string): boolean {
  return /\s/.test(char);
}
