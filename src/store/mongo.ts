import { randomBytes } from 'node:crypto';
import {
  type Db,
  type Document,
  type Filter,
  MongoBulkWriteError,
  MongoClient,
  MongoParseError,
  MongoServerError,
  type Collection as Native,
} from 'mongodb';
import { type Bounds, UNBOUNDED } from './bounds.ts';
import { AppendJournal, type Row, withoutMarks } from './mongo-append.ts';
import { DUPLICATE_KEY, guarded } from './mongo-errors.ts';
import {
  type Append,
  assertIndexable,
  type Collection,
  type CollectionSpec,
  compareText,
  type Doc,
  distinct,
  fieldOf,
  type Increment,
  indexOf,
  type Page,
  pageOf,
  type RangeScan,
  type Store,
  type StoreEvents,
  StoreMisconfigured,
  StoreUnavailable,
} from './port.ts';

const NO_COLLECTION = 26;
const MAX_UPSERTS = 5;

/** The scans of one read. */
const MAX_SCANS = 100;

class MongoCollection<D extends Doc> implements Collection<D> {
  readonly #spec: CollectionSpec<D>;
  readonly #rows: Native<Row>;
  readonly #journal: AppendJournal;

  constructor(db: Db, spec: CollectionSpec<D>, journal: AppendJournal) {
    this.#spec = spec;
    this.#rows = db.collection<Row>(spec.name);
    this.#journal = journal;
  }

  /** @returns the indexes that were missing of a collection that was there, and are there now */
  async makeIndexes(): Promise<readonly string[]> {
    const indexes = Object.entries(this.#spec.indexes).map(([name, { eq, order }]) => ({
      name,
      key: Object.fromEntries([...eq, order, '_id'].map((field) => [field, 1 as const])),
    }));
    if (indexes.length === 0) return [];
    const there = await this.#indexNames();
    await guarded(UNBOUNDED, () => this.#rows.createIndexes(indexes));
    return indexes.map(({ name }) => name).filter((name) => there && !there.includes(name));
  }

  /** Undefined where there is no collection yet. */
  async #indexNames(): Promise<string[] | undefined> {
    try {
      const indexes = await guarded(UNBOUNDED, (bounded) =>
        this.#rows.listIndexes(bounded).toArray(),
      );
      return indexes.map(({ name }) => String(name));
    } catch (error) {
      if (codeOf(error) === NO_COLLECTION) return undefined;
      throw error;
    }
  }

  async get(bounds: Bounds, key: string, fields?: readonly string[]): Promise<D | undefined> {
    const row = await guarded(
      bounds,
      (bounded) => this.#rows.findOne({ _id: key }, { ...projection(fields), ...bounded }),
      'repeatable',
    );
    return row ? fromRow<D>(row) : undefined;
  }

  async getMany(
    bounds: Bounds,
    keys: readonly string[],
    fields?: readonly string[],
  ): Promise<(D | undefined)[]> {
    if (keys.length === 0) return [];
    const filter = { _id: { $in: [...new Set(keys)] } };
    const rows = await guarded(
      bounds,
      (bounded) => this.#rows.find(filter, { ...projection(fields), ...bounded }).toArray(),
      'repeatable',
    );
    const byKey = new Map(rows.map((row) => [row._id, fromRow<D>(row)]));
    return keys.map((key) => byKey.get(key));
  }

  async insert(bounds: Bounds, doc: D): Promise<boolean> {
    assertIndexable(this.#spec, doc);
    const row = namedWrite(doc);
    let attempts = 0;
    try {
      await guarded(
        bounds,
        (bounded) => {
          attempts += 1;
          return this.#rows.insertOne(row, bounded);
        },
        'repeatable',
      );
      return true;
    } catch (error) {
      if (codeOf(error) === DUPLICATE_KEY) return this.#wasMade(bounds, row, attempts);
      throw error;
    }
  }

  async replace(bounds: Bounds, doc: D, ifVersion: number): Promise<boolean> {
    assertIndexable(this.#spec, doc);
    const row = namedWrite(doc);
    const filter = { _id: doc.key, version: ifVersion };
    let attempts = 0;
    const result = await guarded(
      bounds,
      (bounded) => {
        attempts += 1;
        return this.#rows.replaceOne(filter, row, bounded);
      },
      'repeatable',
    );
    return result.matchedCount === 1 || this.#wasMade(bounds, row, attempts);
  }

  /**
   * Whether what a write met in its place was itself, made by an attempt whose answer was lost.
   *
   * @throws StoreUnavailable when nobody can tell: an attempt was lost, and the document was
   * written again, be it over that attempt or instead of it
   */
  async #wasMade(bounds: Bounds, { _id, _write }: NamedWrite, attempts: number): Promise<boolean> {
    // Of a write that was tried once the outcome is known.
    if (attempts === 1) return false;
    const options = { projection: { _id: 1 } };
    const found = await guarded(
      bounds,
      (bounded) => this.#rows.findOne({ _id, _write }, { ...options, ...bounded }),
      'repeatable',
    );
    if (found) return true;
    throw new StoreUnavailable('the store did not answer, and the write may have been made');
  }

  async delete(bounds: Bounds, key: string, ifVersion?: number): Promise<boolean> {
    const filter: Filter<Row> =
      ifVersion === undefined ? { _id: key } : { _id: key, version: ifVersion };
    const result = await guarded(bounds, (bounded) => this.#rows.deleteOne(filter, bounded));
    return result.deletedCount === 1;
  }

  async scan(bounds: Bounds, scan: RangeScan): Promise<Page<D>> {
    const { order, filter, sort } = this.#queryOf(scan);
    const { limit, fields } = scan;
    const rows = await guarded(
      bounds,
      (bounded) =>
        this.#rows
          .find(filter, { ...projection(fields && [...fields, order]), ...bounded })
          .hint(scan.index)
          .sort(sort)
          .limit(limit + 1)
          .toArray(),
      'repeatable',
    );
    return pageOf(rows.map(fromRow<D>), limit, order);
  }

  async scanMany(bounds: Bounds, scans: readonly RangeScan[]): Promise<Page<D>[]> {
    if (scans.length > MAX_SCANS) {
      const [head, rest] = [scans.slice(0, MAX_SCANS), scans.slice(MAX_SCANS)];
      return [...(await this.scanMany(bounds, head)), ...(await this.scanMany(bounds, rest))];
    }
    const queries = scans.map((scan) => this.#queryOf(scan));
    const [first, ...others] = scans.map((scan, i) => {
      const { order, filter, sort } = queries[i] as ScanQuery;
      const { projection: project } = projection(scan.fields && [...scan.fields, order]);
      return [
        { $match: filter },
        { $sort: sort },
        { $limit: scan.limit + 1 },
        ...(project ? [{ $project: project }] : []),
        { $set: { _scan: { $literal: i } } },
      ];
    });
    if (!first) return [];
    const unions = others.map((pipeline) => ({
      $unionWith: { coll: this.#spec.name, pipeline },
    }));
    const rows = await guarded(
      bounds,
      (bounded) => this.#rows.aggregate<Row>([...first, ...unions], bounded).toArray(),
      'repeatable',
    );
    return scans.map((scan, i) => {
      const { order } = queries[i] as ScanQuery;
      // What a union answers is in no promised order.
      const docs = rows.filter(({ _scan }) => _scan === i).map(fromRow<D>);
      const direction = scan.reverse ? -1 : 1;
      docs.sort((a, b) => direction * compareEntries(order, a, b));
      return pageOf(docs, scan.limit, order);
    });
  }

  #queryOf(scan: RangeScan): ScanQuery {
    const { eq, order } = indexOf(this.#spec, scan);
    const { from, before, after, reverse } = scan;
    const bounds: Document[] = eq.map((field, i) => {
      const value = scan.eq[i];
      return { [field]: Array.isArray(value) ? { $in: value } : value };
    });
    bounds.push(...this.#shardOf(scan));
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
    const sort = { [order]: direction, _id: direction } as const;
    return { order, filter: { $and: bounds } as Filter<Row>, sort };
  }

  /** Where the scan's documents lie: by it a sharded cluster asks the one shard that has them. */
  #shardOf({ index, eq }: RangeScan): Document[] {
    const { keyedBy, indexes } = this.#spec;
    if (keyedBy === undefined || indexes[index]?.eq[0] !== keyedBy) return [];
    // '0' follows '/'.
    const ranges = [eq[0]]
      .flat()
      .map((value) => ({ _id: { $gte: `${value}/`, $lt: `${value}0` } }));
    return ranges.length > 1 ? [{ $or: ranges }] : ranges;
  }

  async append(_bounds: Bounds, entries: readonly Append<D>[]): Promise<number> {
    for (const { doc } of entries) assertIndexable(this.#spec, doc);
    const rows = distinct(entries).map(({ doc, increments }) => ({ row: toRow(doc), increments }));
    return this.#journal.append(this.#spec.name, rows);
  }

  async increment(bounds: Bounds, increments: readonly Increment[]): Promise<void> {
    let rest = increments.map(upsertOf);
    for (let attempt = 1; rest.length > 0; attempt += 1) {
      try {
        await guarded(bounds, (bounded) =>
          this.#rows.bulkWrite(rest, { ordered: false, ...bounded }),
        );
        return;
      } catch (error) {
        // Two that make one document at once: it is there for the second now.
        const again = attempt < MAX_UPSERTS ? collidedIn(error) : undefined;
        if (!again) throw error;
        rest = rest.filter((_, i) => again.has(i));
      }
    }
  }
}

type NamedWrite = Row & { readonly _write: string };

interface ScanQuery {
  readonly order: string;
  readonly filter: Filter<Row>;
  readonly sort: Record<string, 1 | -1>;
}

function compareEntries(order: string, a: Doc, b: Doc): number {
  const byOrder = compareText(String(fieldOf(a, order)), String(fieldOf(b, order)));
  return byOrder || compareText(a.key, b.key);
}

function upsertOf({ key, init, add, min, max }: Increment) {
  return {
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
  };
}

/** Which operations of a bulk failed on a key that another had just taken; undefined when any failed otherwise. */
function collidedIn(error: unknown): ReadonlySet<number> | undefined {
  if (!(error instanceof MongoBulkWriteError)) return undefined;
  const failures = [error.writeErrors].flat();
  if (failures.length === 0 || failures.some(({ code }) => code !== DUPLICATE_KEY))
    return undefined;
  return new Set(failures.map(({ index }) => index));
}

function projection(fields: readonly string[] | undefined): { projection?: Document } {
  if (!fields) return {};
  return { projection: Object.fromEntries(['version', ...fields].map((field) => [field, 1])) };
}

function toRow(doc: Doc): Row {
  const { key, ...rest } = doc;
  return { _id: key, ...rest };
}

function namedWrite(doc: Doc): NamedWrite {
  return { ...toRow(doc), _write: randomBytes(9).toString('base64url') };
}

function fromRow<D extends Doc>(row: Document): D {
  const { _id, _scan, ...rest } = withoutMarks(row);
  return { key: _id, ...rest } as unknown as D;
}

function codeOf(error: unknown): unknown {
  return error instanceof MongoServerError ? error.code : undefined;
}

const OPTIONS = {
  appName: 'agent-api',
  maxPoolSize: 50,
  connectTimeoutMS: 5_000,
  // How long a server that is gone is waited for: an election takes less.
  serverSelectionTimeoutMS: 5_000,
  socketTimeoutMS: 15_000,
  waitQueueTimeoutMS: 5_000,
  ignoreUndefined: true,
  retryReads: true,
  retryWrites: true,
  writeConcern: { w: 'majority', journal: true },
  readConcern: { level: 'majority' },
} as const;

/**
 * Connects to a MongoDB, named by a `mongodb://` or `mongodb+srv://` URL whose
 * path is the database (`agent-api` when it names none).
 *
 * @throws StoreUnavailable when no server answers in time, StoreMisconfigured when the driver takes no such URL
 */
export async function openMongo(url: string, { indexesMade }: StoreEvents = {}): Promise<Store> {
  const client = clientOf(url);
  await guarded(UNBOUNDED, () => client.connect());
  const db = client.db(databaseOf(url) || 'agent-api');
  const journal = new AppendJournal(db);
  return {
    async collection(spec) {
      const collection = new MongoCollection(db, spec, journal);
      const made = await collection.makeIndexes();
      await journal.open(spec.name);
      if (made.length > 0) indexesMade?.(spec.name, made);
      return collection;
    },
    async versions(bounds, refs) {
      return Promise.all(
        refs.map(async ({ collection, key }) => {
          const row = await guarded(bounds, () =>
            db.collection<Row>(collection).findOne({ _id: key }),
          );
          return row?.version;
        }),
      );
    },
    async ping() {
      await guarded(UNBOUNDED, () => db.command({ ping: 1 }));
    },
    async close() {
      await client.close();
    },
  };
}

function clientOf(url: string): MongoClient {
  try {
    return new MongoClient(url, OPTIONS);
  } catch (error) {
    // What is wrong with the hosts could be told with a password in it.
    const reason = error instanceof MongoParseError ? `: ${error.message}` : '';
    throw new StoreMisconfigured(`the MongoDB of STORE_URL cannot be used${reason}`);
  }
}

/** The database that a URL names behind its hosts, of which there may be several. */
export function databaseOf(url: string): string {
  const [, name = ''] = /^[^/]+\/\/[^/?]+\/([^?]*)/.exec(url) ?? [];
  return decodeURIComponent(name);
}
