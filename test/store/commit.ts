import { beforeAll, describe, expect, it } from 'vitest';
import { MAX_INDEX_BYTES } from '../../src/store/indexes.ts';
import {
  type Collection,
  collectionSpec,
  type Doc,
  type DocRef,
  IllFormedDocument,
  type RangeScan,
  type Store,
} from '../../src/store/port.ts';
import type { Write } from '../../src/store/writes.ts';
import { notedBy } from '../../src/work.ts';
import { boundedWork, WORK } from '../kit/work.ts';
import { commitModel } from './commit-model.ts';

export interface Item extends Doc {
  readonly owner?: string;
  readonly name?: string;
  readonly [field: string]: unknown;
}

const INDEXES = { byOwner: { eq: ['owner'], order: 'name' } };

let made = 0;
function itemsSpec(indexes = INDEXES as Parameters<typeof collectionSpec>[1]) {
  made += 1;
  return collectionSpec<Item>(`items${process.pid}x${made}`, indexes);
}

/** The promises of `Store.commit`, of `Store.versions` and of `Bounds.reads`, for every back end. */
export function commitContract(open: () => Promise<Store>): void {
  let store: Store;
  let other: Store;
  let left: Collection<Item>;
  let right: Collection<Item>;
  let counts: Collection<Item>;
  let specs: ReturnType<typeof itemsSpec>[];

  beforeAll(async () => {
    store = await open();
    other = await open();
    return async () => {
      await store.close();
      await other.close();
    };
  });
  const fresh = async () => {
    specs = [itemsSpec(), itemsSpec(), itemsSpec()];
    const [a, b, c] = await Promise.all(specs.map((spec) => store.collection(spec)));
    if (!a || !b || !c) throw new Error('three collections');
    [left, right, counts] = [a, b, c];
  };
  const item = (key: string, version = 1, fields: object = {}): Item => ({
    key,
    version,
    owner: 'o',
    name: `${key}${version}`,
    ...fields,
  });
  const names = async (collection: Collection<Item>) => {
    const { docs } = await collection.scan(WORK, { index: 'byOwner', eq: ['o'], limit: 99 });
    return docs.map(({ name }) => name);
  };

  describe('a commit', () => {
    beforeAll(fresh);

    it('makes every kind of write in every collection, and another opening sees them', async () => {
      await store.commit(WORK, [left.toInsert(item('r')), right.toInsert(item('d'))]);
      const writes = [
        left.toReplace(item('r', 2), 1),
        right.toDelete('d', 1),
        right.toDelete('nobody'),
        left.toInsert(item('i')),
        right.toInsert(item('j')),
        counts.toIncrement({ key: 'c', init: { owner: 'o' }, add: { n: 2 }, max: { name: 'b' } }),
        counts.toIncrement({ key: 'c', add: { n: 3 }, max: { name: 'a' } }),
      ];
      expect(await store.commit(WORK, writes)).toEqual({ committed: true });
      const [theirs, ofOther, counted] = await Promise.all(
        specs.map((spec) => other.collection(spec)),
      );
      expect(await theirs?.getMany(WORK, ['r', 'i'])).toEqual([item('r', 2), item('i')]);
      expect(await ofOther?.getMany(WORK, ['d', 'j'])).toEqual([undefined, item('j')]);
      expect(await counted?.get(WORK, 'c')).toEqual({
        key: 'c',
        version: 0,
        owner: 'o',
        n: 5,
        name: 'b',
      });
      expect(await names(left)).toEqual(['i1', 'r2']);
      expect(await names(right)).toEqual(['j1']);
      expect(await names(counts)).toEqual(['b']);
    });

    it('of nothing is made', async () => {
      expect(await store.commit(WORK, [])).toEqual({ committed: true });
    });

    it('names no document twice, but for increments', async () => {
      const twice: [Write, Write][] = [
        [left.toInsert(item('twice')), left.toDelete('twice')],
        [left.toReplace(item('twice', 2), 1), left.toReplace(item('twice', 3), 2)],
        [counts.toDelete('twice'), counts.toIncrement({ key: 'twice', add: { n: 1 } })],
        [counts.toIncrement({ key: 'twice', add: { n: 1 } }), counts.toInsert(item('twice'))],
      ];
      for (const writes of twice) {
        await expect(store.commit(WORK, writes)).rejects.toThrow(RangeError);
      }
      expect(await left.get(WORK, 'twice')).toBeUndefined();
      expect(
        await store.commit(WORK, [left.toInsert(item('same')), right.toInsert(item('same'))]),
      ).toEqual({ committed: true });
    });

    it('writes nothing where a collection was not opened', async () => {
      const elsewhere = await other.collection(itemsSpec());
      const writes = [left.toInsert(item('n')), elsewhere.toInsert(item('n'))];
      await expect(store.commit(WORK, writes)).rejects.toThrow(RangeError);
      expect(await left.get(WORK, 'n')).toBeUndefined();
    });
  });

  describe('a conflict', () => {
    const failing: [string, () => Write][] = [
      ['an insert whose key is taken', () => right.toInsert(item('there', 9))],
      ['a replace of another version', () => right.toReplace(item('there', 3), 1)],
      ['a replace of what is gone', () => right.toReplace(item('gone', 2), 1)],
      ['a delete of another version', () => right.toDelete('there', 1)],
      ['a delete, of one version, of what is gone', () => right.toDelete('gone', 1)],
    ];
    const others = () => [
      left.toInsert(item('new')),
      left.toReplace(item('old', 2), 1),
      right.toDelete('leaving', 1),
      counts.toIncrement({ key: 'sum', add: { n: 1 }, max: { name: 'z' } }),
      right.toInsert(item('new')),
    ];
    beforeAll(async () => {
      await fresh();
      await store.commit(WORK, [
        right.toInsert(item('there', 2)),
        left.toInsert(item('old')),
        right.toInsert(item('leaving')),
        counts.toIncrement({ key: 'sum', init: { owner: 'o' }, add: { n: 1 }, max: { name: 'a' } }),
      ]);
    });
    const state = async () => ({
      left: await left.getMany(WORK, ['new', 'old']),
      right: await right.getMany(WORK, ['new', 'there', 'gone', 'leaving']),
      counts: await counts.get(WORK, 'sum'),
      indexes: [await names(left), await names(right), await names(counts)],
      versions: await store.versions(WORK, [
        { collection: specs[0]?.name ?? '', key: 'old' },
        { collection: specs[2]?.name ?? '', key: 'sum' },
      ]),
    });

    const positions = [0, 1, 2, 3, 4, 5];
    it.each(failing.flatMap(([name, write]) => positions.map((at) => [name, at, write] as const)))(
      'by %s, as number %i of six, is reported and leaves nothing behind',
      async (_, at, write) => {
        const before = await state();
        const writes = others();
        writes.splice(at, 0, write());
        expect(await store.commit(WORK, writes)).toEqual({ committed: false, conflict: at });
        expect(await state()).toEqual(before);
      },
    );

    it.each(failing)('by %s alone is reported', async (_, write) => {
      const before = await state();
      expect(await store.commit(WORK, [write()])).toEqual({ committed: false, conflict: 0 });
      expect(await state()).toEqual(before);
    });

    it('names the first of several', async () => {
      const [first, second] = [failing[0]?.[1], failing[3]?.[1]];
      const taken = left.toInsert(item('old'));
      if (!first || !second) throw new Error('two');
      expect(await store.commit(WORK, [...others().slice(0, 1), taken, first()])).toEqual({
        committed: false,
        conflict: 1,
      });
    });

    it('harms no commit beside it', async () => {
      const writes = [
        [left.toInsert(item('beside1')), right.toInsert(item('beside1'))],
        [left.toInsert(item('beside2')), right.toInsert(item('there'))],
        [left.toInsert(item('beside3')), right.toInsert(item('beside3'))],
      ];
      const results = await Promise.all(writes.map((it) => store.commit(WORK, it)));
      expect(results).toEqual([
        { committed: true },
        { committed: false, conflict: 1 },
        { committed: true },
      ]);
      const found = await left.getMany(WORK, ['beside1', 'beside2', 'beside3']);
      expect(found.map((doc) => doc?.key)).toEqual(['beside1', undefined, 'beside3']);
    });
  });

  describe('commits at once', () => {
    beforeAll(fresh);

    it('move amounts as a whole, also while others write', async () => {
      const accounts = ['a', 'b', 'c'];
      await store.commit(
        WORK,
        accounts.map((key) => left.toInsert(item(key, 1, { sum: 100 }))),
      );
      const [spec] = specs;
      if (!spec) throw new Error('a collection');
      const elsewhere = await other.collection(spec);
      const move = async (at: Store, from: string, to: string, by: string) => {
        for (;;) {
          const [a, b] = await elsewhere.getMany(WORK, [from, to]);
          if (!a || !b) throw new Error('both');
          const { committed } = await at.commit(WORK, [
            elsewhere.toReplace(item(from, a.version + 1, { sum: Number(a.sum) - 1 }), a.version),
            elsewhere.toReplace(item(to, b.version + 1, { sum: Number(b.sum) + 1 }), b.version),
            right.toInsert(item(by)),
          ]);
          if (committed) return;
        }
      };
      const theirRight = specs[1];
      if (theirRight) await other.collection(theirRight);
      await Promise.all(
        Array.from({ length: 24 }, (_, i) =>
          move(i % 2 ? store : other, accounts[i % 3] ?? '', accounts[(i + 1) % 3] ?? '', `by${i}`),
        ),
      );
      const docs = await left.getMany(WORK, accounts);
      expect(docs.map((doc) => doc?.sum)).toEqual([100, 100, 100]);
      expect(docs.reduce((sum, doc) => sum + (doc?.version ?? 0), 0)).toBe(3 + 2 * 24);
      expect(await names(right)).toHaveLength(24);
    });

    it('are made once where two insert the same key', async () => {
      const results = await Promise.all(
        Array.from({ length: 20 }, () =>
          store.commit(WORK, [
            left.toInsert(item('once')),
            counts.toIncrement({ key: 'once', add: { n: 1 } }),
          ]),
        ),
      );
      expect(results.filter(({ committed }) => committed)).toHaveLength(1);
      expect(await counts.get(WORK, 'once')).toMatchObject({ n: 1 });
    });

    it('are as those of a map, whatever is committed', async () => {
      await commitModel(store, async () => {
        await fresh();
        return [left, right];
      });
    });
  });

  describe('work that ends', () => {
    beforeAll(fresh);
    const writes = (key: string) => [left.toInsert(item(key)), right.toInsert(item(key))];

    it('before its commit writes nothing, and rejects with the reason', async () => {
      const reason = new Error('hung up');
      const work = boundedWork();
      work.end(reason);
      await expect(store.commit(work, writes('before'))).rejects.toBe(reason);
      await expect((async () => store.versions(work, []))()).rejects.toBe(reason);
      expect(await left.get(WORK, 'before')).toBeUndefined();
    });

    it('amid its commit leaves all or nothing, and its neighbours alone', async () => {
      const reason = new Error('hung up');
      const work = boundedWork();
      const ended = Array.from({ length: 5 }, (_, i) => store.commit(work, writes(`amid${i}`)));
      const beside = store.commit(WORK, writes('beside'));
      work.end(reason);
      expect(await Promise.allSettled(ended)).toEqual(
        ended.map(() => ({ status: 'rejected', reason })),
      );
      expect(await beside).toEqual({ committed: true });
      for (let i = 0; i < 5; i += 1) {
        const [a, b] = [await left.get(WORK, `amid${i}`), await right.get(WORK, `amid${i}`)];
        expect(a?.key).toBe(b?.key);
      }
    });
  });

  describe('versions', () => {
    beforeAll(fresh);
    const ref = (key: string): DocRef => ({ collection: specs[0]?.name ?? '', key });
    const versionOf = async (key: string) => (await store.versions(WORK, [ref(key)]))[0];

    it('are in the order that was asked, over collections, undefined where there is none', async () => {
      await store.commit(WORK, [left.toInsert(item('v')), right.toInsert(item('w'))]);
      const theirs = { collection: specs[1]?.name ?? '', key: 'w' };
      const long = 'é'.repeat(MAX_INDEX_BYTES);
      const versions = await store.versions(WORK, [
        theirs,
        ref('w'),
        ref('v'),
        ref(long),
        ref('v'),
      ]);
      expect(versions).toEqual([
        expect.any(Number),
        undefined,
        expect.any(Number),
        undefined,
        versions[2],
      ]);
      expect(await store.versions(WORK, [])).toEqual([]);
      await expect(
        (async () => store.versions(WORK, [{ collection: 'nowhere', key: 'v' }]))(),
      ).rejects.toThrow(RangeError);
    });

    it('differ for every state a key ever had, and last as long as the state', async () => {
      const seen: (number | undefined)[] = [];
      const step = async (...writes: Write[]) => {
        expect(await store.commit(WORK, writes)).toEqual({ committed: true });
        seen.push(await versionOf('s'));
        expect(await versionOf('s')).toBe(seen.at(-1));
      };
      await step(left.toInsert(item('s')));
      await step(left.toReplace(item('s', 2), 1));
      // The document's own version may stay.
      await step(left.toReplace(item('s', 2, { more: true }), 2));
      await step(left.toIncrement({ key: 's', add: { n: 1 } }));
      await step(left.toIncrement({ key: 's', add: { n: 1 } }), right.toInsert(item('s')));
      await step(left.toDelete('s'));
      await step(left.toInsert(item('s')));
      expect(new Set(seen).size).toBe(seen.length);
      expect(seen[5]).toBeUndefined();
      const before = await versionOf('s');
      await store.commit(WORK, [left.toInsert(item('elsewhere'))]);
      await store.commit(WORK, [left.toReplace(item('s', 2), 7)]);
      expect(await versionOf('s')).toBe(before);
    });

    it('are those that reads note, and another opening has the same', async () => {
      const noted: unknown[] = [];
      const reads = {
        document: (...args: unknown[]) => void noted.push(args),
        other: () => void noted.push('other'),
      };
      const work = notedBy(WORK, reads);
      const [name = ''] = specs.map((spec) => spec.name);
      await store.commit(WORK, [
        left.toInsert(item('n', 1, { text: 'x'.repeat(3_000) })),
        left.toIncrement({ key: 'count', add: { n: 1 } }),
      ]);
      const [n, count] = await store.versions(WORK, [ref('n'), ref('count')]);
      for (const _ of ['decoded', 'kept']) {
        noted.length = 0;
        await left.get(work, 'n');
        await left.getMany(work, ['n', 'nobody', 'count'], ['name']);
        expect(noted).toEqual([
          [name, 'n', n],
          [name, 'n', n],
          [name, 'nobody', undefined],
          [name, 'count', count],
        ]);
      }
      noted.length = 0;
      const scan: RangeScan = { index: 'byOwner', eq: ['o'], limit: 1 };
      await left.scan(work, scan);
      await left.scanMany(work, [scan]);
      expect(noted).toEqual(['other', 'other']);
      const [spec] = specs;
      if (spec) await other.collection(spec);
      expect(await other.versions(WORK, [ref('n')])).toEqual([n]);
    });
  });

  describe('an index that includes fields', () => {
    const includes = ['text', 'nested', 'none', 'list'];
    const covering = { byOwner: { eq: ['owner'], order: 'name', includes } };
    const scan = (fields?: readonly string[]): RangeScan => ({
      index: 'byOwner',
      eq: ['o'],
      limit: 9,
      ...(fields && { fields }),
    });
    const page = async (collection: Collection<Item>, fields?: readonly string[]) =>
      (await collection.scan(WORK, scan(fields))).docs;

    it('answers what the documents hold, as they change', async () => {
      const things = await store.collection(itemsSpec(covering));
      const rich = { text: 'é', nested: { a: [{ b: null }] }, none: null, list: [], other: 1 };
      await store.commit(WORK, [
        things.toInsert(item('a', 1, rich)),
        things.toInsert(item('b')),
        things.toIncrement({ key: 'c', init: { owner: 'o', name: 'c' }, add: { text: 1 } }),
      ]);
      const picked = ['text', 'nested', 'none', 'list', 'owner'];
      const { other: _, ...covered } = item('a', 1, rich);
      expect(await page(things, picked)).toStrictEqual([
        covered,
        item('b'),
        { key: 'c', version: 0, owner: 'o', name: 'c', text: 1 },
      ]);
      expect(await page(things, ['text'])).toStrictEqual([
        { key: 'a', version: 1, name: 'a1', text: 'é' },
        { key: 'b', version: 1, name: 'b1' },
        { key: 'c', version: 0, name: 'c', text: 1 },
      ]);
      expect((await page(things))[0]).toEqual(item('a', 1, rich));
      // The entry stays where it is; what it holds changes.
      const next = { key: 'a', version: 2, owner: 'o', name: 'a1' };
      await store.commit(WORK, [
        things.toReplace({ ...next, text: 'new' }, 1),
        things.toIncrement({ key: 'c', add: { text: 4 } }),
        things.toDelete('b'),
      ]);
      expect(await page(things, ['text', 'nested'])).toStrictEqual([
        { key: 'a', version: 2, name: 'a1', text: 'new' },
        { key: 'c', version: 0, name: 'c', text: 5 },
      ]);
      const backwards = { ...scan(['text']), eq: [['x', 'o']], reverse: true, limit: 1 };
      const { docs, more, cursorOf } = await things.scan(WORK, backwards);
      expect([docs.map(({ key }) => key), more]).toEqual([['c'], true]);
      const after = docs[0] && cursorOf(docs[0]);
      const rest = await things.scan(WORK, { ...backwards, after });
      expect(rest.docs.map(({ key }) => key)).toEqual(['a']);
    });

    it('is made again when it includes others', async () => {
      const { name } = itemsSpec();
      const first = await store.collection(collectionSpec<Item>(name, INDEXES));
      await store.commit(WORK, [first.toInsert(item('a', 1, { text: 't', list: [1] }))]);
      const second = await store.collection(collectionSpec<Item>(name, covering));
      expect(await page(second, ['text'])).toEqual([
        { key: 'a', version: 1, name: 'a1', text: 't' },
      ]);
      const third = await store.collection(
        collectionSpec<Item>(name, {
          byOwner: { eq: ['owner'], order: 'name', includes: ['list'] },
        }),
      );
      expect(await page(third, ['list'])).toEqual([
        { key: 'a', version: 1, name: 'a1', list: [1] },
      ]);
      expect(await page(third, ['text'])).toEqual([
        { key: 'a', version: 1, name: 'a1', text: 't' },
      ]);
    });
  });

  describe('text that is no Unicode', () => {
    beforeAll(fresh);
    const lone = '\ud800';
    it.each<[string, string, () => Write]>([
      ['a field', 'text', () => left.toInsert(item('i', 1, { text: `a${lone}` }))],
      ['a nested field', 'a.1.b', () => left.toInsert(item('i', 1, { a: [0, { b: lone }] }))],
      ['a field name', `a.${lone}`, () => left.toInsert(item('i', 1, { a: { [lone]: 1 } }))],
      ['a key', 'key', () => left.toInsert(item(lone))],
      ['a replacement', 'text', () => left.toReplace(item('i', 2, { text: '\udc00' }), 1)],
      ['beside undefined', 'z', () => left.toInsert(item('i', 1, { a: undefined, z: lone }))],
      [
        'an increment',
        'init.text',
        () => left.toIncrement({ key: 'i', init: { text: lone }, add: { n: 1 } }),
      ],
    ])('is refused in %s, with its path', (_, path, write) => {
      expect(write).toThrow(IllFormedDocument);
      expect(write).toThrow(`at ${path}`);
    });
    it('does not cover whole pairs', async () => {
      const doc = item('pair', 1, { text: '𝄞\u{10ffff}' });
      await store.commit(WORK, [left.toInsert(doc)]);
      expect(await left.get(WORK, 'pair')).toEqual(doc);
    });
  });
}
