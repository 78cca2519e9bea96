import * as fc from 'fast-check';
import { expect } from 'vitest';
import type { Increment, RangeScan } from '../../src/store/port.ts';
import type { WithVerbs } from '../kit/verbs.ts';
import { WORK } from '../kit/work.ts';
import type { Thing } from './contract.ts';

/** Few of each, so that they meet. Code point order is not that of UTF-16 in the last two. */
const KEY = fc.constantFrom('a', 'a/', 'a/b', 'b', 'é', '\u{ff5e}', '\u{1d11e}');
const NAME = fc.option(fc.constantFrom('', 'a', 'ab', 'b', '\u{ff5e}', '\u{1d11e}'), {
  nil: undefined,
});
const OWNER = fc.option(fc.constantFrom('a', 'ab', 'b'), { nil: undefined });
const VERSION = fc.integer({ min: 0, max: 3 });

/** Of a part that is long enough to be stored apart, and of one that is not. */
const LONG = { texts: Array.from({ length: 40 }, (_, i) => `a text of some length, ${i}`) };
const LONGER = { texts: [...LONG.texts, 'another'], same: LONG };
const part = fc.option(fc.constantFrom<unknown>(LONG, LONGER, { texts: [] }, null), {
  nil: undefined,
});

const doc = fc.record({
  key: KEY,
  version: VERSION,
  owner: OWNER,
  live: fc.option(fc.boolean(), { nil: undefined }),
  name: NAME,
  // `JSON.stringify` writes no negative zero, so a store may keep one or lose it.
  free: fc.jsonValue({ maxDepth: 2 }).map((value): unknown => JSON.parse(JSON.stringify(value))),
  part,
  otherPart: part,
  tags: fc.subarray(['x', 'y', 'z']),
});
const increment = fc.record({
  key: KEY,
  init: fc.record({ owner: OWNER, first: fc.string({ maxLength: 2 }) }),
  add: fc.record({ count: fc.integer({ min: -9, max: 9 }) }),
  max: fc.record({ name: fc.constantFrom('a', 'ab', '\u{ff5e}', '\u{1d11e}') }),
});
const scan = fc.record({
  live: fc.constantFrom(undefined, true, false, [true, false]),
  tag: fc.constantFrom(undefined, undefined, 'x', 'y'),
  owner: fc.constantFrom('a', 'ab', 'b'),
  from: NAME,
  before: NAME,
  after: fc.option(fc.record({ order: NAME.map((name) => name ?? ''), key: KEY }), {
    nil: undefined,
  }),
  reverse: fc.boolean(),
  limit: fc.integer({ min: 1, max: 4 }),
});

const step = fc.oneof(
  fc.record({ verb: fc.constant('insert' as const), doc }),
  fc.record({ verb: fc.constant('replace' as const), doc, ifVersion: VERSION }),
  fc.record({
    verb: fc.constant('delete' as const),
    key: KEY,
    ifVersion: fc.option(VERSION, { nil: undefined }),
  }),
  fc.record({
    verb: fc.constant('increment' as const),
    increments: fc.array(increment, { maxLength: 3 }),
  }),
  fc.record({ verb: fc.constant('get' as const), keys: fc.array(KEY, { maxLength: 4 }) }),
  fc.record({ verb: fc.constant('replace part' as const), key: KEY, part }),
  fc.record({
    verb: fc.constant('get fields' as const),
    keys: fc.array(KEY, { maxLength: 4 }),
    fields: fc.subarray(['part', 'otherPart', 'name']),
  }),
  fc.record({ verb: fc.constant('scan' as const), scan }),
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** Runs random sequences of verbs on a collection and on a map, and expects the same answers. */
export async function storeModel(
  fresh: () => Promise<WithVerbs<Thing>>,
  numRuns: number,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
      const collection = await fresh();
      const model = new Map<string, Thing>();
      for (const next of steps) {
        expect(await onCollection(collection, next)).toEqual(onModel(model, next));
      }
      const keys = [...model.keys()];
      expect(await collection.getMany(WORK, keys)).toEqual([...model.values()]);
    }),
    { numRuns },
  );
}

function scanOf({ live, tag, owner, ...rest }: Extract<Step, { verb: 'scan' }>['scan']): RangeScan {
  if (tag !== undefined) return { index: 'byTag', eq: [owner, tag], ...rest };
  return live === undefined
    ? { index: 'byOwner', eq: [owner], ...rest }
    : { index: 'byLive', eq: [owner, live], ...rest };
}

async function onCollection(collection: WithVerbs<Thing>, step: Step): Promise<unknown> {
  switch (step.verb) {
    case 'insert':
      return collection.insert(WORK, step.doc as Thing);
    case 'replace':
      return collection.replace(WORK, step.doc as Thing, step.ifVersion);
    case 'delete':
      return collection.delete(WORK, step.key, step.ifVersion);
    case 'increment':
      return collection.increment(WORK, step.increments as Increment[]);
    case 'get':
      return collection.getMany(WORK, step.keys);
    case 'get fields':
      return collection.getMany(WORK, step.keys, step.fields);
    case 'replace part': {
      const old = await collection.get(WORK, step.key);
      if (!old) return false;
      return collection.replace(WORK, { ...old, part: step.part } as Thing, old.version);
    }
    case 'scan': {
      const scan = scanOf(step.scan);
      const { docs, more } = await collection.scan(WORK, scan);
      const many = await collection.scanMany(WORK, [scan, { ...scan, limit: 1 }, scan]);
      expect(many).toMatchObject([{ docs, more }, { docs: docs.slice(0, 1) }, { docs, more }]);
      return { docs, more };
    }
  }
}

function onModel(model: Map<string, Thing>, step: Step): unknown {
  switch (step.verb) {
    case 'insert': {
      if (model.has(step.doc.key)) return false;
      model.set(step.doc.key, clean(step.doc));
      return true;
    }
    case 'replace': {
      if (model.get(step.doc.key)?.version !== step.ifVersion) return false;
      model.set(step.doc.key, clean(step.doc));
      return true;
    }
    case 'delete': {
      const old = model.get(step.key);
      if (!old || (step.ifVersion !== undefined && old.version !== step.ifVersion)) return false;
      return model.delete(step.key);
    }
    case 'increment': {
      for (const one of step.increments)
        model.set(one.key, incrementedModel(model.get(one.key), one));
      return undefined;
    }
    case 'get':
      return step.keys.map((key) => model.get(key));
    case 'get fields':
      return step.keys.map((key) => picked(model.get(key), step.fields));
    case 'replace part': {
      const old = model.get(step.key);
      if (!old) return false;
      model.set(step.key, clean({ ...old, part: step.part }));
      return true;
    }
    case 'scan':
      return scanModel([...model.values()], scanOf(step.scan));
  }
}

function picked(thing: Thing | undefined, fields: readonly string[]): object | undefined {
  if (!thing) return undefined;
  const named = new Set(['key', 'version', ...fields]);
  return Object.fromEntries(Object.entries(thing).filter(([field]) => named.has(field)));
}

function incrementedModel(old: Thing | undefined, { key, init, add, max }: Counted): Thing {
  const doc = old ?? clean({ ...init, key, version: 0 });
  const name = doc.name !== undefined && byCodePoint(doc.name, max.name) > 0 ? doc.name : max.name;
  return { ...doc, count: Number(doc.count ?? 0) + add.count, name };
}
type Counted = Extract<Step, { verb: 'increment' }>['increments'][number];

function scanModel(docs: readonly Thing[], scan: RangeScan): unknown {
  const [owner, value] = scan.eq;
  const live = scan.index === 'byLive' ? value : undefined;
  const tag = scan.index === 'byTag' ? value : undefined;
  const { from, before, after, limit } = scan;
  const sign = scan.reverse ? -1 : 1;
  const byPlace = (a: Thing | undefined, b: { order: string; key: string }) =>
    sign * (byCodePoint(String(a?.name), b.order) || byCodePoint(String(a?.key), b.key));
  const found = docs
    .filter((doc) => doc.name !== undefined && doc.owner === owner)
    .filter((doc) => live === undefined || [live].flat().some((it) => it === doc.live))
    .filter(({ tags = [] }) => tag === undefined || tags.some((it) => it === tag))
    .filter(({ name = '' }) => from === undefined || byCodePoint(name, from) >= 0)
    .filter(({ name = '' }) => before === undefined || byCodePoint(name, before) < 0)
    .filter((doc) => after === undefined || byPlace(doc, after) > 0)
    .sort((a, b) => byPlace(a, { order: String(b.name), key: b.key }));
  return { docs: found.slice(0, limit), more: found.length > limit };
}

/** The one order of strings: that of their code points, which is that of their UTF-8. */
function byCodePoint(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function clean(value: object): Thing {
  return JSON.parse(JSON.stringify(value)) as Thing;
}
