import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { excessOfText } from '../../src/domain/json-text.ts';

const BOUNDS = { maxLevels: 4, maxValues: 20, maxListLength: 10 };
const excess = (text: string) => excessOfText(text, BOUNDS);

describe('the bounds of a JSON text', () => {
  it.each([
    ['a number', '7', undefined],
    ['as many levels as may be', '[[[[]]]]', undefined],
    ['a level too many', '[[[[[]]]]]', 'maxLevels'],
    ['objects that nest too deep', '{"a":{"b":{"c":{"d":{}}}}}', 'maxLevels'],
    ['as many items as may be', '[1,2,3,4,5,6,7,8,9,10]', undefined],
    ['an item too many', '[1,2,3,4,5,6,7,8,9,10,11]', 'maxListLength'],
    ['a field too many', `{${'"a":1,'.repeat(10)}"b":1}`, 'maxListLength'],
    ['items after a list that has ended', '[[1,2,3,4,5,6,7],[1,2,3,4,5,6,7]]', undefined],
    ['too many values in all', '[[1,2,3,4,5,6,7],[1,2,3,4,5,6,7],[1,2,3,4]]', 'maxValues'],
    ['commas and brackets in a text', '"[[[[[[,,,,,,,,,,,,,,,,,,,,,,,,,,,,,"', undefined],
    ['an escaped quote in a text', String.raw`"\"[[[[[[[["`, undefined],
    ['an escaped backslash at the end of a text', String.raw`["\\",[[[[]]]]]`, 'maxLevels'],
    ['a text that does not end', '["[[[[[[[[', undefined],
    ['a text that is not JSON', ']]]],,,', undefined],
  ])('%s', (_, text, expected) => {
    expect(excess(text)).toBe(expected);
  });

  it('count no fewer values and levels than there are', () => {
    const valuesOf = (value: unknown): number =>
      typeof value === 'object' && value !== null
        ? Object.values(value).reduce<number>((sum, it) => sum + valuesOf(it), 1)
        : 1;
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const bounds = { maxLevels: 1_000, maxListLength: 1_000, maxValues: valuesOf(value) - 1 };
        expect(excessOfText(JSON.stringify(value), bounds)).toBe('maxValues');
      }),
    );
  });

  it('are checked in a time that follows the length of the text', () => {
    const quotes = `"${'\\\\'.repeat(250_000)}${'\\"'.repeat(250_000)}"`;
    const started = performance.now();
    expect(excess(quotes)).toBeUndefined();
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});
