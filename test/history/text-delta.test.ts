import fc from 'fast-check';
import { expect, it } from 'vitest';
import { applyDelta, textDelta } from '../../src/history/text-delta.ts';

const piece = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom('😀', '😁', 'é', 'aaaa', 'x'.repeat(300), 'lorem ipsum '.repeat(60)),
);
const pieces = fc.array(piece, { maxLength: 8 });
/** Two texts with much in common. */
const pair = fc
  .tuple(pieces, pieces, pieces, pieces)
  .map(([start, end, ...middles]) => middles.map((it) => [...start, ...it, ...end].join('')));

it('applied to the first of two texts gives the second', () => {
  fc.assert(
    fc.property(pair, ([before = '', after = '']) => {
      expect(applyDelta(before, textDelta(before, after))).toBe(after);
    }),
    { numRuns: 2_000 },
  );
});

it('inserts no half of a character', () => {
  const [, , inserted] = textDelta('a😀b', 'a😁b');
  expect(inserted).toBe('😁');
});

it('is short where little of a long text changes', () => {
  const text = Array.from({ length: 5_000 }, (_, i) => `line ${i * 7919}`).join('\n');
  const edited = text.replace('line 7919\n', 'line 1\n').replace('line 39587081\n', 'the end\n');
  const delta = textDelta(text, edited);
  expect(applyDelta(text, delta)).toBe(edited);
  expect(JSON.stringify(delta).length).toBeLessThan(text.length / 3);
});

it('keeps texts that are longer than the dictionary of the compression', () => {
  const text = Array.from({ length: 40_000 }, (_, i) => `${i * 7919} é`).join('\n');
  const edited = `first\n${text.toUpperCase().replaceAll('É', 'è')}\nlast`;
  expect(applyDelta(text, textDelta(text, edited))).toBe(edited);
});
