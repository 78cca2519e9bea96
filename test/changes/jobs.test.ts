import { monitorEventLoopDelay } from 'node:perf_hooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { catchUp } from '../../src/changes/catch-up.ts';
import type { ChangeLog } from '../../src/changes/change-log.ts';
import type { ChangeDoc } from '../../src/changes/collection.ts';
import { JobRunner } from '../../src/changes/job-runner.ts';
import { FIRST_RUN_AFTER_MS, type JobDoc } from '../../src/changes/jobs.ts';
import { type Purger, purging, slicedPurge } from '../../src/changes/purge.ts';
import type { Records } from '../../src/records/records.ts';
import { systemEffects } from '../../src/server/effects.ts';
import type { Collection, Store } from '../../src/store/port.ts';
import { openLog } from '../kit/changes.ts';
import { openTestStore } from '../kit/store.ts';
import { event, THINGS, type Thing, thing, thingRecords } from '../kit/things.ts';
import { WORK } from '../kit/work.ts';

const GRACE_MS = 90_000;
const real = systemEffects();

let store: Store;
let things: Collection<Thing>;
let changes: Collection<ChangeDoc>;
let jobs: Collection<JobDoc>;
let log: ChangeLog;
let records: Records<Thing>;
let runners: JobRunner[];
let errors: unknown[];
let time: number;
let isWatched: boolean;
let marked: number;
const now = () => new Date(time);

beforeEach(async () => {
  store = await openTestStore();
  things = await store.collection(THINGS);
  time = Date.now();
  isWatched = false;
  marked = 0;
  const effects = { ...real, now };
  ({ log, changes, jobs } = await openLog(store, {
    effects,
    watched: { has: () => isWatched, created: () => undefined },
  }));
  records = thingRecords(things, log);
  runners = [];
  errors = [];
});
afterEach(async () => {
  await Promise.all(runners.map((runner) => runner.stop()));
  await store.close();
});

function start(): JobRunner {
  const runner = new JobRunner({
    store,
    jobs,
    handlers: {
      purge: purging(store, (type) => log.purgersOf(type)),
      catchUp: catchUp(store, changes, () => {
        marked += 1;
      }),
    },
    graceMs: GRACE_MS,
    now,
    onError: (error) => errors.push(error),
  });
  runners.push(runner);
  log.listen({ pending: () => undefined, job: (afterMs) => runner.kick(afterMs) });
  runner.start();
  return runner;
}

const waiting = async () =>
  (await jobs.scan(WORK, { index: 'due', eq: [], limit: 50 })).docs.length;
const left = async (org: string) =>
  (await things.scan(WORK, { index: 'byOrg', eq: [org], limit: 9 })).docs.length;

async function removed(id: string): Promise<Thing> {
  const doc = thing(id);
  await records.create(WORK, doc);
  await records.remove(WORK, doc.key, undefined);
  return doc;
}

/** Never ends; fails when it is interrupted. */
const endless: Purger = (work, _, purge) =>
  purge(
    {
      ...things,
      scan: async () => {
        work.assertWanted();
        return { docs: [], more: true, cursorOf: () => ({ order: '', key: '' }) };
      },
    } as unknown as Collection<Thing>,
    'byOrg',
    [],
  );

describe('a purge', () => {
  it('is done at once, and again when no write can end that began before', async () => {
    const purged: string[] = [];
    log.purgeWith('webhook', async (_, { uid }) => {
      purged.push(uid);
    });
    const runner = start();
    const { uid } = await removed('one');
    await expect.poll(() => purged).toEqual([uid]);
    time += GRACE_MS - 1_000;
    runner.kick();
    await expect.poll(waiting).toBe(1);
    time += 2_000;
    runner.kick();
    await expect.poll(() => purged).toEqual([uid, uid]);
    await expect.poll(waiting).toBe(0);
    expect(errors).toEqual([]);
  });

  it('removes everything of its owner and nothing else', async () => {
    const mine = Array.from({ length: 450 }, (_, i) => thing(`${i}`));
    const other = { ...thing('0'), key: 'other/0', org: 'other' };
    await store.commit(
      WORK,
      [...mine, other].map((doc) => things.toInsert(doc)),
    );
    await slicedPurge(store, WORK, new AbortController().signal)(things, 'byOrg', ['acme']);
    expect([await left('acme'), await left('other')]).toEqual([0, 1]);
  });

  it('leaves the event loop to others', async () => {
    const mine = Array.from({ length: 2_000 }, (_, i) => thing(`${i}`));
    await store.commit(
      WORK,
      mine.map((doc) => things.toInsert(doc)),
    );
    const delay = monitorEventLoopDelay({ resolution: 1 });
    const signal = new AbortController().signal;
    await slicedPurge(store, WORK, signal)(things, 'byOrg', ['none']);
    delay.enable();
    await slicedPurge(store, WORK, signal)(things, 'byOrg', ['acme']);
    delay.disable();
    // The timer itself is late by a millisecond or two, and this machine may be busy.
    expect(delay.percentile(50) / 1e6).toBeLessThan(8);
  });

  it('that fails is reported, and done again later', async () => {
    let failures = 1;
    const purged: string[] = [];
    log.purgeWith('webhook', async (_, { uid }) => {
      failures -= 1;
      if (failures >= 0) throw new Error('broke off');
      purged.push(uid);
    });
    const runner = start();
    const { uid } = await removed('one');
    await expect.poll(() => errors).toEqual([new Error('broke off')]);
    expect(await waiting()).toBe(1);
    time += 31_000;
    runner.kick();
    await expect.poll(() => purged).toEqual([uid]);
  });

  it('that is interrupted by a stop is done by the next start, without an error', async () => {
    log.purgeWith('webhook', endless);
    const runner = start();
    await removed('one');
    await expect.poll(async () => (await jobs.scan(WORK, ALL)).docs[0]?.version).toBe(2);
    await runner.stop();
    expect(errors).toEqual([]);
    const [job] = (await jobs.scan(WORK, ALL)).docs;
    expect(job?.dueAt).toBe(now().toISOString());
  });

  it('that takes long does not delay the others', async () => {
    const purged: string[] = [];
    log.purgeWith('webhook', async (work, resource, purge) => {
      if (resource.id === 'long') return endless(work, resource, purge);
      purged.push(resource.id);
    });
    start();
    for (const id of ['long', 'a', 'b', 'c', 'd']) await removed(id);
    await expect.poll(() => [...purged].sort()).toEqual(['a', 'b', 'c', 'd']);
  });

  it('is done by one of several processes', async () => {
    const purged: string[] = [];
    log.purgeWith('webhook', async (_, { id }) => {
      purged.push(id);
    });
    for (const id of ['a', 'b', 'c', 'd', 'e']) await removed(id);
    start();
    start();
    start();
    await expect.poll(() => [...purged].sort()).toEqual(['a', 'b', 'c', 'd', 'e']);
  });
});

const ALL = { index: 'due', eq: [], limit: 9 };

describe('a catch-up', () => {
  it('marks the changes that were made without knowing of the first webhook', async () => {
    await records.create(WORK, thing('before'), { events: [event('before')] });
    time += 1_000;
    const webhook = thing('webhook');
    await records.create(WORK, { ...webhook, updatedAt: now().toISOString() }, { catchUp: true });
    // A change of a process that knows of no webhook is committed after its creation.
    time += 1_000;
    const late = thing('late');
    await records.create(
      WORK,
      { ...late, updatedAt: now().toISOString() },
      { events: [event('late')] },
    );
    time += FIRST_RUN_AFTER_MS.catchUp;
    start();
    await expect.poll(() => marked).toBe(1);
    const { docs } = await changes.scan(WORK, { index: 'pending', eq: [], limit: 9 });
    expect(docs.map(({ id }) => id)).toEqual(['late']);
  });
});
