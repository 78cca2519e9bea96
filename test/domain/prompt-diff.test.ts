import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Agent } from '../../src/domain/agents.ts';
import { type LineRun, lineDiff } from '../../src/domain/line-diff.ts';
import { changedLines } from '../../src/domain/line-hunks.ts';
import { promptOf } from '../../src/domain/prompt.ts';
import { NO_PROMPT, promptDiff } from '../../src/domain/prompt-diff.ts';
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

it('says how many characters and tokens a change adds, by section', () => {
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
  const { hunks, isComplete, addedCharacters, addedTokens, sections } = promptDiff(
    before,
    after,
    1_000,
  );
  expect(isComplete).toBe(true);
  expect(hunks).toHaveLength(1);
  expect(hunks[0]?.runs[0]).toEqual({ kind: 'same', lines: ['You are brief.', ''] });
  expect(hunks[0]?.runs.map(({ kind }) => kind)).toContain('removed');
  expect(addedCharacters).toBe(after.prompt.characters - before.prompt.characters);
  expect(addedTokens).toBe(after.size.estimatedTokens - before.size.estimatedTokens);
  expect(sections.map(({ section }) => section)).toEqual(['guardrails', 'personality']);
  expect(sections.reduce((sum, one) => sum + one.addedTokens, 0)).toBe(addedTokens);
  expect(sections.reduce((sum, one) => sum + one.addedCharacters, 0)).toBe(addedCharacters);
  expect(promptDiff(after, before, 1_000).addedTokens).toBe(-addedTokens);
  const none = { addedTokens: 0, addedCharacters: 0, sections: [], hunks: [], isComplete: true };
  expect(promptDiff(after, after, 1_000)).toEqual(none);
  expect(promptDiff(NO_PROMPT, after, 1_000)).toMatchObject({
    addedCharacters: after.prompt.characters,
    addedTokens: after.size.estimatedTokens,
  });
});

describe('the changed lines', () => {
  const numbered = (count: number) => Array.from({ length: count }, (_, i) => `line ${i + 1}`);
  const changed = (before: readonly string[], after: readonly string[], max = 1_000) =>
    changedLines(lineDiff(before.join('\n'), after.join('\n')), max);

  it('have three lines around them, and their places in both texts', () => {
    const before = numbered(40);
    const after = [...before.slice(0, 9), 'new', ...before.slice(9, 29), ...before.slice(30)];
    expect(changed(before, after)).toEqual({
      hunks: [
        {
          beforeStart: 7,
          afterStart: 7,
          runs: [
            { kind: 'same', lines: ['line 7', 'line 8', 'line 9'] },
            { kind: 'added', lines: ['new'] },
            { kind: 'same', lines: ['line 10', 'line 11', 'line 12'] },
          ],
        },
        {
          beforeStart: 27,
          afterStart: 28,
          runs: [
            { kind: 'same', lines: ['line 27', 'line 28', 'line 29'] },
            { kind: 'removed', lines: ['line 30'] },
            { kind: 'same', lines: ['line 31', 'line 32', 'line 33'] },
          ],
        },
      ],
      isComplete: true,
    });
  });

  it('are in one hunk if at most six lines are between them', () => {
    const before = numbered(20);
    const at = (second: number) => before.map((it, i) => (i === 4 || i === second ? 'x' : it));
    expect(changed(before, at(11)).hunks).toHaveLength(1);
    expect(changed(before, at(12)).hunks).toHaveLength(2);
  });

  it('turn the text before into the text after', () => {
    fc.assert(
      fc.property(texts, texts, (before, after) => {
        const lines = before === '' ? [] : before.split('\n');
        const { hunks } = changedLines(lineDiff(before, after), 1_000);
        let shift = 0;
        for (const { beforeStart, afterStart, runs } of hunks) {
          expect(beforeStart + shift).toBe(afterStart);
          const [old, now] = (['added', 'removed'] as const).map((without) =>
            runs.filter(({ kind }) => kind !== without).flatMap((run) => run.lines),
          );
          const replaced = lines.splice(afterStart - 1, old?.length ?? 0, ...(now ?? []));
          expect(replaced).toEqual(old);
          shift += (now?.length ?? 0) - (old?.length ?? 0);
        }
        expect(lines.join('\n')).toBe(after);
      }),
    );
  });

  it('end in front of the line that exceeds the limit', () => {
    const before = numbered(3);
    const after = [...before, ...numbered(100).map((it) => `new ${it}`)];
    const { hunks, isComplete } = changed(before, after, 100);
    expect(isComplete).toBe(false);
    const kept = hunks.flatMap(({ runs }) => runs.flatMap(({ lines }) => lines));
    expect(kept.length).toBeGreaterThan(3);
    expect(kept.join('\n').length).toBeLessThanOrEqual(100);
    expect(changed(before, after, 10_000).isComplete).toBe(true);
  });
});
