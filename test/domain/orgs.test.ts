import { describe, expect, it } from 'vitest';
import { entitleOrg, type Org } from '../../src/domain/orgs.ts';
import { refusalOf } from '../kit/refusal.ts';

const org: Org = {
  id: 'acme',
  version: 1,
  name: 'Acme',
  features: ['rcs'],
  products: ['starter'],
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:00.000Z',
};

describe('the features and products of an org', () => {
  it.each([
    [{ features: ['rcs', 'voice'] }, { features: ['rcs', 'voice'] }],
    [{ products: [] }, { products: [] }],
    [
      { features: ['a', 'a', ' b '], products: ['c'] },
      { features: ['a', 'b'], products: ['c'] },
    ],
  ])('are replaced by %j, the others stay', (input, expected) => {
    expect(entitleOrg(org, input)).toEqual({ ...org, ...expected });
  });

  it.each([
    [{}, ['']],
    [{ features: [' '] }, ['features[0]']],
    [{ features: ['a'.repeat(201)] }, ['features[0]']],
    [{ products: Array.from({ length: 201 }, (_, i) => `p${i}`) }, ['products']],
  ])('are refused as %j', (input, paths) => {
    const { problems } = refusalOf(() => entitleOrg(org, input));
    expect(problems.map(({ path }) => path)).toEqual(paths);
  });
});
