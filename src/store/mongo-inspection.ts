import type { Db, MongoClient } from 'mongodb';
import { UNBOUNDED } from './bounds.ts';
import { assertFormat } from './format.ts';
import type { IndexReport, Inspection, SizeReport } from './inspection.ts';
import { connectMongo } from './mongo.ts';
import { MongoCollection } from './mongo-collection.ts';
import { guarded } from './mongo-errors.ts';
import { fromRow, type Row } from './mongo-rows.ts';
import type { Collection, CollectionSpec, Doc } from './port.ts';

class MongoInspection implements Inspection {
  readonly #client: MongoClient;
  readonly #db: Db;

  constructor(client: MongoClient, db: Db) {
    this.#client = client;
    this.#db = db;
  }

  async collection<D extends Doc>(spec: CollectionSpec<D>): Promise<Collection<D> | undefined> {
    const { missing } = await this.indexes(spec);
    if (missing.length > 0) return undefined;
    return new MongoCollection(this.#db, spec);
  }

  async sample({ name }: CollectionSpec, limit: number): Promise<readonly Doc[]> {
    const part = (order: 1 | -1) =>
      guarded(UNBOUNDED, () =>
        this.#db
          .collection<Row>(name)
          .find()
          .sort({ _id: order })
          .limit(Math.ceil(limit / 2))
          .toArray(),
      );
    const rows = [...(await part(1)), ...(await part(-1))];
    return [...new Map(rows.map((row) => [row._id, fromRow<Doc>(row)])).values()];
  }

  /** MongoDB keeps the entries of its indexes right itself. */
  async indexes(spec: CollectionSpec): Promise<IndexReport> {
    const names = new Set(
      await guarded(UNBOUNDED, async () => {
        const [found] = await this.#db.listCollections({ name: spec.name }).toArray();
        if (!found) return Object.keys(spec.indexes);
        const indexes = await this.#db.collection(spec.name).listIndexes().toArray();
        return indexes.map(({ name }) => String(name));
      }),
    );
    const missing = Object.keys(spec.indexes).filter((name) => !names.has(name));
    return { missing, checked: 0, wrong: [] };
  }

  async size(): Promise<SizeReport> {
    const stats = await guarded(UNBOUNDED, () => this.#db.command({ dbStats: 1, freeStorage: 1 }));
    const bytes = Number(stats.storageSize) + Number(stats.indexSize);
    return { bytes, usedBytes: bytes - Number(stats.totalFreeStorageSize ?? 0) };
  }

  readers(): undefined {
    return undefined;
  }

  close(): Promise<void> {
    return this.#client.close();
  }
}

/** @throws StoreUnavailable, StoreMisconfigured */
export async function inspectMongo(url: string): Promise<Inspection> {
  const { client, db } = await connectMongo(url);
  try {
    const store = db.collection<{ _id: string; number: number }>('_store');
    const found = await guarded(UNBOUNDED, () => store.findOne({ _id: 'format' }));
    assertFormat(found?.number);
    return new MongoInspection(client, db);
  } catch (error) {
    await client.close();
    throw error;
  }
}
