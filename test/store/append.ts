import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type Append,
  type Collection,
  collectionSpec,
  type Doc,
  type Store,
} from '../../src/store/port.ts';
import { WORK } from '../kit/work.ts';

interface Line extends Doc {
  readonly topic: string;
}

interface Total extends Doc {
  readonly topic: string;
  readonly count: number;
  readonly first: string;
  readonly last: string;
}

let made = 0;

/** The promises of `Collection.append`, for every back end. */
export function appendContract(open: () => Promise<Store>): void {
  let store: Store;
  let lines: Collection<Line>;
  let totals: Collection<Total>;
  let entry: (key: string, topic?: string) => Append<Line>;
  let specs: ReturnType<typeof newSpecs>;

  const newSpecs = () => {
    made += 1;
    const name = `${process.pid}x${made}`;
    return {
      lines: collectionSpec<Line>(`lines${name}`, { byTopic: { eq: ['topic'], order: 'key' } }),
      totals: collectionSpec<Total>(`totals${name}`, { byLast: { eq: [], order: 'last' } }),
    };
  };

  const fresh = async () => {
    specs = newSpecs();
    lines = await store.collection(specs.lines);
    totals = await store.collection(specs.totals);
    entry = (key, topic = 'a') => ({
      doc: { key, version: 1, topic },
      increments: [
        {
          collection: specs.totals.name,
          key: topic,
          init: { topic },
          add: { count: 1 },
          min: { first: key },
          max: { last: key },
        },
      ],
    });
  };
  const total = (topic: string, keys: readonly string[]): Total => {
    const sorted = [...keys].sort();
    const [first = '', last = ''] = [sorted[0], sorted.at(-1)];
    return { key: topic, version: 0, topic, count: keys.length, first, last };
  };

  describe('appending', () => {
    beforeAll(async () => {
      store = await open();
      await fresh();
      return () => store.close();
    });

    it('inserts what is new and sums up exactly that', async () => {
      await fresh();
      expect(
        await lines.append(
          WORK,
          ['3', '1', '3'].map((key) => entry(key)),
        ),
      ).toBe(2);
      expect(
        await lines.append(
          WORK,
          ['1', '2'].map((key) => entry(key)),
        ),
      ).toBe(1);
      expect(await lines.append(WORK, [])).toBe(0);
      expect(await lines.getMany(WORK, ['1', '2', '4'])).toEqual([
        entry('1').doc,
        entry('2').doc,
        undefined,
      ]);
      expect(await totals.get(WORK, 'a')).toEqual(total('a', ['1', '2', '3']));
    });

    it('adds to a summary that was made by other means', async () => {
      await fresh();
      await totals.increment(WORK, [{ key: 'a', init: { topic: 'a' }, add: { count: 5 } }]);
      await lines.append(WORK, [entry('1')]);
      await totals.increment(WORK, [{ key: 'a', add: { count: 1 } }]);
      await lines.append(WORK, [entry('2')]);
      expect(await totals.get(WORK, 'a')).toEqual({ ...total('a', ['1', '2']), count: 8 });
    });

    it('finds its summaries by their indexes', async () => {
      await fresh();
      await lines.append(WORK, [entry('1', 'a'), entry('2', 'b'), entry('3', 'a')]);
      const { docs } = await totals.scan(WORK, {
        index: 'byLast',
        eq: [],
        limit: 9,
        reverse: true,
      });
      expect(docs.map(({ key }) => key)).toEqual(['a', 'b']);
    });

    it('writes nothing when a collection is not open', async () => {
      await fresh();
      const bad = { ...entry('1').increments[0], collection: 'nowhere', key: 'x' };
      await expect(
        lines.append(WORK, [entry('0'), { doc: entry('1').doc, increments: [bad] }]),
      ).rejects.toThrow(RangeError);
      expect(await lines.getMany(WORK, ['0', '1'])).toEqual([undefined, undefined]);
    });

    it('counts each document once, however batches overlap and race', async () => {
      await fresh();
      const other = await open();
      const elsewhere = await other.collection(specs.lines);
      await other.collection(specs.totals);
      const keys = fc.array(fc.constantFrom(...'abcdefghij'), { maxLength: 8 });
      const batch = fc.record({ keys, here: fc.boolean() });
      let run = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(batch, { minLength: 1, maxLength: 6 }), async (batches) => {
          run += 1;
          const topicOf = (key: string) => `${run}${key < 'f' ? 'low' : 'high'}`;
          const entries = (keys: readonly string[]) =>
            keys.map((key) => entry(`${run}${key}`, topicOf(key)));
          const counts = await Promise.all(
            batches.map(({ keys, here }) => (here ? lines : elsewhere).append(WORK, entries(keys))),
          );
          const all = [...new Set(batches.flatMap(({ keys }) => keys))];
          expect(counts.reduce((sum, count) => sum + count, 0)).toBe(all.length);
          for (const topic of new Set(all.map(topicOf))) {
            const of = all.filter((key) => topicOf(key) === topic).map((key) => `${run}${key}`);
            expect(await totals.get(WORK, topic)).toEqual(total(topic, of));
          }
        }),
        { numRuns: 30 },
      );
      await other.close();
    });
  });
}
