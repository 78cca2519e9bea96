import { describe, expect, it } from 'vitest';
import { median, percentile, spread } from '../../bench/statistics.ts';

describe('median', () => {
  it('is the middle value of an odd number', () => expect(median([9, 1, 5])).toBe(5));
  it('is the middle of the two middle values of an even number', () =>
    expect(median([4, 1, 3, 2])).toBe(2.5));
  it('orders by size, not as text', () => expect(median([100, 20, 3])).toBe(20));
  it('leaves its argument as it is', () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });
  it('throws for no values', () => expect(() => median([])).toThrow(RangeError));
});

describe('percentile', () => {
  const hundred = Array.from({ length: 101 }, (_, i) => 100 - i);

  it.each([0, 1, 50, 99, 100])('finds the value at rank %d', (rank) =>
    expect(percentile(hundred, rank)).toBe(rank),
  );
  it('interpolates between neighbours', () => expect(percentile([10, 20], 25)).toBe(12.5));
});

describe('spread', () => {
  it('is the distance between the quartiles as a share of the median', () =>
    expect(spread([80, 90, 100, 110, 120])).toBeCloseTo(0.2));
  it('is 0 where all values are equal', () => expect(spread([7, 7, 7])).toBe(0));
});
