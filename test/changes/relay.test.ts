import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ChangeLog } from '../../src/changes/change-log.ts';
import type { ChangeDoc } from '../../src/changes/collection.ts';
import { type EventSink, Relay } from '../../src/changes/relay.ts';
import type { DomainEvent } from '../../src/domain/events.ts';
import type { Records } from '../../src/records/records.ts';
import { type Collection, collectionSpec, type Doc, type Store } from '../../src/store/port.ts';
import { openLog } from '../kit/changes.ts';
import { openTestStore } from '../kit/store.ts';
import { event, increment, THINGS, type Thing, thing, thingRecords } from '../kit/things.ts';
import { WORK } from '../kit/work.ts';

/** What was passed on, as deliveries are: one document for each event. */
const PASSED_ON = collectionSpec<Doc & { readonly id: string; readonly name: string }>('passedOn', {
  byId: { eq: [], order: 'id' },
});
const key = 'acme/one';

let store: Store;
let things: Collection<Thing>;
let changes: Collection<ChangeDoc>;
let log: ChangeLog;
let records: Records<Thing>;
let sink: EventSink;
let relays: Relay[];

beforeEach(async () => {
  store = await openTestStore();
  things = await store.collection(THINGS);
  ({ log, changes } = await openLog(store));
  records = thingRecords(things, log);
  const passedOn = await store.collection(PASSED_ON);
  sink = async (_, events) =>
    events.map(({ id, data }) => passedOn.toInsert({ key: id, version: 1, id, name: data.id }));
  relays = [];
});
afterEach(async () => {
  await Promise.all(relays.map((relay) => relay.stop()));
  await store.close();
});

/** Starts a relay that is notified of this process's commits. */
function start(to: EventSink = sink, onError: (error: unknown) => void = throwing): Relay {
  const relay = new Relay({ store, changes, sink: to, onPassedOn: () => undefined, onError });
  relays.push(relay);
  log.listen({ pending: () => relay.kick(), job: () => undefined });
  relay.start();
  return relay;
}

function throwing(error: unknown): void {
  throw error;
}

const passedOn = async () => {
  const collection = await store.collection(PASSED_ON);
  const { docs } = await collection.scan(WORK, { index: 'byId', eq: [], limit: 200 });
  return docs.map(({ name }) => name);
};
const pending = async () =>
  (await changes.scan(WORK, { index: 'pending', eq: [], limit: 200 })).docs.length;

it('passes on the events of every change once, in order, and leaves the records alone', async () => {
  start();
  await records.create(WORK, thing('one'), { events: [event('made')] });
  await increment(records, key, 'one');
  await increment(records, key, 'two');
  await records.remove(WORK, key, undefined, () => ({ events: [event('gone')] }));
  await expect.poll(passedOn).toEqual(['made', 'one', 'two', 'gone']);
  expect(await pending()).toBe(0);
});

it('passes on the events of one change in their order', async () => {
  start();
  const names = Array.from({ length: 40 }, (_, i) => `event ${i}`);
  await records.create(WORK, thing('one'), { events: names.map(event) });
  await expect.poll(passedOn).toEqual(names);
});

it('passes on what an earlier process left', async () => {
  await records.create(WORK, thing('one'), { events: [event('made')] });
  await increment(records, key, 'one');
  expect(await pending()).toBe(2);
  start();
  await expect.poll(passedOn).toEqual(['made', 'one']);
});

it('passes on the events of changes that run beside it', async () => {
  await records.create(WORK, thing('one'));
  start();
  const names = Array.from({ length: 40 }, (_, i) => `${i}`);
  await Promise.all(names.map((name) => increment(records, key, name)));
  await expect.poll(async () => (await passedOn()).length).toBe(40);
  expect(new Set(await passedOn())).toEqual(new Set(names));
  expect(await records.get(WORK, key)).toMatchObject({ n: 40, version: 41 });
});

it('passes on each event once beside the relays of other processes', async () => {
  for (let i = 0; i < 120; i += 1) {
    await records.create(WORK, thing(`${i}`), { events: [event(`${i}`)] });
  }
  for (let i = 0; i < 3; i += 1) start();
  await expect.poll(pending).toBe(0);
  expect(await passedOn()).toEqual(Array.from({ length: 120 }, (_, i) => `${i}`));
});

it('keeps the events that failed to be passed on, in their order', async () => {
  await records.create(WORK, thing('one'), { events: [event('made')] });
  const failed = new Promise((resolve) => {
    start(async () => {
      throw new Error('not now');
    }, resolve);
  });
  expect(await failed).toEqual(new Error('not now'));
  expect(await pending()).toBe(1);
  await increment(records, key, 'one');
  start();
  await expect.poll(passedOn).toEqual(['made', 'one']);
});

it('gives an event the same id each time it is passed on', async () => {
  await records.create(WORK, thing('one'), { events: [event('made')] });
  const seen: DomainEvent[] = [];
  for (let i = 0; i < 2; i += 1) {
    const failed = new Promise((resolve) => {
      start(async (_, events) => {
        seen.push(...events);
        throw new Error('died here');
      }, resolve);
    });
    await failed;
  }
  expect(seen).toHaveLength(2);
  expect(seen[0]).toEqual(seen[1]);
});

it('passes on the events of other orgs where those of one always conflict', async () => {
  for (let i = 0; i < 60; i += 1) {
    await records.create(WORK, thing(`${i}`), { events: [event(`${i}`)] });
  }
  await records.create(WORK, thing('other', 'other'), { events: [event('other')] });
  const taken = await store.collection(PASSED_ON);
  await store.commit(WORK, [taken.toInsert({ key: 'taken', version: 1, id: '', name: 'taken' })]);
  const failed = new Promise((resolve) => {
    start(async (work, events) => {
      const stuck = events.some(({ data }) => data.id !== 'other');
      const writes = await sink(work, events);
      const conflict = taken.toInsert({ key: 'taken', version: 1, id: '', name: 'again' });
      return stuck ? [...writes, conflict] : writes;
    }, resolve);
  });
  expect(await failed).toEqual(new Error('no events are passed on of acme'));
  expect(await passedOn()).toEqual(['taken', 'other']);
  expect(await pending()).toBe(60);
});
