import { assert, property, string, uniqueArray } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSlug, mintAgentId, mintItemId } from '../../src/domain/ids.ts';

const SUFFIX = 'pj7r2qx4';

describe('a given id', () => {
  it.each([
    ['acme', true],
    ['a', true],
    ['a-b-9', true],
    ['a'.repeat(80), true],
    ['a'.repeat(81), false],
    ['', false],
    ['-a', false],
    ['a-', false],
    ['A', false],
    ['a_b', false],
    ['a/b', false],
    ['é', false],
    ['a\n', false],
  ])('%j is a slug: %s', (id, is) => expect(isSlug(id)).toBe(is));
});

describe('a minted agent id', () => {
  it.each([
    ['Acme Sales Bot', `agent-acme-sales-bot-${SUFFIX}`],
    ['  Café & Söhne ', `agent-cafe-and-soehne-${SUFFIX}`],
    ['🤖🤖', `agent-${SUFFIX}`],
    ['---', `agent-${SUFFIX}`],
  ])('of %j is %s', (name, id) => expect(mintAgentId(name, SUFFIX)).toBe(id));

  it('is a slug for any name', () =>
    assert(property(string({ unit: 'grapheme' }), (name) => isSlug(mintAgentId(name, SUFFIX)))));
});

describe('minted item ids', () => {
  it('are numbered if taken', () => {
    const taken = new Set(['qualify-lead', 'qualify-lead-2']);
    expect(mintItemId('Qualify lead', new Set(), 'objective')).toBe('qualify-lead');
    expect(mintItemId('Qualify lead', taken, 'objective')).toBe('qualify-lead-3');
    expect(mintItemId('🎯', taken, 'objective')).toBe('objective');
  });

  it('are unique slugs for any names', () =>
    assert(
      property(uniqueArray(string({ unit: 'grapheme' }), { maxLength: 20 }), (names) => {
        const taken = new Set<string>();
        for (const name of names) {
          const id = mintItemId(name, taken, 'item');
          if (taken.has(id) || !isSlug(id)) return false;
          taken.add(id);
        }
        return true;
      }),
    ));
});
