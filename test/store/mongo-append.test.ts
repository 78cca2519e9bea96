import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openMongo } from '../../src/store/mongo.ts';
import { collectionSpec, type Doc, type Store } from '../../src/store/port.ts';
import { dropDatabase, testDatabase } from '../kit/store.ts';
import { WORK } from '../kit/work.ts';

const url = testDatabase();
const LONG_AGO = '2020-01-01T00:00:00.000Z';

interface Total extends Doc {
  readonly count: number;
}

if (!url) {
  it.skip('MongoDB: MONGODB_URL names none; npm run test:mongodb brings its own', () => {});
} else {
  describe('an append that a process left half done', () => {
    let client: MongoClient;
    let store: Store;
    beforeAll(async () => {
      client = await MongoClient.connect(url);
      store = await openMongo(url);
    });
    afterAll(async () => {
      await store.close();
      await client.close();
      await dropDatabase(url);
    });
    const db = () => client.db(new URL(url).pathname.slice(1));

    /** How far the process came: what it had inserted, incremented, and whether it had said that all was. */
    const stages = [
      { name: 'after the intent', inserted: 0, incremented: false, applied: false },
      { name: 'amid the documents', inserted: 2, incremented: false, applied: false },
      { name: 'after the documents', inserted: 3, incremented: false, applied: false },
      { name: 'after the increments', inserted: 3, incremented: true, applied: false },
      { name: 'after it was applied', inserted: 3, incremented: true, applied: true },
    ];

    it.each(stages)('$name is completed by the next to open, once', async (stage) => {
      const tag = stage.name.replaceAll(' ', '');
      const lines = collectionSpec<Doc>(`lines-${tag}`);
      const totals = collectionSpec<Total>(`totals-${tag}`);
      const intent = `intent-${tag}`;
      const increments = [{ collection: totals.name, key: 't', add: { count: 1 } }];
      const rows = ['a', 'b', 'c'].map((_id) => ({ _id, version: 1 }));
      await db()
        .collection<Intent>('_appends')
        .insertOne({
          _id: intent,
          collection: lines.name,
          takenAt: LONG_AGO,
          state: stage.applied ? 'applied' : 'open',
          entries: [...rows, { _id: 'taken', version: 1 }].map((row) => ({ row, increments })),
        });
      const inserted = [
        ...rows.slice(0, stage.inserted).map((row) => ({ ...row, _append: intent })),
        { _id: 'taken', version: 1, _append: 'another' },
      ];
      await db().collection<Row>(lines.name).insertMany(inserted);
      const counted = stage.incremented
        ? { count: 8, _rev: 2, _applied: [intent] }
        : { count: 5, _rev: 1, _applied: [] };
      await db()
        .collection<Row>(totals.name)
        .insertOne({ _id: 't', version: 0, ...counted });

      const total = await store.collection(totals);
      const opened = await store.collection(lines);
      expect(await opened.getMany(WORK, ['a', 'b', 'c', 'taken'])).toEqual(
        ['a', 'b', 'c', 'taken'].map((key) => ({ key, version: 1 })),
      );
      expect(await total.get(WORK, 't')).toEqual({ key: 't', version: 0, count: 8 });
      expect(await db().collection('_appends').countDocuments({ collection: lines.name })).toBe(0);
      const left = await db().collection<Row>(totals.name).findOne({ _id: 't' });
      expect(left?._applied).toEqual([]);
      const entry = { doc: { key: 'd', version: 1 }, increments };
      expect(await opened.append(WORK, [entry])).toBe(1);
      expect(await total.get(WORK, 't')).toMatchObject({ count: 9 });
    });
  });
}

interface Row {
  readonly _id: string;
  readonly version: number;
  readonly [field: string]: unknown;
}

interface Intent {
  readonly _id: string;
  readonly [field: string]: unknown;
}
