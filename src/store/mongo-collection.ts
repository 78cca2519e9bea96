import type { Db, Document, Filter, Collection as Native } from 'mongodb';
import { type Bounds, UNBOUNDED } from './bounds.ts';
import { CollectionBase } from './collection-base.ts';
import { fieldOf, indexOf, pageOf } from './indexes.ts';
import { codeOf, guarded, NO_COLLECTION, TAKEN_NAME } from './mongo-errors.ts';
import { fromRow, type Row } from './mongo-rows.ts';
import type { Collection, CollectionSpec, Doc, Page, RangeScan } from './port.ts';
import { compareText } from './text.ts';

/** The scans of one read. */
const MAX_SCANS = 100;

export class MongoCollection<D extends Doc> extends CollectionBase<D> implements Collection<D> {
  readonly #rows: Native<Row>;
  readonly #db: Db;

  constructor(db: Db, spec: CollectionSpec<D>) {
    super(spec);
    this.#db = db;
    this.#rows = db.collection<Row>(spec.name);
  }

  /**
   * Creates the collection and its indexes: a transaction could not create them for itself.
   *
   * @returns the indexes that were missing of a collection that existed
   */
  async makeIndexes(): Promise<readonly string[]> {
    const indexes = Object.entries(this.spec.indexes).map(([name, { eq, order }]) => ({
      name,
      key: Object.fromEntries([...eq, order, '_id'].map((field) => [field, 1 as const])),
    }));
    const present = await this.#indexNames();
    if (!present) await this.#create();
    if (indexes.length === 0) return [];
    await guarded(UNBOUNDED, () => this.#rows.createIndexes(indexes));
    return indexes.map(({ name }) => name).filter((name) => present && !present.includes(name));
  }

  async #create(): Promise<void> {
    try {
      await guarded(UNBOUNDED, () => this.#db.createCollection(this.spec.name));
    } catch (error) {
      // Another process created it.
      if (codeOf(error) !== TAKEN_NAME) throw error;
    }
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
    bounds.reads?.document(this.spec.name, key, row?._write);
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
    const byKey = new Map(rows.map((row) => [row._id, row]));
    return keys.map((key) => {
      const row = byKey.get(key);
      bounds.reads?.document(this.spec.name, key, row?._write);
      return row && fromRow<D>(row);
    });
  }

  async scan(bounds: Bounds, scan: RangeScan): Promise<Page<D>> {
    bounds.reads?.other();
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
    bounds.reads?.other();
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
      $unionWith: { coll: this.spec.name, pipeline },
    }));
    const rows = await guarded(
      bounds,
      (bounded) => this.#rows.aggregate<Row>([...first, ...unions], bounded).toArray(),
      'repeatable',
    );
    return scans.map((scan, i) => {
      const { order } = queries[i] as ScanQuery;
      // A union answers in no promised order.
      const docs = rows.filter(({ _scan }) => _scan === i).map(fromRow<D>);
      const direction = scan.reverse ? -1 : 1;
      docs.sort((a, b) => direction * compareEntries(order, a, b));
      return pageOf(docs, scan.limit, order);
    });
  }

  #queryOf(scan: RangeScan): ScanQuery {
    const { eq, order } = indexOf(this.spec, scan);
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

  /** The range of keys of the scan's documents: by it a sharded cluster asks the one shard that has them. */
  #shardOf({ index, eq }: RangeScan): Document[] {
    const { keyedBy, indexes } = this.spec;
    if (keyedBy === undefined || indexes[index]?.eq[0] !== keyedBy) return [];
    // '0' follows '/'.
    const ranges = [eq[0]]
      .flat()
      .map((value) => ({ _id: { $gte: `${value}/`, $lt: `${value}0` } }));
    return ranges.length > 1 ? [{ $or: ranges }] : ranges;
  }
}

interface ScanQuery {
  readonly order: string;
  readonly filter: Filter<Row>;
  readonly sort: Record<string, 1 | -1>;
}

function compareEntries(order: string, a: Doc, b: Doc): number {
  const byOrder = compareText(String(fieldOf(a, order)), String(fieldOf(b, order)));
  return byOrder || compareText(a.key, b.key);
}

function projection(fields: readonly string[] | undefined): { projection?: Document } {
  if (!fields) return {};
  const all = ['version', '_write', ...fields];
  return { projection: Object.fromEntries(all.map((field) => [field, 1])) };
}
