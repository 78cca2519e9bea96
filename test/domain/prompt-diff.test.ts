import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Agent } from '../../src/domain/agents.ts';
import { type LineRun, lineDiff } from '../../src/domain/line-diff.ts';
import { promptOf } from '../../src/domain/prompt.ts';
import { promptDiff } from '../../src/domain/prompt-diff.ts';
import { promptSize } from '../../src/domain/prompt-size.ts';
import { tokensIn } from '../../src/tokens/count.ts';
import { agentWith } from '../kit/agent.ts';

const text = (runs: readonly LineRun[], without: LineRun['kind']) =>
  runs
    .filter(({ kind }) => kind !== without)
    .flatMap(({ lines }) => lines)
    .join('\n');

/** Texts with few different lines, so that they have lines in common. */
const texts = fc
  .array(fc.constantFrom('a', 'b', 'c', '', ' '), { minLength: 1, maxLength: 30 })
  .map((lines) => lines.join('\n'));

it('contains both texts', () => {
  fc.assert(
    fc.property(texts, texts, (before, after) => {
      const runs = lineDiff(before, after);
      expect(text(runs, 'added')).toBe(before);
      expect(text(runs, 'removed')).toBe(after);
    }),
  );
});

it('has no change between equal texts, and one for one line', () => {
  expect(lineDiff('a\nb', 'a\nb')).toEqual([{ kind: 'same', lines: ['a', 'b'] }]);
  expect(lineDiff('', '')).toEqual([]);
  expect(lineDiff('a\nb\nc', 'a\nx\nc')).toEqual([
    { kind: 'same', lines: ['a'] },
    { kind: 'removed', lines: ['b'] },
    { kind: 'added', lines: ['x'] },
    { kind: 'same', lines: ['c'] },
  ]);
  expect(lineDiff('a', 'a\na')).toEqual([
    { kind: 'same', lines: ['a'] },
    { kind: 'added', lines: ['a'] },
  ]);
});

it('does not take long for large texts without a line in common', () => {
  const lines = (mark: string) => Array.from({ length: 200_000 }, (_, i) => `${mark}${i}`);
  const started = performance.now();
  const runs = lineDiff(lines('a').join('\n'), lines('b').join('\n'));
  expect(performance.now() - started).toBeLessThan(2_000);
  expect(runs.map(({ kind, lines: { length } }) => [kind, length])).toEqual([
    ['removed', 200_000],
    ['added', 200_000],
  ]);
});

it('says how many tokens a change adds, by section', () => {
  const measured = (parts: Partial<Agent>) => {
    const prompt = promptOf({
      agent: agentWith(parts),
      systemSkills: [],
      guardrailTemplates: [],
      problemOfTool: () => undefined,
    });
    return { prompt, size: promptSize(prompt, tokensIn) };
  };
  const identity = { identityPreamble: 'You are brief.' };
  const before = measured({ identity, personality: { text: 'Kind.' } });
  const after = measured({ identity, guardrails: { topicsToAvoid: ['Politics', 'Religion'] } });
  const { lines, addedTokens, sections } = promptDiff(before, after);
  expect(lines[0]).toEqual({ kind: 'same', lines: ['You are brief.', ''] });
  expect(lines.map(({ kind }) => kind)).toContain('removed');
  expect(addedTokens).toBe(after.size.estimatedTokens - before.size.estimatedTokens);
  expect(sections.map(({ section }) => section)).toEqual(['guardrails', 'personality']);
  expect(sections.reduce((sum, one) => sum + one.addedTokens, 0)).toBe(addedTokens);
  expect(promptDiff(after, before).addedTokens).toBe(-addedTokens);
  expect(promptDiff(after, after)).toMatchObject({ addedTokens: 0, sections: [] });
});
