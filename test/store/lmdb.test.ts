import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { open as openEnvironment } from 'lmdb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLmdb } from '../../src/store/lmdb.ts';
import type { Collection, Store } from '../../src/store/port.ts';
import { WORK } from '../kit/work.ts';
import { appendContract } from './append.ts';
import { commitContract } from './commit.ts';
import { storeContract, type Thing, thingsSpec } from './contract.ts';

const folder = mkdtempSync(join(tmpdir(), 'agent-api-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the embedded store', () => {
  storeContract(async () => openLmdb(folder));
  appendContract(async () => openLmdb(join(folder, 'append')));
  commitContract(async () => openLmdb(join(folder, 'commit')));

  let store: Store;
  let things: Collection<Thing>;
  const spec = thingsSpec();
  beforeAll(async () => {
    store = openLmdb(folder);
    things = await store.collection(spec);
    return () => store.close();
  });

  const thing = (key: string, fields: object = {}) => ({ key, version: 1, ...fields });

  it('opens a folder whose name has a dot in it', async () => {
    const dotted = openLmdb(join(folder, 'data.v2'));
    const collection = await dotted.collection(spec);
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

  /** A document that cannot be written, which shows only after its index entries are. */
  const indigestible = thing('bad', {
    owner: 'bad',
    name: 'n',
    late: {
      get field(): never {
        throw new TypeError('late');
      },
    },
  });

  it('takes back the whole of a write that fails half way, and nothing of its neighbours', async () => {
    // Of a shape that only a transaction that was taken back has seen before.
    const left = thing('left', { owner: 'good', name: 'n', shape: { never: { seen: 'before' } } });
    const right = thing('right', { owner: 'good', name: 'n' });
    const outcomes = await Promise.allSettled(
      [left, indigestible, right].map((doc) => things.insert(WORK, doc)),
    );
    expect(outcomes).toMatchObject([
      { value: true },
      { reason: { message: 'late' } },
      { value: true },
    ]);
    const elsewhere = openLmdb(folder);
    const again = await elsewhere.collection(spec);
    expect(await again.getMany(WORK, ['left', 'bad', 'right'])).toEqual([left, undefined, right]);
    const found = async (owner: string) =>
      (await again.scan(WORK, { index: 'byOwner', eq: [owner], limit: 9 })).docs;
    expect(await found('bad')).toEqual([]);
    expect(await found('good')).toEqual([left, right]);
    await elsewhere.close();
  });
});
