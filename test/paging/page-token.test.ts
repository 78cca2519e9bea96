import { assert, integer, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PageTokens } from '../../src/paging/page-token.ts';

const tokens = new PageTokens(Buffer.alloc(32, 1));

describe('page tokens', () => {
  it('open for their own query, and for no other', () =>
    assert(
      property(string(), string(), string(), string(), (query, order, key, other) => {
        const token = tokens.seal(query, { order, key });
        expect(tokens.open(query, token)).toEqual({ order, key });
        if (other !== query) expect(tokens.open(other, token)).toBeUndefined();
      }),
    ));

  it('do not open when a character is changed, removed or added', () => {
    const token = tokens.seal('q', { order: '2026', key: 'acme/a' });
    assert(
      property(integer({ min: 0, max: token.length - 1 }), (at) => {
        const other = token[at] === 'x' ? 'y' : 'x';
        expect(tokens.open('q', token.slice(0, at) + other + token.slice(at + 1))).toBeUndefined();
        expect(tokens.open('q', token.slice(0, at) + token.slice(at + 1))).toBeUndefined();
      }),
    );
    for (const bad of [`${token}A`, `${token}=`, ` ${token}`, '']) {
      expect(tokens.open('q', bad)).toBeUndefined();
    }
  });

  it('do not open under another secret', () => {
    const token = tokens.seal('q', { order: 'o', key: 'k' });
    expect(new PageTokens(Buffer.alloc(32, 2)).open('q', token)).toBeUndefined();
  });
});
