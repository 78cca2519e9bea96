import { afterEach, beforeEach, expect, it } from 'vitest';
import { SHARED_LIMITS, type SharedLimitDoc } from '../../src/rate-limits/collection.ts';
import { SharedLimitSweep } from '../../src/rate-limits/sweep.ts';
import type { Collection, Store } from '../../src/store/port.ts';
import { openTestStore } from '../kit/store.ts';
import { WORK } from '../kit/work.ts';

const NOW = Date.parse('2026-01-01T00:00:00.000Z');

let store: Store;
let limits: Collection<SharedLimitDoc>;

beforeEach(async () => {
  store = await openTestStore();
  limits = await store.collection(SHARED_LIMITS);
});
afterEach(() => store.close());

it('removes limits that have been free for a minute, and no others', async () => {
  const ages = { old: 60_001, recent: 60_000, busy: -1_000 };
  for (const [key, age] of Object.entries(ages)) {
    const fullAt = new Date(NOW - age).toISOString();
    await store.commit(WORK, [limits.toIncrement({ key, add: { given: 1 }, max: { fullAt } })]);
  }
  await new SharedLimitSweep({ store, limits, now: () => new Date(NOW) }).run();
  const { docs } = await limits.scan(WORK, { index: 'full', eq: [], limit: 10 });
  expect(docs.map(({ key }) => key)).toEqual(['recent', 'busy']);
});
