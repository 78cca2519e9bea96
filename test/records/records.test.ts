import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ChangeLog } from '../../src/changes/change-log.ts';
import type { ChangeDoc } from '../../src/changes/collection.ts';
import type { Records } from '../../src/records/records.ts';
import { type Collection, type Store, StoreUnavailable } from '../../src/store/port.ts';
import { OpenWork } from '../../src/work.ts';
import { openLog } from '../kit/changes.ts';
import { openTestStore } from '../kit/store.ts';
import { event, increment, THINGS, type Thing, thing, thingRecords } from '../kit/things.ts';
import { WORK } from '../kit/work.ts';

let store: Store;
let things: Collection<Thing>;
let changes: Collection<ChangeDoc>;
let log: ChangeLog;
let records: Records<Thing>;
let isWatched: boolean;
const key = 'acme/one';

beforeEach(async () => {
  store = await openTestStore();
  things = await store.collection(THINGS);
  isWatched = true;
  ({ log, changes } = await openLog(store, {
    watched: { has: () => isWatched, created: () => undefined },
  }));
  records = thingRecords(things, log);
});
afterEach(() => store.close());

const logged = async ({ uid }: Thing) => {
  const scan = { index: 'byResource', eq: ['acme', 'webhook', uid], limit: 50 };
  return (await changes.scan(WORK, scan)).docs;
};

describe('a change of a record', () => {
  it('is logged with its author, its version and its events', async () => {
    const made = thing('one');
    await records.create(WORK, made);
    const origin = {
      actor: { kind: 'user', id: 'u1', name: 'Ada' },
      door: 'rest',
      requestId: 'r1',
      message: 'because',
    } as const;
    await records.change(new OpenWork({ origin }), key, 1, (it) => ({ ...it, n: 7 }), {
      describe: () => ({ events: [event('one')], sections: ['n'] }),
    });
    const [created, changed] = await logged(made);
    expect(created).toMatchObject({ ordinal: '0000000001', actions: ['webhook.created'] });
    expect(created).not.toHaveProperty('pending');
    expect(changed).toEqual({
      ...origin,
      key: `acme/webhook/${made.uid}/0000000002`,
      version: 1,
      org: 'acme',
      type: 'webhook',
      id: 'one',
      uid: made.uid,
      ordinal: '0000000002',
      at: (await records.get(WORK, key)).updatedAt,
      actions: ['org.updated'],
      action: 'org.updated',
      actorId: origin.actor.id,
      sections: ['n'],
      events: [event('one')],
      eventId: changed?.pending,
      pending: expect.any(String),
    });
  });

  it('waits for no relay in an org without webhooks', async () => {
    isWatched = false;
    const made = thing('one');
    await records.create(WORK, made, { events: [event('made')] });
    const [created] = await logged(made);
    expect(created).toMatchObject({ events: [event('made')] });
    expect(created).not.toHaveProperty('pending');
  });

  it('that changes nothing writes nothing, and keeps the version', async () => {
    const made = thing('one');
    await records.create(WORK, made);
    const commit = vi.spyOn(store, 'commit');
    const same = await records.change(WORK, key, 1, (it) => ({ ...it, n: 0 }), {
      describe: () => ({ events: [event('none')] }),
    });
    expect(same).toEqual(made);
    expect(commit).not.toHaveBeenCalled();
    expect(await logged(made)).toHaveLength(1);
  });

  it('applies beside concurrent ones of other processes, each with its record', async () => {
    const made = thing('one');
    await records.create(WORK, made);
    const processes = [records, thingRecords(things, log), thingRecords(things, log)];
    await Promise.all(
      processes.flatMap((it) => [increment(it, key, 'a'), increment(it, key, 'b')]),
    );
    expect(await records.get(WORK, key)).toMatchObject({ n: 6, version: 7 });
    const ordinals = (await logged(made)).map(({ ordinal }) => Number(ordinal));
    expect(ordinals).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it('is attempted again when another write of its commit conflicts', async () => {
    await records.create(WORK, thing('one'));
    await records.create(WORK, thing('other'));
    let attempts = 0;
    await records.change(WORK, key, undefined, (it) => ({ ...it, n: 1 }), {
      also: async () => {
        attempts += 1;
        const other = await records.get(WORK, 'acme/other');
        if (attempts === 1) await increment(thingRecords(things, log), other.key, 'meanwhile');
        return [things.toReplace({ ...other, n: 9, version: other.version + 1 }, other.version)];
      },
    });
    expect(attempts).toBe(2);
    expect(await records.get(WORK, 'acme/other')).toMatchObject({ n: 9, version: 3 });
    expect(await records.get(WORK, key)).toMatchObject({ n: 1, version: 2 });
  });

  it('writes nothing at all when its commit fails', async () => {
    const made = thing('one');
    await records.create(WORK, made);
    vi.spyOn(store, 'commit').mockRejectedValueOnce(new StoreUnavailable('gone'));
    await expect(increment(records, key, 'lost')).rejects.toThrow(StoreUnavailable);
    expect(await records.get(WORK, key)).toEqual(made);
    expect(await logged(made)).toHaveLength(1);
  });

  it.each([
    ['a stale version', 7, 'version.mismatch'],
    ['another key', undefined, 'webhook.not_found'],
  ])('is refused for %s', async (_, expected, code) => {
    await records.create(WORK, thing('one'));
    const at = expected ? key : 'acme/two';
    const change = records.change(WORK, at, expected, (it) => ({ ...it, n: 1 }));
    await expect(change).rejects.toMatchObject({ code });
  });
});

describe('a removal of a record', () => {
  it('frees the key at once, and keeps the log of both records apart', async () => {
    const first = thing('one');
    await records.create(WORK, first);
    expect(await records.create(WORK, thing('one'))).toBe(false);
    const describe = () => ({ events: [event('gone')] });
    expect(await records.remove(WORK, key, undefined, describe)).toEqual(first);
    expect(await records.find(WORK, key)).toBeUndefined();
    const second = thing('one');
    expect(await records.create(WORK, second)).toBe(true);
    expect((await logged(first)).map(({ ordinal }) => Number(ordinal))).toEqual([1, 2]);
    expect((await logged(second)).map(({ ordinal }) => Number(ordinal))).toEqual([1]);
  });

  it('leaves a job only where something has to be purged', async () => {
    const { jobs, log } = await openLog(store);
    const jobKeys = async () =>
      (await jobs.scan(WORK, { index: 'due', eq: [], limit: 9 })).docs.map((job) => job.key);
    records = thingRecords(things, log);
    await records.create(WORK, thing('one'));
    await records.remove(WORK, key, undefined);
    expect(await jobKeys()).toEqual([]);
    log.purgeWith('webhook', async () => undefined);
    const second = thing('one');
    await records.create(WORK, second);
    await records.remove(WORK, key, undefined);
    expect(await jobKeys()).toEqual([`acme/purge/webhook/${second.uid}`]);
  });
});
