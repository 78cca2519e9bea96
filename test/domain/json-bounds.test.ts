import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstExcess, type JsonBounds, mostBytes } from '../../src/domain/json-bounds.ts';

describe('firstExcess', () => {
  it.each<[string, unknown, JsonBounds, object | undefined]>([
    ['nothing without bounds', [[[[1]]]], {}, undefined],
    ['nothing at the maximum of levels', { a: [1] }, { maxLevels: 2 }, undefined],
    [
      'one level too many',
      { a: 1, b: [{ c: {} }] },
      { maxLevels: 3 },
      { bound: 'maxLevels', path: ['b', 0, 'c'] },
    ],
    ['nothing at the maximum length of a list', [[1, 2]], { maxListLength: 2 }, undefined],
    [
      'nothing within two bounds',
      { a: [1], b: [[1, 2], [3, 4, 5], 6] },
      { maxListLength: 3, maxItems: 100 },
      undefined,
    ],
    [
      'the first list that is too long',
      {
        a: [1],
        b: [
          [1, 2],
          [1, 2, 3],
          [1, 2, 3],
        ],
      },
      { maxListLength: 2 },
      { bound: 'maxListLength', path: ['b'] },
    ],
    [
      'items of all lists together',
      { a: [1, 2], b: { c: [3] } },
      { maxItems: 2 },
      { bound: 'maxItems', path: ['b', 'c'] },
    ],
    ['nothing at the maximum of values', { a: [1, null] }, { maxValues: 4 }, undefined],
    [
      'one value too many',
      { a: [1, null] },
      { maxValues: 3 },
      { bound: 'maxValues', path: ['a', 1] },
    ],
    ['nothing at the greatest length of a text', { ab: '𝄞𝄞' }, { maxTextLength: 2 }, undefined],
    [
      'a text that is too long',
      { a: ['b', 'abc'] },
      { maxTextLength: 2 },
      { bound: 'maxTextLength', path: ['a', 1] },
    ],
    [
      'a name of a field that is too long',
      { a: { abc: 1 } },
      { maxTextLength: 2 },
      { bound: 'maxTextLength', path: ['a'] },
    ],
    [
      'an excess after a field that is not checked',
      { config: [1, 2, 3], b: { config: [1, 2, 3], c: [1, 2, 3] } },
      { maxListLength: 2, except: new Set(['config']) },
      { bound: 'maxListLength', path: ['b', 'c'] },
    ],
  ])('finds %s', (_, value, bounds, excess) => {
    expect(firstExcess(value, bounds)).toEqual(excess);
  });

  it('reads a value that nests deeper than the call stack', () => {
    let value: unknown = 1;
    for (let i = 0; i < 200_000; i += 1) value = [value];
    expect(firstExcess(value, { maxValues: 1_000_000 })).toBeUndefined();
    expect(firstExcess(value, { maxLevels: 3 })?.path).toEqual([0, 0, 0]);
  });
});

describe('mostBytes', () => {
  it('is never less than the bytes of the value as JSON', () => {
    const values = fc.jsonValue({ stringUnit: 'binary' });
    fc.assert(
      fc.property(values, (value) => {
        expect(mostBytes(value)).toBeGreaterThanOrEqual(Buffer.byteLength(JSON.stringify(value)));
      }),
    );
  });

  it('is at most some times as many', () => {
    expect(mostBytes({ text: 'x'.repeat(1_000) })).toBeLessThan(8_000);
  });
});
