import { describe, expect, it } from 'vitest';
import { isNewer } from '../../src/domain/versions.ts';

describe('a version', () => {
  it.each([
    ['2', '1'],
    ['10', '9'],
    ['1.10', '1.9'],
    ['1.0.1', '1.0'],
    ['2024-10-01', '2024-09-30'],
  ])('%s is newer than %s, and not the other way round', (newer, older) => {
    expect(isNewer(newer, older)).toBe(true);
    expect(isNewer(older, newer)).toBe(false);
  });

  it('is not newer than itself', () => expect(isNewer('1.0', '1.0')).toBe(false));
});
