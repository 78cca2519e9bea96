import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { storable } from '../../src/store/documents.ts';
import { IllFormedDocument } from '../../src/store/port.ts';

/** Any JSON, with fields and items that are undefined. */
const { value: anything } = fc.letrec((of) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(undefined, null, true, 1, '', 'text'),
    fc.array(of('value'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom('a', 'b', '__proto__'), of('value'), {
      maxKeys: 3,
      noNullPrototype: true,
    }),
  ),
}));

describe('a document that is to be stored', () => {
  it('is as it is after it was written as JSON and read', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('a', 'b', 'c'), anything, { noNullPrototype: true }),
        (doc) => {
          const expected: unknown = JSON.parse(JSON.stringify(doc));
          expect(storable(doc)).toStrictEqual(expected);
        },
      ),
    );
  });

  it('has the very values of the document that it was derived from', () => {
    const before = storable({ list: [{ text: 'a' }], other: { text: 'b' }, name: 'n' });
    const after = storable({ ...before, other: { text: undefined }, unset: undefined });
    expect(after).toStrictEqual({ list: [{ text: 'a' }], other: {}, name: 'n' });
    expect(after.list).toBe(before.list);
  });

  it('is refused for a text that is no Unicode, beside values that were stored', () => {
    const { kept } = storable({ kept: { text: 'a' } });
    expect(() => storable({ kept, other: { text: '\ud800' } })).toThrow(IllFormedDocument);
    expect(() => storable({ kept, other: [{ '\udc00': 1 }] })).toThrow(IllFormedDocument);
  });
});
