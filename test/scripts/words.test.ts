import { describe, expect, it } from 'vitest';
import { wordsFound } from '../../scripts/words.ts';

const found = (path: string, text: string) =>
  wordsFound(path, text).map(({ line, found }) => `${line} ${found}`);

describe('words', () => {
  it.each([
    ['docs/a.md', 'It tells the caller.', ['1 tells']],
    ['docs/a.md', 'One.\nRead it Anew, at the most twice.', ['2 Anew', '2 at the most']],
    ['src/a.ts', '/**\n * It comes\n * to ten.\n */', ['2 comes to']],
    ['src/a.ts', 'const told = 1;', ['1 told']],
    ['schema/schema.graphql', '"""In words for people."""', ['1 words for people']],
    [
      'src/a.ts',
      'walkMany(); rangeWalk; WALK_BYTES; walkers',
      ['1 walk', '1 Walk', '1 WALK', '1 walkers'],
    ],
    ['src/a.ts', 'const REQUESTS_AT_MOST = itemsAtMost;', ['1 AT_MOST', '1 AtMost']],
  ])('%s: %j is found', (path, text, expected) => expect(found(path, text)).toEqual(expected));

  it.each([
    ['src/a.ts', 'a sidewalk, planes, at most two, bumpy; foretell; atMoss'],
    ['docs/a.md', 'Walk to the shelf.'],
    ['src/a.ts', "may be it's not; atMostTwo()"],
  ])('%s: %j is not', (path, text) => expect(found(path, text)).toEqual([]));

  it('speak to end users in the catalog, and to us elsewhere', () => {
    const text = 'Tell the person anew.';
    expect(found('src/catalog/content/a.yaml', text)).toEqual(['1 anew']);
    expect(found('docs/a.md', text)).toEqual(['1 Tell', '1 anew']);
  });

  it('come with what to write instead', () => {
    expect(wordsFound('a.md', 'anew')).toEqual([{ line: 1, found: 'anew', write: 'again' }]);
  });
});
