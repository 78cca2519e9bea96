import { afterEach, beforeEach, expect, it } from 'vitest';
import { TokenBuckets } from '../../src/fairness/token-buckets.ts';
import { SHARED_LIMITS, type SharedLimitDoc } from '../../src/rate-limits/collection.ts';
import { LimitExchange } from '../../src/rate-limits/exchange.ts';
import { type Collection, type Store, StoreUnavailable } from '../../src/store/port.ts';
import { openTestStore } from '../kit/store.ts';
import { WORK } from '../kit/work.ts';

/** A window in which nothing comes back while a test runs. */
const QUOTA = { max: 80, windowMs: 1e12 };
const CALLER = 'a user@example.com';

let store: Store;
let limits: Collection<SharedLimitDoc>;
let commits: number;
let failure: Error | undefined;
let time: number;

beforeEach(async () => {
  store = await openTestStore();
  limits = await store.collection(SHARED_LIMITS);
  commits = 0;
  failure = undefined;
  time = Date.parse('2026-01-01T00:00:00.000Z');
});
afterEach(() => store.close());

/** What a process has; its exchanges are started by the test. */
function newProcess() {
  const buckets = new TokenBuckets(QUOTA);
  const exchange = new LimitExchange({
    store: {
      commit(work, writes) {
        if (failure) throw failure;
        commits += 1;
        return store.commit(work, writes);
      },
    },
    limits,
    buckets: new Map([['principal', buckets]]),
    now: () => new Date(time),
    onError: (error) => {
      throw error;
    },
  });
  const take = (tries: number) =>
    Array.from({ length: tries }, () => buckets.take(CALLER, performance.now())).filter(
      ({ taken }) => taken,
    ).length;
  const left = () => buckets.look(CALLER, performance.now()).left;
  return { take, left, exchange: () => exchange.exchange() };
}

const documents = async () =>
  (await limits.scan(WORK, { index: 'full', eq: [], limit: 10 })).docs.map(({ key, given }) => ({
    key,
    given,
  }));

it('processes take what the others gave from their own', async () => {
  const [a, b] = [newProcess(), newProcess()];
  expect([a.take(50), b.take(20)]).toEqual([50, 20]);
  await Promise.all([a.exchange(), b.exchange()]);
  await Promise.all([a.exchange(), b.exchange()]);
  expect([a.left(), b.left()]).toEqual([10, 10]);
  expect([a.take(20), b.take(20)]).toEqual([10, 10]);
  const late = newProcess();
  expect(late.take(10)).toBe(10);
  await a.exchange();
  await late.exchange();
  expect(late.left()).toBe(0);
});

it('nothing is written for a caller that used little', async () => {
  const one = newProcess();
  expect(one.take(9)).toBe(9);
  await one.exchange();
  expect(commits).toBe(0);
  one.take(1);
  await one.exchange();
  expect(commits).toBe(1);
  await one.exchange();
  expect(commits).toBe(1);
});

it('the store does not hold who the caller is', async () => {
  const one = newProcess();
  one.take(40);
  await one.exchange();
  expect(await documents()).toEqual([
    { key: expect.stringMatching(/^principal\/[\w-]{43}$/), given: 40 },
  ]);
  expect(JSON.stringify(await documents())).not.toContain('example.com');
});

it('each process limits by itself while the store fails, and publishes everything later', async () => {
  const [a, b] = [newProcess(), newProcess()];
  failure = new StoreUnavailable('gone');
  expect([a.take(50), b.take(90)]).toEqual([50, 80]);
  await expect(a.exchange()).rejects.toThrow(StoreUnavailable);
  failure = undefined;
  await a.exchange();
  await b.exchange();
  await a.exchange();
  expect(await documents()).toMatchObject([{ given: 130 }]);
  expect([a.left(), b.left()]).toEqual([0, 0]);
});
