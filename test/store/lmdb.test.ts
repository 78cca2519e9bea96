import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { open as openEnvironment } from 'lmdb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLmdb } from '../../src/store/lmdb.ts';
import { collectionSpec, type Store } from '../../src/store/port.ts';
import { openVerbs, type WithVerbs } from '../kit/verbs.ts';
import { WORK } from '../kit/work.ts';
import { commitContract } from './commit.ts';
import { storeContract, type Thing, thingsSpec } from './contract.ts';

const folder = mkdtempSync(join(tmpdir(), 'agent-api-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the embedded store', () => {
  storeContract(() => openLmdb(folder));
  commitContract(() => openLmdb(join(folder, 'commit')));

  let store: Store;
  let things: WithVerbs<Thing>;
  const spec = thingsSpec();
  beforeAll(async () => {
    store = await openLmdb(folder);
    things = await openVerbs(store, spec);
    return () => store.close();
  });

  const thing = (key: string, fields: object = {}) => ({ key, version: 1, ...fields });

  it('opens a folder whose name has a dot in it', async () => {
    const dotted = await openLmdb(join(folder, 'data.v2'));
    const collection = await openVerbs(dotted, spec);
    expect(await collection.insert(WORK, thing('dotted'))).toBe(true);
    expect(await collection.get(WORK, 'dotted')).toEqual(thing('dotted'));
    await dotted.close();
  });

  it('syncs the writes that come together once', async () => {
    const environment = openEnvironment({ path: folder, maxDbs: 128 });
    const commits = () => (environment.getStats() as { lastTxnId: number }).lastTxnId;
    const before = commits();
    await Promise.all(
      Array.from({ length: 200 }, (_, i) => things.insert(WORK, thing(`group${i}`))),
    );
    expect(commits() - before).toBe(1);
    await things.insert(WORK, thing('alone'));
    expect(commits() - before).toBe(2);
    await environment.close();
  });

  it('has on disk what it answered, for a process that begins then', async () => {
    await things.insert(
      WORK,
      thing('durable', { owner: 'a', name: 'n', list: [{ a: 1 }, { b: 2 }] }),
    );
    const program = `
      import { open } from 'lmdb';
      const root = open({ path: process.argv[1], maxDbs: 128 });
      const sharedStructuresKey = Symbol.for('structures');
      const doc = root.openDB({ name: process.argv[2] + '.docs', useVersions: true, sharedStructuresKey }).get('durable');
      process.stdout.write(JSON.stringify(doc));
      process.kill(process.pid, 'SIGKILL');`;
    let read = '';
    try {
      execFileSync(process.execPath, ['--input-type=module', '-e', program, folder, spec.name]);
    } catch (error) {
      read = String((error as { stdout: Buffer }).stdout);
    }
    expect(JSON.parse(read)).toEqual(await things.get(WORK, 'durable'));
  });

  /** A document that cannot be encoded, which shows only after its index entries are put. */
  const indigestible = () => {
    let armed = false;
    const doc = thing('bad', {
      owner: 'bad',
      name: 'n',
      late: {
        get field(): string {
          if (armed) throw new TypeError('late');
          return 'soon';
        },
      },
    });
    const write = things.toInsert(doc);
    armed = true;
    return write;
  };

  it('takes back the whole of a write that fails half way, and nothing of its neighbours', async () => {
    // Of a shape that only a transaction that was taken back has seen before.
    const left = thing('left', { owner: 'good', name: 'n', shape: { never: { seen: 'before' } } });
    const right = thing('right', { owner: 'good', name: 'n' });
    const beside = thing('beside', { owner: 'bad', name: 'n' });
    const outcomes = await Promise.allSettled([
      store.commit(WORK, [things.toInsert(left)]),
      store.commit(WORK, [things.toInsert(beside), indigestible()]),
      store.commit(WORK, [things.toInsert(right)]),
    ]);
    expect(outcomes).toMatchObject([
      { value: { committed: true } },
      { reason: { message: 'late' } },
      { value: { committed: true } },
    ]);
    const elsewhere = await openLmdb(folder);
    const again = await openVerbs(elsewhere, spec);
    const keys = ['left', 'bad', 'beside', 'right'];
    expect(await again.getMany(WORK, keys)).toEqual([left, undefined, undefined, right]);
    const found = async (owner: string) =>
      (await again.scan(WORK, { index: 'byOwner', eq: [owner], limit: 9 })).docs;
    expect(await found('bad')).toEqual([]);
    expect(await found('good')).toEqual([left, right]);
    await elsewhere.close();
  });

  it('reads shapes that another stored after its own were taken back', async () => {
    const { name, indexes } = thingsSpec();
    const mine = await openVerbs(store, collectionSpec<Thing>(name, indexes));
    let armed = false;
    const taken = mine.toInsert({
      key: 'taken',
      version: 1,
      mine: { only: 1, of: 2, this: 3 },
      get late(): string {
        if (armed) throw new TypeError('late');
        return '';
      },
    });
    armed = true;
    await expect(store.commit(WORK, [taken])).rejects.toThrow('late');
    const elsewhere = await openLmdb(folder);
    const theirs = await openVerbs(elsewhere, collectionSpec<Thing>(name, indexes));
    const doc = thing('theirs', { theirs: { another: 1, shape: 2, altogether: 3 } });
    await elsewhere.commit(WORK, [theirs.toInsert(doc)]);
    expect(await mine.get(WORK, 'theirs')).toEqual(doc);
    const next = thing('mine', { mine: { only: 1, of: 2, this: 3 } });
    await store.commit(WORK, [mine.toInsert(next)]);
    expect(await theirs.get(WORK, 'mine')).toEqual(next);
    await elsewhere.close();
  });

  it('decodes a state of a document once, and lets nobody change it', async () => {
    await store.commit(WORK, [
      things.toInsert(thing('kept', { text: 'x'.repeat(5_000), a: [{}] })),
    ]);
    const elsewhere = await openLmdb(folder);
    const again = await openVerbs(elsewhere, spec);
    const [first, second] = [await again.get(WORK, 'kept'), await again.get(WORK, 'kept')];
    expect(second).toBe(first);
    const [inner] = (first?.a ?? []) as object[];
    expect([first, first?.a, inner].every(Object.isFrozen)).toBe(true);
    await store.commit(WORK, [things.toReplace(thing('kept', { version: 1, text: 'new' }), 1)]);
    expect(await again.get(WORK, 'kept')).toEqual(thing('kept', { text: 'new' }));
    await elsewhere.close();
  });

  it('reads no document where an index includes all that is asked for', async () => {
    const { name } = thingsSpec();
    const index = { eq: ['owner'], order: 'name', includes: ['text'] };
    const covered = await openVerbs(store, collectionSpec<Thing>(name, { byOwner: index }));
    const doc = thing('k', { owner: 'a', name: 'n', text: 't' });
    await store.commit(WORK, [covered.toInsert(doc)]);
    const raw = openEnvironment({ path: folder, noSubdir: false, maxDbs: 512 });
    const docs = raw.openDB({ name: `${name}.docs`, useVersions: true });
    docs.removeSync('k');
    const scan = { index: 'byOwner', eq: ['a'], limit: 1 };
    const page = await covered.scan(WORK, { ...scan, fields: ['text', 'owner'] });
    expect(page.docs).toEqual([doc]);
    expect((await covered.scan(WORK, { ...scan, fields: ['other'] })).docs).toEqual([]);
    await raw.close();
  });

  it('stores a part again only where it is another, and none without its document', async () => {
    const part = { texts: Array.from({ length: 99 }, (_, i) => `a long text ${i}`) };
    const otherPart = { texts: [...part.texts] };
    await store.commit(WORK, [things.toInsert(thing('parted', { part, otherPart }))]);
    const raw = openEnvironment({ path: folder, noSubdir: false, maxDbs: 512 });
    const parts = raw.openDB({ name: `${spec.name}.parts` });
    const stored = () => {
      raw.resetReadTxn();
      const keys = [...parts.getKeys({ start: ['parted'], end: ['parted', '\uffff'] })];
      return keys.map((key) => parts.getBinary(key)?.length);
    };
    expect(stored()).toEqual([expect.any(Number), expect.any(Number)]);
    await parts.remove(['parted', 'part']);
    const old = await things.get(WORK, 'parted');
    const next = { ...old, key: 'parted', version: 2, otherPart: { texts: [...part.texts, ''] } };
    await store.commit(WORK, [things.toReplace(next, 1)]);
    // What was removed behind the store's back is still missing.
    expect(stored()).toHaveLength(1);
    await store.commit(WORK, [things.toDelete('parted', 2)]);
    expect(stored()).toEqual([]);
    await raw.close();
  });

  it('answers reads while a write waits for its sync', async () => {
    let under = 0;
    const writes = Array.from({ length: 40 }, (_, i) =>
      store.commit(WORK, [things.toInsert(thing(`sync${i}`, { text: 'x'.repeat(100_000) }))]),
    );
    const done = Promise.all(writes).then(() => true);
    // Each turn of the event loop in which nothing is answered yet is one that no sync blocks.
    for (let over = false; !over; under += 1) {
      await things.get(WORK, 'sync0');
      over = await Promise.race([done, new Promise<boolean>((on) => setImmediate(on, false))]);
    }
    expect(under).toBeGreaterThan(3);
    expect(await things.get(WORK, 'sync39')).toBeDefined();
  });
});
