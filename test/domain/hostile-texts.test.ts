import { describe, expect, it } from 'vitest';
import { FORMATS } from '../../src/domain/formats.ts';
import { ItemIds, mintAgentId } from '../../src/domain/ids.ts';
import { bodyProblems } from '../../src/domain/message-templates.ts';
import { promptFindings } from '../../src/domain/readiness-prompt.ts';
import { searchText } from '../../src/domain/search-text.ts';
import { phoneDigits } from '../../src/people/collection.ts';
import { agentWith } from '../kit/agent.ts';

const LENGTH = 500_000;
const TEXTS = {
  'a ligature that becomes 18 letters': '\uFDFA'.repeat(LENGTH),
  'combining marks in the wrong order': `a${'\u0301\u0316'.repeat(LENGTH / 2)}`,
  'a host name of combining marks': `http://a${'\u0301\u0316'.repeat(LENGTH / 2)}.com`,
  'words in camel case': 'aB'.repeat(LENGTH / 2),
  'braces that close nothing': `${'x'.repeat(LENGTH)}${' }'.repeat(30)}`,
};

/** Takes seconds to minutes where a text is worked on as a whole. */
const WORK: Record<string, (text: string) => unknown> = {
  searchText,
  phoneDigits,
  mintAgentId: (text) => mintAgentId(text, 'abcdefgh'),
  mintItemId: (text) => new ItemIds([]).mint(text, 'item'),
  ...Object.fromEntries(Object.entries(FORMATS).map(([name, { parse }]) => [name, parse])),
  bodyProblems: (text) => bodyProblems(text, 'body'),
  promptFindings: (text) => promptFindings(agentWith({ personality: { text } })),
};

const MAX_MS = 1_000;

describe.each(Object.entries(TEXTS))('%s', (_, text) => {
  it.each(Object.keys(WORK))('does not keep %s busy', (name) => {
    const started = performance.now();
    WORK[name]?.(text);
    expect(performance.now() - started).toBeLessThan(MAX_MS);
  });
});

describe('what is looked at of a text', () => {
  it('is enough for what is found by it', () => {
    expect(searchText(`   ${'\u00c4'.repeat(100)}`)).toBe('\u00e4'.repeat(80));
    expect(searchText(`\n${' '.repeat(5_000)}Ada`)).toBe('ada');
    expect(phoneDigits('+1 (415) 555-0132')).toBe('14155550132');
  });

  it('gives the places of problems in characters', () => {
    const [problem] = bodyProblems('a😀\n😀 }', 'body');
    expect(problem?.message).toContain('at position 6 (line 2, column 3)');
  });
});
