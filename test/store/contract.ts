import { beforeAll, describe, expect, it } from 'vitest';
import { MAX_INDEX_BYTES } from '../../src/store/indexes.ts';
import { collectionSpec, type Doc, type RangeScan, type Store } from '../../src/store/port.ts';
import type { Work } from '../../src/work.ts';
import { openVerbs, type WithVerbs } from '../kit/verbs.ts';
import { boundedWork, WORK } from '../kit/work.ts';
import { storeModel } from './model.ts';

/** A document with every kind of index field. */
export interface Thing extends Doc {
  readonly owner?: string;
  readonly live?: boolean;
  readonly name?: string;
  readonly tags?: readonly string[];
  readonly [field: string]: unknown;
}

const INDEXES = {
  byOwner: { eq: ['owner'], order: 'name' },
  byLive: { eq: ['owner', 'live'], order: 'name' },
  byTag: { eq: ['owner', 'tags'], order: 'name', each: 'tags' },
  all: { eq: [], order: 'name' },
};

/** As the random documents of `storeModel` have them. */
const PARTS = ['part', 'otherPart'];

let made = 0;
/** A collection that no other test uses. */
export function thingsSpec() {
  made += 1;
  return collectionSpec<Thing>(`things${process.pid}x${made}`, INDEXES, undefined, PARTS);
}

const keysOf = (docs: readonly Doc[]) => docs.map(({ key }) => key);

/**
 * Every promise of `src/store/port.ts`, for every back end.
 *
 * @param open opens the store; again, it opens the same one, as another process would
 */
export function storeContract(open: () => Promise<Store>): void {
  let store: Store;
  let things: WithVerbs<Thing>;
  const fresh = async () => {
    things = await openVerbs(store, thingsSpec());
  };
  const put = (...docs: Partial<Thing>[]) =>
    Promise.all(
      docs.map((doc, i) => things.insert(WORK, { key: `k${i}`, version: 1, ...doc } as Thing)),
    );

  beforeAll(async () => {
    store = await open();
    return () => store.close();
  });

  describe('documents', () => {
    beforeAll(fresh);

    it('are inserted where the key is free, and read back as they were', async () => {
      const doc = {
        key: 'org/a b/é☃𝄞',
        version: 1,
        text: 'line\n"quoted" \u0000 𝄞',
        numbers: [0, -1, 0.5, 2 ** 31, 2 ** 40, Number.MAX_SAFE_INTEGER, 1e300, -(2 ** 53)],
        deep: { list: [[], {}, [null, [false]]], 'dotted.name': 1, $dollar: true, '': 'empty' },
        none: null,
      };
      expect(await things.insert(WORK, doc)).toBe(true);
      expect(await things.get(WORK, doc.key)).toEqual(doc);
      expect(await things.insert(WORK, { ...doc, text: 'other' })).toBe(false);
      expect(await things.get(WORK, doc.key)).toEqual(doc);
      expect(await things.get(WORK, 'org/a b')).toBeUndefined();
    });

    it('lose what is undefined, at every depth, and keep null', async () => {
      const doc = { key: 'undefined', version: 1, a: undefined, b: { c: undefined, d: null } };
      await things.insert(WORK, doc);
      const read = await things.get(WORK, 'undefined');
      expect(read).toStrictEqual({ key: 'undefined', version: 1, b: { d: null } });
    });

    it('may be large', async () => {
      const doc = { key: 'large', version: 1, text: 'é'.repeat(1_500_000) };
      await things.insert(WORK, doc);
      expect(await things.get(WORK, 'large')).toEqual(doc);
    });

    it('are replaced only at the version that is named', async () => {
      await things.insert(WORK, { key: 'r', version: 1, a: 1, gone: true });
      expect(await things.replace(WORK, { key: 'r', version: 2, a: 2 }, 1)).toBe(true);
      expect(await things.replace(WORK, { key: 'r', version: 2, a: 3 }, 1)).toBe(false);
      expect(await things.replace(WORK, { key: 'nobody', version: 2 }, 1)).toBe(false);
      expect(await things.get(WORK, 'r')).toEqual({ key: 'r', version: 2, a: 2 });
      expect(await things.get(WORK, 'nobody')).toBeUndefined();
    });

    it('are deleted, at the version that is named where one is', async () => {
      await things.insert(WORK, { key: 'd', version: 3 });
      expect(await things.delete(WORK, 'd', 2)).toBe(false);
      expect(await things.get(WORK, 'd')).toBeDefined();
      expect(await things.delete(WORK, 'd', 3)).toBe(true);
      expect(await things.delete(WORK, 'd', 3)).toBe(false);
      expect(await things.delete(WORK, 'd')).toBe(false);
      expect(await things.insert(WORK, { key: 'd', version: 1 })).toBe(true);
      expect(await things.delete(WORK, 'd')).toBe(true);
      expect(await things.get(WORK, 'd')).toBeUndefined();
    });

    it('are read many at once, in the order that was asked, with the fields that were', async () => {
      await things.insert(WORK, { key: 'm1', version: 1, name: 'one', live: true, deep: { a: 1 } });
      await things.insert(WORK, { key: 'm2', version: 2, name: 'two' });
      expect(await things.getMany(WORK, [])).toEqual([]);
      const docs = await things.getMany(WORK, ['m2', 'm0', 'm1', 'm2'], ['deep', 'live', 'soup']);
      expect(docs).toStrictEqual([
        { key: 'm2', version: 2 },
        undefined,
        { key: 'm1', version: 1, live: true, deep: { a: 1 } },
        { key: 'm2', version: 2 },
      ]);
      expect(await things.get(WORK, 'm1', ['name'])).toStrictEqual({
        key: 'm1',
        version: 1,
        name: 'one',
      });
      expect(await things.get(WORK, 'm1', [])).toStrictEqual({ key: 'm1', version: 1 });
    });

    it('are refused when their index fields are too long, and nothing is written', async () => {
      const long = {
        key: 'long',
        version: 1,
        owner: 'a',
        name: 'é'.repeat(MAX_INDEX_BYTES / 2),
      };
      await expect(things.insert(WORK, long)).rejects.toThrow(RangeError);
      expect(await things.get(WORK, 'long')).toBeUndefined();
      await things.insert(WORK, { key: 'long', version: 1, name: 'short' });
      await expect(things.replace(WORK, { ...long, version: 2 }, 1)).rejects.toThrow(RangeError);
      expect(await things.get(WORK, 'long')).toEqual({ key: 'long', version: 1, name: 'short' });
    });

    it('do not exist under keys that are longer than any', async () => {
      const key = 'é'.repeat(MAX_INDEX_BYTES);
      await expect(things.insert(WORK, { key, version: 1 })).rejects.toThrow(RangeError);
      expect(await things.get(WORK, key)).toBeUndefined();
      expect(await things.getMany(WORK, [key])).toEqual([undefined]);
      expect(await things.delete(WORK, key)).toBe(false);
    });

    it('are made once, however many try', async () => {
      const tries = Array.from({ length: 40 }, (_, by) =>
        things.insert(WORK, { key: 'race', version: 1, by }),
      );
      const won = (await Promise.all(tries)).flatMap((ok, by) => (ok ? [by] : []));
      expect(won).toHaveLength(1);
      expect(await things.get(WORK, 'race')).toMatchObject({ by: won[0] });
    });

    it('take each version from one writer alone', async () => {
      await things.insert(WORK, { key: 'versions', version: 1 });
      const tries = Array.from({ length: 40 }, (_, by) =>
        things.replace(WORK, { key: 'versions', version: 2, by }, 1),
      );
      const won = (await Promise.all(tries)).flatMap((ok, by) => (ok ? [by] : []));
      expect(won).toHaveLength(1);
      expect(await things.get(WORK, 'versions')).toMatchObject({ version: 2, by: won[0] });
    });
  });

  describe('scans', () => {
    beforeAll(async () => {
      await fresh();
      await put(
        { owner: 'a', name: 'ann', live: true },
        { owner: 'a', name: 'bob', live: false },
        { owner: 'a', name: 'bob', live: true },
        { owner: 'a', name: 'bob' },
        { owner: 'a', name: 'cid', live: true },
        { owner: 'b', name: 'ann', live: true },
        { owner: 'a' },
        { name: 'dee' },
        { owner: 'a', name: '' },
        { owner: 'ab', name: 'Zoë' },
        { owner: 'a', name: 'bo' },
      );
    });

    const scanned = async (scan: Partial<RangeScan>) => {
      const page = await things.scan(WORK, { index: 'byOwner', eq: ['a'], limit: 50, ...scan });
      return { keys: keysOf(page.docs).join(' '), more: page.more };
    };

    it.each<[string, Partial<RangeScan>, string]>([
      ['by order, then key', {}, 'k8 k0 k10 k1 k2 k3 k4'],
      ['backwards', { reverse: true }, 'k4 k3 k2 k1 k10 k0 k8'],
      ['from a bound on', { from: 'bob' }, 'k1 k2 k3 k4'],
      ['up to before a bound', { before: 'bob' }, 'k8 k0 k10'],
      ['between bounds', { from: 'bo', before: 'cid' }, 'k10 k1 k2 k3'],
      ['between bounds, backwards', { from: 'bo', before: 'cid', reverse: true }, 'k3 k2 k1 k10'],
      ['between bounds that hold nothing', { from: 'c', before: 'c' }, ''],
      ['between bounds the wrong way round', { from: 'z', before: 'a' }, ''],
      ['behind a place', { after: { order: 'bob', key: 'k2' } }, 'k3 k4'],
      ['behind one that is gone', { after: { order: 'bob', key: 'k11' } }, 'k2 k3 k4'],
      [
        'behind a place, backwards',
        { after: { order: 'bob', key: 'k2' }, reverse: true },
        'k1 k10 k0 k8',
      ],
      [
        'behind a place before a bound',
        { after: { order: 'bo', key: 'k10' }, before: 'cid' },
        'k1 k2 k3',
      ],
      [
        'behind a place short of a bound',
        { after: { order: 'ann', key: 'k0' }, from: 'bob' },
        'k1 k2 k3 k4',
      ],
      [
        'backwards behind a place down to a bound',
        { after: { order: 'cid', key: 'k4' }, from: 'bob', reverse: true },
        'k3 k2 k1',
      ],
      [
        'backwards behind a place beyond a bound',
        { after: { order: 'cid', key: 'k4' }, before: 'bob', reverse: true },
        'k10 k0 k8',
      ],
      ['what a second field agrees on', { index: 'byLive', eq: ['a', true] }, 'k0 k2 k4'],
      ['what a second field denies', { index: 'byLive', eq: ['a', false] }, 'k1'],
      [
        'any of the values of a field',
        { index: 'byLive', eq: ['a', [true, false]] },
        'k0 k1 k2 k4',
      ],
      [
        'any of the values, backwards, behind a place, up to before a bound',
        {
          index: 'byLive',
          eq: ['a', [false, true]],
          reverse: true,
          after: { order: 'bob', key: 'k2' },
          before: 'cid',
        },
        'k1 k0',
      ],
      ['any of many owners', { eq: [['ab', 'a', 'nobody']], from: 'Z' }, 'k9 k0 k10 k1 k2 k3 k4'],
      ['any of none', { eq: [[]] }, ''],
      ['an owner whose name begins another', { eq: ['ab'] }, 'k9'],
      ['nobody', { eq: ['nobody'] }, ''],
      [
        'everything that has the order field',
        { index: 'all', eq: [] },
        'k8 k9 k0 k5 k10 k1 k2 k3 k4 k7',
      ],
    ])('go %s', async (_, scan, keys) => {
      expect(await scanned(scan)).toEqual({ keys, more: false });
    });

    it.each([false, true])(
      'say whether there is more, page by page (reverse: %s)',
      async (reverse) => {
        const whole = await things.scan(WORK, { index: 'byOwner', eq: ['a'], limit: 50, reverse });
        for (const limit of [1, 2, 3, 7, 8]) {
          const seen: string[] = [];
          let more = true;
          for (let after: RangeScan['after']; more; ) {
            const page = await things.scan(WORK, {
              index: 'byOwner',
              eq: ['a'],
              limit,
              reverse,
              after,
            });
            expect(page.docs.length).toBeLessThanOrEqual(limit);
            seen.push(...keysOf(page.docs));
            more = page.more;
            const last = page.docs.at(-1);
            after = last && page.cursorOf(last);
          }
          expect(seen).toEqual(keysOf(whole.docs));
        }
      },
    );

    it('read the fields that are asked for, and still know their places', async () => {
      const page = await things.scan(WORK, {
        index: 'byLive',
        eq: ['a', true],
        limit: 1,
        fields: ['live'],
      });
      const [doc] = page.docs;
      expect(doc).toMatchObject({ key: 'k0', version: 1, live: true });
      expect(doc).not.toHaveProperty('owner');
      expect(doc && page.cursorOf(doc)).toEqual({ order: 'ann', key: 'k0' });
    });

    it.each<[string, Partial<RangeScan>]>([
      ['an index that was not declared', { index: 'byMood' }],
      ['too few values', { eq: [] }],
      ['too many values', { eq: ['a', true] }],
      ['no limit', { limit: 0 }],
    ])('refuse %s', async (_, scan) => {
      await expect(scanned(scan)).rejects.toThrow(RangeError);
    });

    it('meet nothing by values that are longer than any, and take bounds that are', async () => {
      const long = 'a'.repeat(2 * MAX_INDEX_BYTES);
      await things.insert(WORK, { key: 'head', version: 1, owner: 'l', name: 'a' });
      await things.insert(WORK, { key: 'next', version: 1, owner: 'l', name: 'b' });
      expect((await scanned({ eq: [long] })).keys).toBe('');
      expect((await scanned({ eq: ['l'], from: long })).keys).toBe('next');
      expect((await scanned({ eq: ['l'], before: long })).keys).toBe('head');
      expect((await scanned({ eq: ['l'], from: `${long}é☃` })).keys).toBe('next');
      await Promise.all(['head', 'next'].map((key) => things.delete(WORK, key)));
    });

    it('follow a document that changes', async () => {
      const at = async (owner: string) => (await scanned({ eq: [owner] })).keys;
      await things.insert(WORK, { key: 'moving', version: 1, owner: 'x', name: '1' });
      expect(await at('x')).toBe('moving');
      await things.replace(WORK, { key: 'moving', version: 2, owner: 'y', name: '1' }, 1);
      expect([await at('x'), await at('y')]).toEqual(['', 'moving']);
      await things.replace(WORK, { key: 'moving', version: 3, owner: 'y' }, 2);
      expect(await at('y')).toBe('');
      await things.replace(WORK, { key: 'moving', version: 4, owner: 'y', name: '2' }, 3);
      expect(await at('y')).toBe('moving');
      await things.delete(WORK, 'moving');
      expect(await at('y')).toBe('');
    });
  });

  describe('an index of each text of a list', () => {
    const spec = collectionSpec<Thing>(thingsSpec().name, {
      byTag: { ...INDEXES.byTag, includes: ['text'] },
    });
    beforeAll(async () => {
      things = await openVerbs(store, spec);
      await put(
        { owner: 'a', name: 'ann', tags: ['x', 'y'], text: 't' },
        { owner: 'a', name: 'bob', tags: ['y'] },
        { owner: 'a', name: 'cid', tags: [] },
        { owner: 'b', name: 'ann', tags: ['y', 'z'] },
        { owner: 'a', name: 'eve' },
      );
    });
    const tagged = async (tag: string, scan: Partial<RangeScan> = {}) =>
      (await things.scan(WORK, { index: 'byTag', eq: ['a', tag], limit: 9, ...scan })).docs;

    it('has a document once for each', async () => {
      expect(keysOf(await tagged('x'))).toEqual(['k0']);
      expect(keysOf(await tagged('y'))).toEqual(['k0', 'k1']);
      expect(await tagged('z')).toEqual([]);
    });

    it('follows the list', async () => {
      const [old] = await tagged('x');
      if (!old) throw new Error('it is gone');
      await things.replace(WORK, { ...old, tags: ['y', 'z'] }, 1);
      expect(await tagged('x')).toEqual([]);
      expect(keysOf(await tagged('z'))).toEqual(['k0']);
      await things.replace(WORK, { ...old, tags: ['x'] }, 1);
      expect(keysOf(await tagged('z'))).toEqual([]);
    });

    it('returns the fields that are asked for, the list included', async () => {
      const fields = { key: 'k0', version: 1, name: 'ann' };
      expect(await tagged('x', { fields: ['text'] })).toEqual([{ ...fields, text: 't' }]);
      expect(await tagged('x', { fields: ['tags'] })).toEqual([{ ...fields, tags: ['x'] }]);
    });

    it('is read for one text', async () => {
      const scan = { index: 'byTag', eq: ['a', ['x', 'y']], limit: 9 };
      await expect((async () => things.scan(WORK, scan))()).rejects.toThrow(RangeError);
    });

    it('refuses a text that is too long', () => {
      const doc = {
        key: 'long',
        version: 1,
        owner: 'a',
        tags: ['x', 'é'.repeat(MAX_INDEX_BYTES / 2)],
      };
      expect(() => things.toInsert({ ...doc, name: 'n' })).toThrow(RangeError);
    });

    it('lists a removed document no more', async () => {
      await things.delete(WORK, 'k1', 1);
      expect(keysOf(await tagged('y'))).not.toContain('k1');
    });
  });

  describe('fields that are parts', () => {
    const long = (n: number) => ({
      texts: Array.from({ length: 50 }, (_, i) => `text ${i} of ${n}`),
    });
    const spec = thingsSpec();
    let elsewhere: Store;
    let others: WithVerbs<Thing>;
    beforeAll(async () => {
      things = await openVerbs(store, spec);
      elsewhere = await open();
      others = await openVerbs(elsewhere, spec);
      return () => elsewhere.close();
    });

    it('are read with their document wherever it was written, and by themselves', async () => {
      const doc = {
        key: 'k',
        version: 1,
        owner: 'o',
        name: 'n',
        part: long(1),
        otherPart: long(2),
      };
      await things.insert(WORK, doc);
      for (let n = 1; n < 9; n += 1) {
        const writer = n % 3 === 0 ? others : things;
        const old = await writer.get(WORK, 'k');
        if (!old) throw new Error('it is gone');
        const changed = n % 2 === 0 ? { part: long(n) } : { otherPart: long(n) };
        const next = { ...old, ...changed, version: old.version + 1 };
        expect(await writer.replace(WORK, next, old.version)).toBe(true);
        for (const reader of [things, others]) {
          expect(await reader.get(WORK, 'k')).toEqual(next);
          const fields = { key: 'k', version: next.version, part: next.part };
          expect(await reader.get(WORK, 'k', ['part'])).toEqual(fields);
          const scan = { index: 'byOwner', eq: ['o'], limit: 1 };
          expect((await reader.scan(WORK, scan)).docs).toEqual([next]);
        }
      }
    });

    it('may be short, unset, and long again', async () => {
      const key = 'changing';
      await things.insert(WORK, { key, version: 1, part: long(1), otherPart: [1] });
      const states = [
        { part: [1] },
        {},
        { part: long(2), otherPart: long(3) },
        { otherPart: null },
      ];
      for (const [i, state] of states.entries()) {
        const next = { key, version: i + 2, ...state };
        expect(await things.replace(WORK, next, i + 1)).toBe(true);
        for (const reader of [things, others]) expect(await reader.get(WORK, key)).toEqual(next);
      }
    });

    it('are removed with their document, and are not those of the next of its key', async () => {
      const key = 'again';
      await things.insert(WORK, { key, version: 1, part: long(1) });
      await things.delete(WORK, key, 1);
      await others.insert(WORK, { key, version: 1, otherPart: long(2) });
      for (const reader of [things, others]) {
        expect(await reader.get(WORK, key)).toEqual({ key, version: 1, otherPart: long(2) });
      }
    });

    it('are those of one state when two commits change one document at once', async () => {
      const key = 'contended';
      await things.insert(WORK, { key, version: 1, part: long(1), otherPart: long(1) });
      const old = await things.get(WORK, key);
      const outcomes = await Promise.all(
        [2, 3, 4].map((n) => things.replace(WORK, { key, version: 2, part: long(n) }, 1)),
      );
      expect(old).toMatchObject({ otherPart: long(1) });
      expect(outcomes.filter(Boolean)).toHaveLength(1);
      // Whichever was first.
      const part = long(2 + outcomes.indexOf(true));
      expect(await others.get(WORK, key)).toEqual({ key, version: 2, part });
    });
  });

  describe('keys that begin with a field', () => {
    beforeAll(async () => {
      const { name, indexes } = thingsSpec();
      things = await openVerbs(store, collectionSpec<Thing>(name, indexes, 'owner'));
      const owners = ['a', 'a/b', 'a0', 'ab', 'a-', 'b'];
      await Promise.all(
        owners.map((owner) =>
          things.insert(WORK, { key: `${owner}/k`, version: 1, owner, name: 'n' }),
        ),
      );
    });

    it.each(['a', 'a/b', 'a0', 'ab', 'a-', 'b'])('are found by it alone: %s', async (owner) => {
      const scan = { index: 'byOwner', eq: [owner], limit: 9 };
      expect(keysOf((await things.scan(WORK, scan)).docs)).toEqual([`${owner}/k`]);
      const [page] = await things.scanMany(WORK, [scan]);
      expect(keysOf(page?.docs ?? [])).toEqual([`${owner}/k`]);
    });

    it('are found by any of several', async () => {
      const scan = { index: 'byOwner', eq: [['a/b', 'ab', 'nobody']], limit: 9 };
      expect(keysOf((await things.scan(WORK, scan)).docs)).toEqual(['a/b/k', 'ab/k']);
      expect(keysOf((await things.scan(WORK, { ...scan, eq: [[]] })).docs)).toEqual([]);
    });

    it('are found by another index, too', async () => {
      const { docs } = await things.scan(WORK, { index: 'all', eq: [], limit: 9 });
      expect(docs).toHaveLength(6);
    });

    it('are refused when they do not', async () => {
      const doc = { key: 'k', version: 1, owner: 'a', name: 'n' };
      await expect(things.insert(WORK, doc)).rejects.toThrow(RangeError);
      expect(await things.get(WORK, 'k')).toBeUndefined();
      expect(await things.insert(WORK, { key: 'k', version: 1 })).toBe(true);
    });
  });

  describe('counters', () => {
    beforeAll(fresh);

    it('are made with the first increment, and carry on from there', async () => {
      const init = { owner: 'a', name: 'n', first: 'yes' };
      await things.increment(WORK, [
        { key: 'c', init, add: { count: 2 }, min: { since: 'm' }, max: { until: 'm' } },
      ]);
      await things.increment(WORK, [
        { key: 'c', init: { first: 'no' }, add: { count: 3, other: 1 }, min: { since: 'z' } },
        { key: 'c', max: { until: 'z' } },
        { key: 'e', init: {}, add: { count: -1 } },
      ]);
      await things.increment(WORK, []);
      expect(await things.getMany(WORK, ['c', 'e'])).toEqual([
        { key: 'c', version: 0, ...init, count: 5, other: 1, since: 'm', until: 'z' },
        { key: 'e', version: 0, count: -1 },
      ]);
      const { docs } = await things.scan(WORK, { index: 'byOwner', eq: ['a'], limit: 9 });
      expect(keysOf(docs)).toEqual(['c']);
    });

    it('move in the indexes as they change', async () => {
      const init = { owner: 'moves' };
      const increment = (key: string, name: string) =>
        things.increment(WORK, [{ key, init, max: { name } }]);
      await increment('p', '1');
      await increment('q', '2');
      await increment('p', '3');
      const { docs } = await things.scan(WORK, { index: 'byOwner', eq: ['moves'], limit: 9 });
      expect(keysOf(docs)).toEqual(['q', 'p']);
    });

    it('lose no increment, however many come at once', async () => {
      const increments = Array.from({ length: 60 }, (_, i) =>
        things.increment(WORK, [
          { key: 'many', init: { owner: 'm' }, add: { count: 1 }, max: { last: `${100 + i}` } },
          { key: `many${i % 3}`, add: { count: 1 } },
        ]),
      );
      await Promise.all(increments);
      const [many, ...thirds] = await things.getMany(WORK, ['many', 'many0', 'many1', 'many2']);
      expect(many).toMatchObject({ count: 60, last: '159', owner: 'm' });
      expect(thirds.map((doc) => doc?.count)).toEqual([20, 20, 20]);
    });
  });

  describe('the store', () => {
    it('opens a collection again, with its indexes and what is in it', async () => {
      const spec = thingsSpec();
      const first = await openVerbs(store, spec);
      await first.insert(WORK, { key: 'k', version: 1, owner: 'a', name: 'n' });
      const again = await openVerbs(store, spec);
      const { docs } = await again.scan(WORK, { index: 'byOwner', eq: ['a'], limit: 1 });
      expect(keysOf(docs)).toEqual(['k']);
    });

    it('makes an index of what was there before it was declared, or while it was not', async () => {
      const { name, indexes } = thingsSpec();
      const bare = collectionSpec<Thing>(name);
      const indexed = collectionSpec<Thing>(name, indexes);
      const scanned = async () => {
        const collection = await openVerbs(store, indexed);
        const { docs } = await collection.scan(WORK, { index: 'byOwner', eq: ['a'], limit: 9 });
        return keysOf(docs);
      };
      const first = await openVerbs(store, bare);
      await first.insert(WORK, { key: 'early', version: 1, owner: 'a', name: '1' });
      expect(await scanned()).toEqual(['early']);
      const meanwhile = await openVerbs(store, bare);
      await meanwhile.insert(WORK, { key: 'meanwhile', version: 1, owner: 'a', name: '2' });
      await meanwhile.delete(WORK, 'early');
      expect(await scanned()).toEqual(['meanwhile']);
    });

    it('gives one collection nothing of another', async () => {
      const [one, two] = [
        await openVerbs(store, thingsSpec()),
        await openVerbs(store, thingsSpec()),
      ];
      await one.insert(WORK, { key: 'k', version: 1, owner: 'a', name: 'n' });
      expect(await two.get(WORK, 'k')).toBeUndefined();
      expect((await two.scan(WORK, { index: 'all', eq: [], limit: 1 })).docs).toEqual([]);
    });

    it('makes an index for what was there before it', async () => {
      const spec = thingsSpec();
      const bare = await openVerbs(store, collectionSpec<Thing>(spec.name));
      await bare.insert(WORK, { key: 'old', version: 1, owner: 'a', name: 'n' });
      const indexed = await openVerbs(store, spec);
      const { docs } = await indexed.scan(WORK, { index: 'byOwner', eq: ['a'], limit: 9 });
      expect(keysOf(docs)).toEqual(['old']);
    });

    it('shows every answered write to another opening of it, and takes its writes', async () => {
      const spec = thingsSpec();
      const mine = await openVerbs(store, spec);
      const other = await open();
      const theirs = await openVerbs(other, spec);
      for (let version = 1; version < 20; version += 1) {
        const doc = { key: 'k', version, owner: 'a', name: `${version}` };
        const [from, to] = version % 2 ? [mine, theirs] : [theirs, mine];
        expect(
          version === 1 ? await from.insert(WORK, doc) : await from.replace(WORK, doc, version - 1),
        ).toBe(true);
        expect(await to.get(WORK, 'k')).toEqual(doc);
      }
      await other.close();
      expect(await mine.get(WORK, 'k')).toMatchObject({ version: 19 });
    });

    it('answers a ping', () => store.ping());

    it('behaves as a map does, whatever is asked of it', async () => {
      // Few runs: each makes a collection of its own.
      await storeModel(() => openVerbs(store, thingsSpec()), 40);
    });
  });

  describe('work that nobody waits for any more', () => {
    beforeAll(fresh);

    type Verb = (work: Work) => unknown;
    it.each<[string, Verb]>([
      ['get', (work) => things.get(work, 'k')],
      ['getMany', (work) => things.getMany(work, ['k'])],
      ['scan', (work) => things.scan(work, { index: 'all', eq: [], limit: 1 })],
      ['insert', (work) => things.insert(work, { key: 'k', version: 1 })],
      ['replace', (work) => things.replace(work, { key: 'there', version: 2 }, 1)],
      ['delete', (work) => things.delete(work, 'there')],
      ['increment', (work) => things.increment(work, [{ key: 'k', add: { count: 1 } }])],
    ])('is refused its %s, which does nothing', async (_, verb) => {
      await things.insert(WORK, { key: 'there', version: 1 });
      const reason = new Error('the client hung up');
      const work = boundedWork();
      work.end(reason);
      await expect((async () => verb(work))()).rejects.toBe(reason);
      expect(await things.getMany(WORK, ['k', 'there'])).toEqual([
        undefined,
        { key: 'there', version: 1 },
      ]);
    });

    it('rejects with the reason when it is given up half way', async () => {
      const reason = new Error('the client hung up');
      const work = boundedWork();
      const inserts = Array.from({ length: 20 }, (_, i) =>
        things.insert(work, { key: `half${i}`, version: 1 }),
      );
      work.end(reason);
      const outcomes = await Promise.allSettled(inserts);
      expect(outcomes).toEqual(outcomes.map(() => ({ status: 'rejected', reason })));
    });
  });

  describe('a store that is closed', () => {
    it.each(['get', 'insert', 'scan', 'ping'])('refuses %s as unavailable', async (verb) => {
      const closed = await open();
      const collection = await openVerbs(closed, thingsSpec());
      await closed.close();
      await closed.close();
      const asked: Record<string, () => Promise<unknown>> = {
        get: async () => collection.get(WORK, 'k'),
        insert: () => collection.insert(WORK, { key: 'k', version: 1 }),
        scan: async () => collection.scan(WORK, { index: 'all', eq: [], limit: 1 }),
        ping: () => closed.ping(),
      };
      await expect(asked[verb]?.()).rejects.toMatchObject({ name: 'StoreUnavailable' });
    });
  });
}
