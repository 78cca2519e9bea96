import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { countSelections } from '../../src/operations/document-bounds.ts';

const each = (n: number, text: (i: number) => string) =>
  Array.from({ length: n }, (_, i) => text(i)).join(' ');

describe('the selections of a document', () => {
  it.each([
    ['of one field', '{ a }', 1],
    ['of fields in fields', '{ a { b { c } } d }', 4],
    ['of a fragment that is spread twice', '{ a { ...F } b { ...F } } fragment F on T { c d }', 8],
    ['of a fragment that is spread twice at one place', '{ ...F ...F } fragment F on T { c }', 3],
    ['of merged fields', '{ a { b } a { c } }', 4],
    ['of inline fragments', '{ ... on T { a } }', 2],
    ['of several operations', 'query A { a } query B { a b }', 3],
    ['of an unknown fragment', '{ ...F }', 1],
  ])('%s are counted', (_, document, expected) => {
    expect(countSelections(parse(document))).toBe(expected);
  });

  it.each([
    ['one field too often', `{ ${each(51, () => 'a')} }`, '50 times'],
    [
      'one field too often, at places that are merged',
      `{ ${each(8, () => `a { ${each(8, () => 'b')} }`)} }`,
      '50 times',
    ],
    [
      'too many fields by fragments',
      `{ ${each(80, (i) => `a${i}: a { ...F }`)} } fragment F on T { ${each(80, (i) => `b${i}`)} }`,
      '5000 fields',
    ],
    [
      'fields without end by fragments',
      `{ ...F0 } ${each(20, (i) => `fragment F${i} on T { a { ...F${i + 1} } b { ...F${i + 1} } }`)}`,
      '5000 fields',
    ],
    [
      'too many fragments',
      `{ a } ${each(101, (i) => `fragment F${i} on T { a }`)}`,
      '100 fragments',
    ],
    ['fragments too often', `{ ${each(501, (i) => `...F${i}`)} }`, '500 times'],
    [
      'too deep by fragments',
      `{ ...F0 } ${each(90, (i) => `fragment F${i} on T { a { b { c { ...F${i + 1} } } } }`)}`,
      '200 levels',
    ],
  ])('that ask for %s are refused', (_, document, message) => {
    expect(() => countSelections(parse(document))).toThrow(
      expect.objectContaining({
        code: 'request.too_complex',
        message: expect.stringContaining(message),
      }),
    );
  });

  it.each([
    ['itself', '{ ...F } fragment F on T { ...F }'],
    ['itself, deeper', '{ ...F } fragment F on T { a { ...F } }'],
    ['itself by another', '{ a } fragment F on T { ...G } fragment G on T { b { ...F } }'],
    [
      'itself in a hundred ways',
      `{ ...F0 } ${each(100, (i) => `fragment F${i} on T { ${each(4, (k) => `...F${(i + k + 1) % 100}`)} }`)}`,
    ],
  ])('with a fragment that contains %s are refused', (_, document) => {
    expect(() => countSelections(parse(document))).toThrow(
      expect.objectContaining({ code: 'request.invalid' }),
    );
  });
});
