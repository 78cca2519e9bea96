import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { open as openEnvironment } from 'lmdb';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { openLmdb } from '../../src/store/lmdb.ts';
import {
  type Collection,
  collectionSpec,
  type Doc,
  type Store,
  StoreMisconfigured,
  StoreUnavailable,
} from '../../src/store/port.ts';
import { WORK } from '../kit/work.ts';

interface Item extends Doc {
  readonly owner: string;
  readonly name: string;
  readonly text: string;
}

const BARE = collectionSpec<Item>('items');
const byOwner = { eq: ['owner'], order: 'name' };
const INDEXED = collectionSpec<Item>('items', { byOwner, all: { eq: [], order: 'name' } });
/** More than several slices. */
const COUNT = 10_000;

const parent = mkdtempSync(join(tmpdir(), 'agent-api-test-'));
afterAll(() => rmSync(parent, { recursive: true, force: true }));
let folder: string;
let made = 0;

const item = (i: number, version = 1): Item => ({
  key: `k${String(i).padStart(6, '0')}`,
  version,
  owner: `o${i % 3}`,
  name: `n${i}.${version}`,
  text: 'x'.repeat(100),
});

beforeEach(async () => {
  folder = join(parent, `store${++made}`);
  const store = await openLmdb(folder);
  const items = await store.collection(BARE);
  for (let at = 0; at < COUNT; at += 1_000) {
    const writes = Array.from({ length: 1_000 }, (_, i) => items.toInsert(item(at + i)));
    await store.commit(WORK, writes);
  }
  await store.close();
});

/** Reads and changes the databases of the store themselves. */
async function raw<T>(job: (root: ReturnType<typeof openEnvironment>) => T): Promise<T> {
  const root = openEnvironment({ path: folder, noSubdir: false, maxDbs: 512 });
  const result = job(root);
  await root.close();
  return result;
}

const buildNoted = () =>
  raw((root) => root.openDB({ name: 'store' }).get('build items') as { after: string } | undefined);

/** Begins a build. @returns its outcome, once a slice has been committed and others are left */
async function begunBuild(store: Store): Promise<{ readonly outcome: Promise<unknown> }> {
  const root = openEnvironment({ path: folder, noSubdir: false, maxDbs: 512 });
  const notes = root.openDB({ name: 'store' });
  let over = false;
  const outcome = store.collection(INDEXED).then(
    () => 'built',
    (error: unknown) => error,
  );
  void outcome.then(() => {
    over = true;
  });
  while (!over && notes.get('build items') === undefined) {
    await new Promise(setImmediate);
    root.resetReadTxn();
  }
  await root.close();
  expect(over).toBe(false);
  return { outcome };
}

/** Begins a build and stops it between two slices. */
async function interrupted(): Promise<void> {
  const store = await openLmdb(folder);
  const { outcome } = await begunBuild(store);
  await store.close();
  expect(await outcome).toBeInstanceOf(StoreUnavailable);
  expect(await buildNoted()).toBeDefined();
}

async function namesOf(items: Collection<Item>, owner: string): Promise<string[]> {
  const scan = { index: 'byOwner', eq: [owner], limit: COUNT * 2 };
  return (await items.scan(WORK, scan)).docs.map(({ name }) => name);
}

/** Opens the store with its indexes and compares them with the documents. */
async function expectComplete(
  docs: readonly Item[] = Array.from({ length: COUNT }, (_, i) => item(i)),
) {
  const store = await openLmdb(folder);
  const items = await store.collection(INDEXED);
  for (const owner of ['o0', 'o1', 'o2']) {
    const names = docs.filter((doc) => doc.owner === owner).map(({ name }) => name);
    expect(await namesOf(items, owner)).toEqual(names.sort());
  }
  const all = await items.scan(WORK, { index: 'all', eq: [], limit: COUNT * 2, fields: [] });
  expect(all.docs).toHaveLength(docs.length);
  await store.close();
}

describe('an index that is declared later', () => {
  it('is built in several commits, and reported once', async () => {
    const reports: unknown[] = [];
    const store = await openLmdb(folder, {
      indexesMade: (collection, indexes) => reports.push([collection, indexes]),
    });
    const commits = await raw((root) => (root.getStats() as { lastTxnId: number }).lastTxnId);
    await store.collection(INDEXED);
    const after = await raw((root) => (root.getStats() as { lastTxnId: number }).lastTxnId);
    expect(after - commits).toBeGreaterThan(3);
    expect(await buildNoted()).toBeUndefined();
    await store.collection(INDEXED);
    expect(reports).toEqual([['items', ['byOwner', 'all']]]);
    await store.close();
    await expectComplete();
  });

  it('is completed from where an interrupted build stopped', async () => {
    await interrupted();
    // A build that began again would clear it.
    const mark = ['mark', 'n', 'k'];
    await raw((root) => root.openDB({ name: 'items.index.byOwner' }).putSync(mark, null));
    await expectComplete();
    expect(await raw((root) => root.openDB({ name: 'items.index.byOwner' }).doesExist(mark))).toBe(
      true,
    );
  });

  it('is built again after a process without it ran in between', async () => {
    await interrupted();
    const store = await openLmdb(folder);
    const items = await store.collection(BARE);
    await store.commit(WORK, [items.toDelete(item(0).key, 1), items.toReplace(item(1, 2), 1)]);
    await store.close();
    expect(await buildNoted()).toBeUndefined();
    await expectComplete([item(1, 2), ...Array.from({ length: COUNT - 2 }, (_, i) => item(i + 2))]);
  });

  it('contains the writes of another process that has it, whenever they are committed', async () => {
    const other = await openLmdb(folder);
    const theirs = await other.collection(INDEXED);
    // A process without the indexes drops them.
    const without = await openLmdb(folder);
    await without.collection(BARE);
    await without.close();

    const store = await openLmdb(folder);
    let built = false;
    const building = store.collection(INDEXED).then(() => {
      built = true;
    });
    const docs = new Map(Array.from({ length: COUNT }, (_, i) => [i, item(i)]));
    let writes = 0;
    for (; !built; writes += 1) {
      // Near the beginning, the end and the middle, where the build has been and where it has not.
      const at = [writes, COUNT - 1 - writes, COUNT / 2 + writes][writes % 3] ?? 0;
      if (docs.get(at)?.version !== 1) continue;
      const change =
        writes % 2 ? theirs.toDelete(item(at).key, 1) : theirs.toReplace(item(at, 2), 1);
      await other.commit(WORK, [change, theirs.toInsert(item(COUNT + writes))]);
      docs.set(COUNT + writes, item(COUNT + writes));
      if (writes % 2) docs.delete(at);
      else docs.set(at, item(at, 2));
    }
    await building;
    expect(writes).toBeGreaterThan(3);
    await store.close();
    await other.close();
    await expectComplete([...docs.values()]);
  });

  it('is built by all processes that start at once', async () => {
    const stores = await Promise.all([1, 2, 3].map(() => openLmdb(folder)));
    await Promise.all(stores.map((store) => store.collection(INDEXED)));
    for (const store of stores) await store.close();
    await expectComplete();
  });

  it('is given up in one sentence when a process with other indexes starts meanwhile', async () => {
    const store = await openLmdb(folder);
    const { outcome } = await begunBuild(store);
    const other = await openLmdb(folder);
    await other.collection(BARE);
    const error = await outcome;
    expect(error).toBeInstanceOf(StoreMisconfigured);
    expect((error as Error).message).toMatch(/^another version of this program [^\n]*$/);
    await other.close();
    await store.close();
    await expectComplete();
  });
});
