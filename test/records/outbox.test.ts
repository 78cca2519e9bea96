import { afterAll, beforeEach, expect, it } from 'vitest';
import { DomainError } from '../../src/domain/errors.ts';
import type { DomainEvent, NewEvent } from '../../src/domain/events.ts';
import { OUTBOX_INDEX, Outbox } from '../../src/records/outbox.ts';
import { purgeAll } from '../../src/records/purge.ts';
import { type RecordDoc, Records } from '../../src/records/records.ts';
import { type EventSink, Relay } from '../../src/records/relay.ts';
import { systemEffects } from '../../src/server/effects.ts';
import { type Collection, collectionSpec, type Store } from '../../src/store/port.ts';
import { openTestStore } from '../kit/store.ts';
import { WORK } from '../kit/work.ts';

interface Thing extends RecordDoc {
  readonly org: string;
  readonly n: number;
}

const THINGS = collectionSpec<Thing>('things', {
  ...OUTBOX_INDEX,
  byOrg: { eq: ['org'], order: 'updatedAt' },
});
const effects = systemEffects();
const stores: Store[] = [];

let things: Collection<Thing>;
let records: Records<Thing>;
let outbox: Outbox;
let purged: unknown[];
let purge: (remains: unknown, signal: AbortSignal) => Promise<void>;
let key: string;

beforeEach(async () => {
  const store = await openTestStore();
  stores.push(store);
  things = await store.collection(THINGS);
  purged = [];
  purge = async (remains) => {
    purged.push(remains);
  };
  restart();
  key = `thing-${effects.uid()}`;
});
afterAll(async () => {
  for (const store of stores) await store.close();
});

/** As after a crash: new records, an outbox that knows of nothing. */
function restart() {
  outbox = new Outbox(effects);
  records = new Records(things, effects.now, (it) => new DomainError('org.not_found', it), {
    outbox,
    remains: ({ org }) => org,
    purge: (_, remains, signal) => purge(remains, signal),
  });
}

function relayTo(sink: EventSink, onError: (error: unknown) => void = () => undefined) {
  const relay = new Relay({ outbox, sinks: [sink], onError });
  relay.start();
  return relay;
}

const thing = (): Thing => ({ key, org: 'acme', n: 0, version: 1, updatedAt: '2026-01-01' });
const event = (id: string): NewEvent => ({ type: 'org.updated', data: { id, orgId: 'acme' } });
const increment = (id: string) =>
  records.change(
    WORK,
    key,
    undefined,
    (it) => ({ ...it, n: it.n + 1 }),
    () => [event(id)],
  );
const waiting = async () =>
  (await things.scan(WORK, { index: 'outbox', eq: [], limit: 50 })).docs.map((doc) => doc.key);

/** Resolves when as many events as told have come, in the order in which they came. */
function gather(count: number) {
  const events: DomainEvent[] = [];
  let full: () => void;
  const done = new Promise<void>((resolve) => {
    full = resolve;
  });
  const sink: EventSink = async (batch) => {
    events.push(...batch);
    if (events.length >= count) full();
  };
  return { sink, ids: () => done.then(() => events.map(({ data }) => data.id)) };
}

it('passes on the events of every change, in order, and leaves the version alone', async () => {
  const { sink, ids } = gather(3);
  const relay = relayTo(sink);
  await records.create(WORK, thing(), [event('made')]);
  await increment('one');
  await increment('two');
  expect(await ids()).toEqual(['made', 'one', 'two']);
  await relay.stop();
  expect(await waiting()).toEqual([]);
  expect(await things.get(WORK, key)).toMatchObject({ n: 2, version: 3 });
});

it('finds what an earlier process left behind', async () => {
  await records.create(WORK, thing(), [event('made')]);
  await increment('one');
  expect(await waiting()).toEqual([key]);
  restart();
  const { sink, ids } = gather(2);
  const relay = relayTo(sink);
  expect(await ids()).toEqual(['made', 'one']);
  await relay.stop();
  expect(await waiting()).toEqual([]);
});

it('shows nothing of the outbox to whoever reads, and keeps it through changes without events', async () => {
  await records.create(WORK, thing(), [event('made')]);
  const changed = await records.change(WORK, key, 1, (it) => ({ ...it, n: 9 }));
  for (const seen of [
    changed,
    await records.get(WORK, key),
    (await records.getMany(WORK, [key]))[0],
  ]) {
    expect(Object.keys(seen ?? {}).sort()).toEqual(['key', 'n', 'org', 'updatedAt', 'version']);
  }
  expect(await waiting()).toEqual([key]);
});

it('keeps events that a sink failed on', async () => {
  await records.create(WORK, thing(), [event('made')]);
  const failed = new Promise((resolve) => {
    const relay = relayTo(async () => {
      throw new Error('not now');
    }, resolve);
    stoppable.push(relay);
  });
  expect(await failed).toEqual(new Error('not now'));
  expect(await waiting()).toEqual([key]);
});
const stoppable: Relay[] = [];
afterAll(() => Promise.all(stoppable.map((relay) => relay.stop())));

it('loses no event of changes that run beside the relay', async () => {
  const { sink, ids } = gather(40);
  await records.create(WORK, thing());
  const relay = relayTo(sink);
  await Promise.all(Array.from({ length: 40 }, (_, i) => increment(`${i}`)));
  expect(new Set(await ids()).size).toBe(40);
  await relay.stop();
  expect(await things.get(WORK, key)).toMatchObject({ n: 40, version: 41 });
  expect(await waiting()).toEqual([]);
});

it('leaves a tombstone that reads as absent and keeps the key, until events and purge are through', async () => {
  await records.create(WORK, thing());
  await records.remove(WORK, key, undefined, () => [event('gone')]);
  await expect(records.get(WORK, key)).rejects.toMatchObject({ code: 'org.not_found' });
  await expect(increment('late')).rejects.toMatchObject({ code: 'org.not_found' });
  expect(await records.find(WORK, key)).toBeUndefined();
  expect(await records.getMany(WORK, [key])).toEqual([undefined]);
  expect((await things.scan(WORK, { index: 'byOrg', eq: ['acme'], limit: 9 })).docs).toEqual([]);
  expect(await records.create(WORK, thing())).toBe(false);

  restart();
  const { sink, ids } = gather(1);
  const relay = relayTo(sink);
  expect(await ids()).toEqual(['gone']);
  await expect.poll(() => purged).toEqual(['acme']);
  await relay.stop();
  expect(await things.get(WORK, key)).toBeUndefined();
  expect(await records.create(WORK, thing())).toBe(true);
});

it('goes on with a purge that broke off', async () => {
  await records.create(WORK, thing());
  await records.remove(WORK, key, undefined, () => [event('gone')]);
  purge = async () => {
    throw new Error('broke off');
  };
  const broke = new Promise((resolve) => {
    stoppable.push(relayTo(async () => undefined, resolve));
  });
  expect(await broke).toEqual(new Error('broke off'));
  expect(await waiting()).toEqual([key]);
  purge = async (remains) => {
    purged.push(remains);
  };
  restart();
  const { sink, ids } = gather(1);
  const relay = relayTo(sink);
  await ids();
  await expect.poll(() => purged).toEqual(['acme']);
  await relay.stop();
  expect(await things.get(WORK, key)).toBeUndefined();
});

it('purges in batches until nothing is left', async () => {
  const other = { ...thing(), key: 'other', org: 'other' };
  const mine = Array.from({ length: 450 }, (_, i) => ({ ...thing(), key: `${i}` }));
  await Promise.all([other, ...mine].map((doc) => things.insert(WORK, doc)));
  await purgeAll(WORK, things, 'byOrg', ['acme']);
  const left = async (org: string) =>
    (await things.scan(WORK, { index: 'byOrg', eq: [org], limit: 9 })).docs;
  expect([await left('acme'), await left('other')]).toEqual([[], [other]]);
});

it('breaks a long purge off to stop, without a word, and leaves it to the next start', async () => {
  await records.create(WORK, thing());
  const begun = new Promise<void>((resolve) => {
    purge = (_, signal) =>
      new Promise((_done, broken) => {
        signal.addEventListener('abort', () => broken(signal.reason));
        resolve();
      });
  });
  const errors: unknown[] = [];
  const relay = relayTo(
    async () => undefined,
    (error) => errors.push(error),
  );
  await records.remove(WORK, key, undefined);
  await begun;
  await relay.stop();
  expect(errors).toEqual([]);
  expect(await waiting()).toEqual([key]);
});

it('holds no event up while purges take long', async () => {
  purge = (_, signal) =>
    new Promise((_done, broken) => {
      signal.addEventListener('abort', () => broken(signal.reason));
    });
  const { sink, ids } = gather(1);
  const relay = relayTo(sink);
  for (let i = 0; i < 10; i += 1) {
    await records.create(WORK, { ...thing(), key: `gone-${i}` });
    await records.remove(WORK, `gone-${i}`, undefined);
  }
  await records.create(WORK, thing(), [event('made')]);
  expect(await ids()).toEqual(['made']);
  await relay.stop();
});

it('tells the events of what is cleared away, before it is', async () => {
  const mine = Array.from({ length: 450 }, (_, i) => ({ ...thing(), key: `${i}` }));
  for (const doc of mine) await records.create(WORK, doc, doc.key === '7' ? [event('seven')] : []);
  const other = { ...thing(), key: 'other', org: 'other' };
  await records.create(WORK, other, [event('other')]);
  await records.removeAll(WORK, 'byOrg', ['acme'], new AbortController().signal);
  expect(await records.getMany(WORK, ['6', '7', '8'])).toEqual([undefined, undefined, undefined]);
  expect(await records.get(WORK, 'other')).toEqual(other);
  restart();
  const { sink, ids } = gather(2);
  const relay = relayTo(sink);
  expect((await ids()).sort()).toEqual(['other', 'seven']);
  await relay.stop();
  expect(await things.get(WORK, '7')).toBeUndefined();
});

it('begins a purge as soon as there is room, whatever goes on beside it', async () => {
  const begun: unknown[] = [];
  purge = (remains, signal) => {
    begun.push(remains);
    if (remains !== 'long') return Promise.resolve();
    return new Promise((_done, broken) => {
      signal.addEventListener('abort', () => broken(signal.reason));
    });
  };
  for (const org of ['long', 'a', 'b', 'c', 'd', 'e']) {
    await records.create(WORK, { ...thing(), key: `gone-${org}`, org });
    await records.remove(WORK, `gone-${org}`, undefined);
  }
  const relay = relayTo(async () => undefined);
  await expect.poll(() => [...begun].sort()).toEqual(['a', 'b', 'c', 'd', 'e', 'long']);
  await relay.stop();
});

it('sees the events of others behind any number of purges that wait', async () => {
  purge = (_, signal) =>
    new Promise((_done, broken) => {
      signal.addEventListener('abort', () => broken(signal.reason));
    });
  for (let i = 0; i < 450; i += 1) {
    await records.create(WORK, { ...thing(), key: `gone-${i}` });
    await records.remove(WORK, `gone-${i}`, undefined);
  }
  await records.create(WORK, thing(), [event('made')]);
  restart();
  const { sink, ids } = gather(1);
  const relay = relayTo(sink);
  expect(await ids()).toEqual(['made']);
  await relay.stop();
});
