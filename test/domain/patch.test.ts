import { assert, dictionary, option, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergePatch, setFields } from '../../src/domain/patch.ts';

type Fields = Record<string, string>;

describe('mergePatch', () => {
  it.each<[Fields, Record<string, string | null | undefined>, Fields]>([
    [{ a: '1' }, {}, { a: '1' }],
    [{ a: '1' }, { a: undefined }, { a: '1' }],
    [{ a: '1' }, { a: null }, {}],
    [{ a: '1' }, { a: '2', b: '3' }, { a: '2', b: '3' }],
    [{}, { a: null }, {}],
  ])('%j with %j is %j', (current, patch, merged) =>
    expect(mergePatch<Fields>(current, patch)).toEqual(merged),
  );

  it('treats __proto__ like any other field', () => {
    const merged = mergePatch<Fields>({}, JSON.parse('{"__proto__": "x"}') as Fields);
    expect(JSON.stringify(merged)).toBe('{"__proto__":"x"}');
  });

  it('does not change its arguments, and is idempotent', () => {
    const fields = dictionary(string(), string(), { noNullPrototype: true });
    const patches = dictionary(string(), option(string(), { nil: null }), {
      noNullPrototype: true,
    });
    assert(
      property(fields, patches, (current, patch) => {
        const before = JSON.stringify(current);
        const once = mergePatch<Fields>(current, patch);
        expect(JSON.stringify(current)).toBe(before);
        expect(mergePatch<Fields>(once, patch)).toEqual(once);
      }),
    );
  });
});

it('setFields keeps the fields that are set', () => {
  expect(setFields<Fields>({ a: '1', b: null, c: undefined, d: '' })).toEqual({ a: '1', d: '' });
});
