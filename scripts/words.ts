/** House English as data. `check-words.ts` runs it over the repository. */

interface Rule {
  readonly words: readonly string[];
  /** What to write in place of any of them. */
  readonly write: string;
  /**
   * `everywhere`: any text. `project`: any text but the catalog's content, which speaks to end
   * users. `identifier`: a part of an identifier, such as `walk` in `walkMany`; code only.
   */
  readonly where: 'everywhere' | 'project' | 'identifier';
}

const RULES: readonly Rule[] = [
  { words: ['anew', 'over again'], write: 'again', where: 'everywhere' },
  { words: ['at the most'], write: 'at most', where: 'everywhere' },
  { words: ['be it'], write: 'whether … or …', where: 'everywhere' },
  { words: ['of which none'], write: 'none of which', where: 'everywhere' },
  { words: ['of those that'], write: 'the name of the thing', where: 'everywhere' },
  { words: ['that was it', 'which was it'], write: 'the previous', where: 'everywhere' },
  { words: ['whose it is'], write: 'belongs to, owned by', where: 'everywhere' },
  { words: ['broken off', 'breaks off', 'break off'], write: 'interrupt', where: 'everywhere' },
  {
    words: ['tell', 'tells', 'told', 'telling'],
    write: 'returns, reports, shows, notifies, distinguishes, is called with',
    where: 'project',
  },
  { words: ['whoever'], write: 'the name of the caller, owner or reader', where: 'project' },
  {
    words: ['comes to', 'come to', 'came to', 'coming to'],
    write: 'is, totals, results in, at most',
    where: 'project',
  },
  {
    words: ['goes on', 'go on', 'gone on', 'went on', 'going on'],
    write: 'continues, resumes, keeps',
    where: 'project',
  },
  {
    words: ['stands in', 'stands on', 'stands at', 'stands there', 'stands for', 'stand for'],
    write: 'is, is in, exists, represents, names',
    where: 'project',
  },
  {
    words: ['lies in', 'lies on', 'lies at', 'lies behind', 'lies under', 'lie in'],
    write: 'is in, is stored in, comes after',
    where: 'project',
  },
  {
    words: ['is not there', 'are not there', 'was not there', 'were not there'],
    write: 'does not exist',
    where: 'project',
  },
  {
    words: ['hangs on', 'hang on', 'hangs under', 'hang under', 'hung under', 'hung on'],
    write: 'belongs to',
    where: 'project',
  },
  { words: ['words for people'], write: 'human-readable', where: 'project' },
  { words: ['beginnings'], write: 'defaults', where: 'project' },
  { words: ['bump'], write: 'increment', where: 'identifier' },
  { words: ['walk'], write: 'scan, rangeScan, visit', where: 'identifier' },
  { words: ['shelf', 'shelves'], write: 'kind, catalogKind', where: 'identifier' },
  { words: ['lane'], write: 'queue', where: 'identifier' },
  { words: ['AtMost'], write: 'MAX_X, maxX', where: 'identifier' },
];

/** They quote the words. */
const EXEMPT: ReadonlySet<string> = new Set(['scripts/words.ts', 'test/scripts/words.test.ts']);
const CONTENT = 'src/catalog/content/';
const CODE = /\.(ts|tsx|mjs|graphql)$/;

export interface Finding {
  /** From 1. */
  readonly line: number;
  readonly found: string;
  readonly write: string;
}

/**
 * The words of a file that house English does not use, in their order. A phrase is also found
 * where a line break or a comment's margin is between its words.
 *
 * @param path relative to the root, with `/`
 */
export function wordsFound(path: string, text: string): Finding[] {
  if (EXEMPT.has(path)) return [];
  const found = RULES.filter(({ where }) => appliesTo(where, path)).flatMap((rule) =>
    rule.words.flatMap((words) =>
      [...text.matchAll(patternOf(words, rule.where))].map((match) => ({
        at: match.index,
        found: match[0].replace(GAP, ' '),
        write: rule.write,
      })),
    ),
  );
  return found
    .sort((a, b) => a.at - b.at)
    .map(({ at, ...rest }) => ({ line: lineOf(text, at), ...rest }));
}

function appliesTo(where: Rule['where'], path: string): boolean {
  if (where === 'identifier') return CODE.test(path);
  return where === 'everywhere' || !path.startsWith(CONTENT);
}

/** White space, and the margin of a comment or a quotation. */
const GAP = /[\s*/#>]+/g;

function patternOf(words: string, where: Rule['where']): RegExp {
  if (where === 'identifier') return partOfIdentifier(words);
  return new RegExp(`(?<![\\w-])${words.replaceAll(' ', GAP.source)}(?![\\w'-])`, 'gi');
}

/** `walk` as `walk`, `walkMany`, `rangeWalk`, `WALK_MAX`, but not in `sidewalk`; also `walks`. */
function partOfIdentifier(word: string): RegExp {
  const [first = '', rest = ''] = [word.charAt(0), word.slice(1)];
  const constant = word.replace(/(?<=[a-z])[A-Z]/g, '_$&').toUpperCase();
  const ending = '(?:s|ed|er|ers|ing)?(?![a-z])';
  return new RegExp(
    `(?<![A-Za-z])${word}${ending}|${first.toUpperCase()}${rest}${ending}|(?<![A-Z])${constant}S?(?![A-Z])`,
    'g',
  );
}

function lineOf(text: string, at: number): number {
  return text.slice(0, at).split('\n').length;
}
