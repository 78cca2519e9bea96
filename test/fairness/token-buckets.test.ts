import fc from 'fast-check';
import { expect, it } from 'vitest';
import { TokenBuckets } from '../../src/fairness/token-buckets.ts';

const QUOTA = { max: 10, windowMs: 1_000 };

/** @returns how many of so many tries at one moment are given a token */
function taken(buckets: TokenBuckets, caller: string, tries: number, now: number): number {
  return Array.from({ length: tries }, () => buckets.take(caller, now)).filter((it) => it.taken)
    .length;
}

it('a caller gets as many as the quota at once, and then one after the other', () => {
  const buckets = new TokenBuckets(QUOTA);
  expect(taken(buckets, 'a', 15, 0)).toBe(10);
  expect(buckets.take('a', 50)).toMatchObject({ taken: false, left: 0, nextInMs: 50 });
  expect(buckets.take('a', 100)).toMatchObject({ taken: true, left: 0, fullInMs: 1_000 });
  expect(taken(buckets, 'a', 15, 10_000)).toBe(10);
});

it('callers do not share a bucket', () => {
  const buckets = new TokenBuckets(QUOTA);
  expect(taken(buckets, 'a', 15, 0)).toBe(10);
  expect(taken(buckets, 'b', 15, 0)).toBe(10);
});

it('a look takes nothing', () => {
  const buckets = new TokenBuckets(QUOTA);
  for (let i = 0; i < 20; i += 1) expect(buckets.look('a', 0)).toMatchObject({ left: 10 });
});

it('no window gives more than the quota and what the bucket held before it', () => {
  const gaps = fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 200 });
  fc.assert(
    fc.property(gaps, (waits) => {
      const buckets = new TokenBuckets(QUOTA);
      const times: number[] = [];
      let now = 0;
      for (const wait of waits) {
        now += wait;
        if (buckets.take('a', now).taken) times.push(now);
      }
      for (const start of times) {
        const within = times.filter((at) => at >= start && at < start + QUOTA.windowMs);
        expect(within.length).toBeLessThanOrEqual(2 * QUOTA.max);
      }
    }),
  );
});
