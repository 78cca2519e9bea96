/** A piece of text and the white space behind it. */
export interface Sentence {
  readonly start: number;
  /** Behind its last character that is not white space. */
  readonly end: number;
  /** Where the next one starts. */
  readonly next: number;
}

/**
 * Splits text into sentences. A sentence ends
 *
 * - at a line break, or at the end of the text;
 * - behind `.`, `!`, `?` or `…` (a run of them, with closing quotes, brackets and
 *   emphasis marks) where white space follows: a dot inside a URL, a decimal or
 *   an address ends nothing;
 * - behind `。`, `！` or `？`, whatever follows.
 *
 * A dot ends no sentence behind an abbreviation that leads on ("Dr.", "e.g."), an
 * initial or a dotted acronym ("J. R. Smith", "U.S."), or a number that stands
 * alone ("1. First"); behind an abbreviation that may also stand last ("Inc.", "p.m.")
 * only where a capital follows. An ellipsis ends one unless a small letter follows.
 *
 * In doubt two sentences count as one: a text without a sentence reads well, a
 * text with half of one does not.
 *
 * Time is linear in the text.
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

/** Always followed by what they belong to. */
const LEADING = new Set(
  `dr mr mrs ms mx prof rev hon st mt ft gen col lt sgt capt e.g i.e eg ie vs cf viz no nos nr tel ext
   approx ca incl excl fig vol ed dept sra dra mme mlle fr hr bzw z.b d.h u.a p.ex`.split(/\s+/),
);
/** May stand last in a sentence. */
const EITHER = new Set(
  `etc inc ltd co corp llc gmbh plc bros jr sr esq est min max hrs a.m p.m am pm ave blvd rd
   jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thurs fri sat sun usw al`.split(
    /\s+/,
  ),
);
/** Longer words are no abbreviations. */
const ABBREVIATION_LENGTH = 16;
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
  // Bounded: what lies further off is told by the line break that it holds.
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
  const least = Math.max(start, dot - ABBREVIATION_LENGTH);
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
