import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
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

describe('buckets that several processes share', () => {
  const PROCESSES = 3;

  /** Processes with one published count. */
  function processes(quota = QUOTA) {
    const published = { given: 0, fullAt: 0 };
    const all = Array.from({ length: PROCESSES }, () => new TokenBuckets(quota));
    const exchange = (buckets: TokenBuckets, now: number) => {
      for (const { caller, unpublished } of buckets.shared(now, 10)) {
        const fullInMs = Math.max(0, published.fullAt - now);
        const full = buckets.learn(caller, { given: published.given, fullInMs }, now);
        published.given += unpublished;
        published.fullAt = Math.max(published.fullAt, now + full);
        buckets.published(caller, unpublished);
      }
    };
    return { all, exchange };
  }

  it('give together what one would, and at most an eighth more for each process', () => {
    const quota = { max: 40, windowMs: 1_000 };
    const steps = fc.array(
      fc.record({
        wait: fc.integer({ min: 0, max: 30 }),
        process: fc.integer({ min: 0, max: PROCESSES - 1 }),
        tries: fc.integer({ min: 1, max: 30 }),
      }),
      { maxLength: 100 },
    );
    fc.assert(
      fc.property(steps, (taken) => {
        const { all, exchange } = processes(quota);
        const times: number[] = [];
        let now = 0;
        for (const buckets of all) buckets.share(() => exchange(buckets, now));
        for (const { wait, process, tries } of taken) {
          now += wait;
          for (let i = 0; i < tries; i += 1)
            if (all[process]?.take('a', now).taken) times.push(now);
        }
        for (const start of times) {
          const within = times.filter((at) => at >= start && at < start + quota.windowMs);
          expect(within.length).toBeLessThanOrEqual(2 * quota.max + (PROCESSES * quota.max) / 8);
        }
      }),
    );
  });

  it('have what the others gave taken from them, below zero too', () => {
    const { all, exchange } = processes();
    const [a, b] = all;
    if (!a || !b) throw new Error('there are two');
    expect(taken(a, 'x', 15, 0)).toBe(10);
    expect(taken(b, 'x', 4, 0)).toBe(4);
    exchange(a, 0);
    exchange(b, 0);
    exchange(a, 0);
    for (const buckets of [a, b]) {
      expect(buckets.look('x', 0)).toMatchObject({ taken: false, left: 0, nextInMs: 500 });
    }
    expect(a.take('x', 500).taken).toBe(true);
  });

  it('are known to a process that starts later', () => {
    const { all, exchange } = processes();
    const [a] = all;
    if (!a) throw new Error('there is one');
    taken(a, 'x', 10, 0);
    exchange(a, 0);
    const fresh = all[1] ?? a;
    expect(fresh.take('x', 0).taken).toBe(true);
    exchange(fresh, 0);
    expect(fresh.look('x', 0).taken).toBe(false);
  });

  it('are shared no longer once they are full', () => {
    const { all, exchange } = processes();
    const [a] = all;
    if (!a) throw new Error('there is one');
    taken(a, 'x', 5, 0);
    exchange(a, 0);
    expect(a.shared(100, 10)).toHaveLength(1);
    expect(a.shared(10_000, 10)).toHaveLength(0);
    expect(a.shared(10_000, 10)).toHaveLength(0);
  });

  it('are not shared while little of them is used', () => {
    const large = new TokenBuckets({ max: 800, windowMs: 1_000 });
    expect(taken(large, 'x', 99, 0)).toBe(99);
    expect(large.shared(0, 10)).toEqual([]);
    taken(large, 'x', 1, 0);
    expect(large.shared(0, 10)).toMatchObject([{ caller: 'x', unpublished: 100 }]);
  });

  it('take turns when more are due than one exchange has', () => {
    const { all } = processes();
    const [a] = all;
    if (!a) throw new Error('there is one');
    for (const caller of ['x', 'y', 'z']) taken(a, caller, 5, 0);
    const due = () => a.shared(0, 2).map(({ caller }) => caller);
    expect([due(), due()]).toEqual([
      ['x', 'y'],
      ['z', 'x'],
    ]);
  });
});
