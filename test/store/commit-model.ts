import * as fc from 'fast-check';
import { expect } from 'vitest';
import type { Collection, Doc, Store } from '../../src/store/port.ts';
import type { Write } from '../../src/store/writes.ts';
import { WORK } from '../kit/work.ts';
import type { Item } from './commit.ts';

const RUNS = 60;
const KEY = fc.constantFrom('a', 'b', 'c', 'd');
const NAME = fc.constantFrom('', 'x', 'y', '\u{1d11e}');
const VERSION = fc.integer({ min: 1, max: 3 });
const doc = fc.record({ key: KEY, version: VERSION, owner: fc.constant('o'), name: NAME });
const side = fc.constantFrom(0 as const, 1 as const);

const write = fc.oneof(
  fc.record({ verb: fc.constant('insert' as const), side, doc }),
  fc.record({ verb: fc.constant('replace' as const), side, doc, ifVersion: VERSION }),
  fc.record({
    verb: fc.constant('delete' as const),
    side,
    key: KEY,
    ifVersion: fc.option(VERSION, { nil: undefined }),
  }),
  fc.record({
    verb: fc.constant('increment' as const),
    side,
    key: KEY,
    by: fc.integer({ min: -3, max: 3 }),
    name: NAME,
  }),
);
type Step = typeof write extends fc.Arbitrary<infer S> ? S : never;
type Sides = readonly [Map<string, Item>, Map<string, Item>];

const keyOf = (step: Step) => ('doc' in step ? step.doc.key : step.key);

/** No document twice, but for increments. */
function distinct(steps: readonly Step[]): Step[] {
  const named = new Map<string, string>();
  return steps.filter((step) => {
    const name = `${step.side} ${keyOf(step)}`;
    const first = named.get(name);
    named.set(name, first ?? step.verb);
    return first === undefined || (first === 'increment' && step.verb === 'increment');
  });
}

/** Random commits on two collections and on two maps: the same answers, and the same is left. */
export async function commitModel(
  store: Store,
  fresh: () => Promise<readonly [Collection<Item>, Collection<Item>]>,
): Promise<void> {
  const commit = fc.array(write, { maxLength: 5 }).map(distinct);
  await fc.assert(
    fc.asyncProperty(fc.array(commit, { minLength: 1, maxLength: 12 }), async (commits) => {
      const collections = await fresh();
      let model: Sides = [new Map(), new Map()];
      for (const steps of commits) {
        const writes = steps.map((step) => writeOf(collections[step.side], step));
        const next = onModel(model, steps);
        const result = await store.commit(WORK, writes);
        if (typeof next === 'number') expect(result).toEqual({ committed: false, conflict: next });
        else expect(result).toEqual({ committed: true });
        if (typeof next !== 'number') model = next;
        for (const side of [0, 1] as const) await compare(collections[side], model[side]);
      }
    }),
    { numRuns: RUNS },
  );
}

async function compare(collection: Collection<Item>, model: ReadonlyMap<string, Item>) {
  const keys = ['a', 'b', 'c', 'd'];
  expect(await collection.getMany(WORK, keys)).toEqual(keys.map((key) => model.get(key)));
  const { docs } = await collection.scan(WORK, { index: 'byOwner', eq: ['o'], limit: 9 });
  const sorted = [...model.values()].sort((a, b) => byUtf8(order(a), order(b)));
  expect(docs).toEqual(sorted);
}

const order = ({ name = '', key }: Item) => `${name}\0${key}`;
const byUtf8 = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

function writeOf(collection: Collection<Item>, step: Step): Write {
  switch (step.verb) {
    case 'insert':
      return collection.toInsert({ ...step.doc });
    case 'replace':
      return collection.toReplace({ ...step.doc }, step.ifVersion);
    case 'delete':
      return collection.toDelete(step.key, step.ifVersion);
    case 'increment':
      return collection.toIncrement({
        key: step.key,
        init: { owner: 'o' },
        add: { n: step.by },
        max: { name: step.name },
      });
  }
}

/** The index of the first conflict, or what is left. */
function onModel(model: Sides, steps: readonly Step[]): number | Sides {
  const conflict = steps.findIndex((step) => {
    const old = model[step.side].get(keyOf(step));
    if (step.verb === 'insert') return old !== undefined;
    if (step.verb === 'increment' || step.ifVersion === undefined) return false;
    return old?.version !== step.ifVersion;
  });
  if (conflict >= 0) return conflict;
  const next: Sides = [new Map(model[0]), new Map(model[1])];
  for (const step of steps) {
    const at = next[step.side];
    if ('doc' in step) at.set(step.doc.key, step.doc);
    else if (step.verb === 'delete') at.delete(step.key);
    else at.set(step.key, counted(at.get(step.key), step));
  }
  return next;
}

function counted(old: Item | undefined, step: Extract<Step, { verb: 'increment' }>): Item {
  const doc: Doc & Item = old ?? { key: step.key, version: 0, owner: 'o' };
  const name = doc.name !== undefined && byUtf8(doc.name, step.name) > 0 ? doc.name : step.name;
  return { ...doc, n: Number(doc.n ?? 0) + step.by, name };
}
