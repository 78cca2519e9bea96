import {
  type Db,
  type Document,
  type Filter,
  MongoClient,
  MongoError,
  MongoServerError,
  type Collection as Native,
} from 'mongodb';
import {
  type Bump,
  type Collection,
  type CollectionSpec,
  type Doc,
  indexOf,
  type Page,
  pageOf,
  type Store,
  StoreUnavailable,
  type Walk,
} from './port.ts';

/** As stored: `key` is `_id`. */
interface Row extends Document {
  _id: string;
  version: number;
}

const DUPLICATE_KEY = 11000;

class MongoCollection<D extends Doc> implements Collection<D> {
  readonly #spec: CollectionSpec<D>;
  readonly #rows: Native<Row>;

  constructor(db: Db, spec: CollectionSpec<D>) {
    this.#spec = spec;
    this.#rows = db.collection<Row>(spec.name);
  }

  async makeIndexes(): Promise<void> {
    const indexes = Object.entries(this.#spec.indexes).map(([name, { eq, order }]) => ({
      name,
      key: Object.fromEntries([...eq, order, '_id'].map((field) => [field, 1 as const])),
    }));
    if (indexes.length > 0) await guarded(() => this.#rows.createIndexes(indexes));
  }

  async get(key: string, fields?: readonly string[]): Promise<D | undefined> {
    const row = await guarded(() => this.#rows.findOne({ _id: key }, projection(fields)));
    return row ? fromRow<D>(row) : undefined;
  }

  async getMany(keys: readonly string[], fields?: readonly string[]): Promise<(D | undefined)[]> {
    if (keys.length === 0) return [];
    const rows = await guarded(() =>
      this.#rows.find({ _id: { $in: [...keys] } }, projection(fields)).toArray(),
    );
    const byKey = new Map(rows.map((row) => [row._id, fromRow<D>(row)]));
    return keys.map((key) => byKey.get(key));
  }

  async insert(doc: D): Promise<boolean> {
    try {
      await guarded(() => this.#rows.insertOne(toRow(doc)));
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  async replace(doc: D, ifVersion: number): Promise<boolean> {
    const filter = { _id: doc.key, version: ifVersion };
    const result = await guarded(() => this.#rows.replaceOne(filter, toRow(doc)));
    return result.matchedCount === 1;
  }

  async delete(key: string, ifVersion?: number): Promise<boolean> {
    const filter: Filter<Row> =
      ifVersion === undefined ? { _id: key } : { _id: key, version: ifVersion };
    const result = await guarded(() => this.#rows.deleteOne(filter));
    return result.deletedCount === 1;
  }

  async walk(walk: Walk): Promise<Page<D>> {
    const { eq, order } = indexOf(this.#spec, walk);
    const { from, before, after, reverse, limit, fields } = walk;
    const bounds: Filter<Document>[] = eq.map((field, i) => ({ [field]: walk.eq[i] }));
    // `$gte: ''` also keeps rows without the field out, as the port says.
    bounds.push({ [order]: { $gte: from ?? '' } });
    if (before !== undefined) bounds.push({ [order]: { $lt: before } });
    if (after) {
      const [beyond, notShortOf] = reverse ? ['$lt', '$lte'] : ['$gt', '$gte'];
      bounds.push(
        { [order]: { [notShortOf]: after.order } },
        {
          $or: [
            { [order]: { [beyond]: after.order } },
            { [order]: after.order, _id: { [beyond]: after.key } },
          ],
        },
      );
    }
    const direction = reverse ? -1 : 1;
    const rows = await guarded(() =>
      this.#rows
        .find({ $and: bounds } as Filter<Row>, projection(fields && [...fields, order]))
        .sort({ [order]: direction, _id: direction })
        .limit(limit + 1)
        .toArray(),
    );
    return pageOf(rows.map(fromRow<D>), limit, order);
  }

  async bump(bumps: readonly Bump[]): Promise<void> {
    if (bumps.length === 0) return;
    const operations = bumps.map(({ key, init, add, min, max }) => ({
      updateOne: {
        filter: { _id: key },
        upsert: true,
        update: {
          $setOnInsert: { ...init, version: 0 },
          ...(add && { $inc: add }),
          ...(min && { $min: min }),
          ...(max && { $max: max }),
        },
      },
    }));
    await guarded(() => this.#rows.bulkWrite(operations, { ordered: false }));
  }
}

function projection(fields: readonly string[] | undefined): { projection?: Document } {
  if (!fields) return {};
  return { projection: Object.fromEntries(['version', ...fields].map((field) => [field, 1])) };
}

function toRow(doc: Doc): Row {
  const { key, ...rest } = doc;
  return { _id: key, ...rest };
}

function fromRow<D extends Doc>(row: Document): D {
  const { _id, ...rest } = row;
  return { key: _id, ...rest } as unknown as D;
}

function isDuplicateKey(error: unknown): boolean {
  return error instanceof MongoServerError && error.code === DUPLICATE_KEY;
}

/**
 * Runs a driver call; the only place where driver errors are translated. An
 * error that the server itself raised is ours (a bug or a taken key) and
 * passes; everything else means that the store does not answer.
 */
async function guarded<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof MongoError && !(error instanceof MongoServerError)) {
      throw new StoreUnavailable('the store does not answer', { cause: error });
    }
    throw error;
  }
}

/**
 * Connects to a MongoDB, named by a `mongodb://` or `mongodb+srv://` URL whose
 * path is the database (`agent-api` when it names none).
 *
 * @throws StoreUnavailable when no server answers in time
 */
export async function openMongo(url: string): Promise<Store> {
  const client = new MongoClient(url, {
    appName: 'agent-api',
    maxPoolSize: 50,
    connectTimeoutMS: 5_000,
    serverSelectionTimeoutMS: 5_000,
    socketTimeoutMS: 20_000,
    waitQueueTimeoutMS: 5_000,
    ignoreUndefined: true,
    retryReads: true,
    retryWrites: true,
    writeConcern: { w: 'majority', journal: true },
    readConcern: { level: 'majority' },
  });
  await guarded(() => client.connect());
  const named = new URL(url).pathname.slice(1);
  const db = client.db(named || 'agent-api');
  return {
    async collection(spec) {
      const collection = new MongoCollection(db, spec);
      await collection.makeIndexes();
      return collection;
    },
    async ping() {
      await guarded(() => db.command({ ping: 1 }));
    },
    async close() {
      await client.close();
    },
  };
}
