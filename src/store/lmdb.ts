import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { type Database, open, type RootDatabase } from 'lmdb';
import { type Bounds, UNBOUNDED } from './bounds.ts';
import { makeFolder } from './folder.ts';
import {
  type Append,
  assertIndexable,
  bytesOf,
  type Collection,
  type CollectionSpec,
  compareText,
  type Doc,
  distinct,
  fieldOf,
  greater,
  type Increment,
  type IndexSpec,
  type IndexValue,
  indexOf,
  isLongerThanStored,
  lesser,
  MAX_INDEX_BYTES,
  mergedIncrements,
  type Page,
  pageOf,
  type RangeScan,
  type Store,
  type StoreEvents,
  StoreUnavailable,
} from './port.ts';

/** The values of the `eq` fields, that of `order`, and the document's key. */
type IndexKey = IndexValue[];
type Index = Database<null, IndexKey>;

/** Sorts behind every string that an index orders by. */
const HIGHEST = '\u{10ffff}\u{10ffff}';
const MAX_DATABASES = 512;

interface Job {
  run(): unknown;
  done(value: unknown): void;
  failed(error: unknown): void;
  /** A job that nobody waits for any more is not run. */
  readonly bounds: Bounds;
}

/**
 * Writes from many requests share one transaction, so one sync to disk.
 *
 * Each job reads, decides and puts inside the transaction. A job that throws
 * takes the transaction back, whatever it had put by then, and the others are
 * run again, each on its own. A transaction is committed synchronously, sync
 * included: when `run` resolves, the write is on disk.
 */
class GroupCommit {
  #jobs: Job[] = [];
  readonly #root: RootDatabase;
  readonly #takenBack: () => void;

  /** @param takenBack told of every transaction that did not come to be */
  constructor(root: RootDatabase, takenBack: () => void) {
    this.#root = root;
    this.#takenBack = takenBack;
  }

  /** @throws StoreUnavailable when the transaction cannot be committed */
  run<T>(bounds: Bounds, job: () => T): Promise<T> {
    return new Promise<T>((done, failed) => {
      this.#jobs.push({ run: job, done: done as Job['done'], failed, bounds });
      if (this.#jobs.length === 1) setImmediate(() => this.#commitAll());
    });
  }

  #commitAll(): void {
    const jobs = this.#jobs.filter(isWanted);
    this.#jobs = [];
    if (jobs.length > 0 && !this.#commit(jobs)) for (const job of jobs) this.#commit([job]);
  }

  /** False when one job's failure is no word on the others: nothing is written or answered then. */
  #commit(jobs: readonly Job[]): boolean {
    const values: unknown[] = [];
    try {
      this.#root.transactionSync(() => {
        for (const job of jobs) values.push(job.run());
      });
    } catch (error) {
      this.#takenBack();
      const ofOneJob = values.length < jobs.length;
      if (ofOneJob && jobs.length > 1) return false;
      const failure = ofOneJob && !isLmdbs(error) ? error : unavailable(error);
      for (const job of jobs) job.failed(failure);
      return true;
    }
    jobs.forEach((job, i) => {
      job.done(values[i]);
    });
    return true;
  }
}

/** Fails a job that nobody waits for any more. */
function isWanted({ bounds, failed }: Job): boolean {
  try {
    bounds.assertWanted();
    return true;
  } catch (reason) {
    failed(reason);
    return false;
  }
}

/** LMDB's own errors have a number: of its own, or of the system (`ENOSPC`). */
function isLmdbs(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'number';
}

function unavailable(cause: unknown): StoreUnavailable {
  return new StoreUnavailable('the store could not commit', { cause });
}

/**
 * A transaction that was taken back leaves the encoder's shapes ahead of those on
 * disk: what is written by them could not be read again. Marked like this,
 * msgpackr loads them anew before its next write.
 */
function reloadStructures(docs: Database): void {
  const { encoder } = docs as unknown as { encoder: { structures: { uninitialized?: boolean } } };
  encoder.structures.uninitialized = true;
}

/** One opening of a folder. */
class Environment {
  readonly root: RootDatabase;
  readonly writes: GroupCommit;
  /** The indexes that were made, by collection: their names, and how they were declared. */
  readonly made: Database<readonly (readonly [name: string, spec: string])[], string>;
  readonly #docs: Database[] = [];
  #closed = false;

  constructor(folder: string) {
    this.root = open({
      path: folder,
      // Or a dot in the folder's name would make it a file's.
      noSubdir: false,
      maxDbs: MAX_DATABASES,
      // A commit must not return before its sync.
      overlappingSync: false,
    });
    this.made = this.root.openDB({ name: 'indexes' });
    this.writes = new GroupCommit(this.root, () => {
      for (const docs of this.#docs) reloadStructures(docs);
    });
  }

  /** The database of a collection's documents; their shapes are kept once, apart from them. */
  openDocs<D extends Doc>(name: string): Database<D, string> {
    const docs = this.root.openDB<D, string>({
      name,
      sharedStructuresKey: Symbol.for('structures'),
    });
    this.#docs.push(docs);
    return docs;
  }

  openIndex(collection: string, name: string): Index {
    return this.root.openDB({ name: `${collection}.index.${name}` });
  }

  /**
   * To be called before each read: it is refused where nobody waits for it, and
   * begins a snapshot of its own, which holds what another process was answered.
   */
  beginRead(bounds: Bounds): void {
    bounds.assertWanted();
    this.assertOpen();
    this.root.resetReadTxn();
  }

  write<T>(bounds: Bounds, job: () => T): Promise<T> {
    if (this.#closed) return Promise.reject(closed());
    return this.writes.run(bounds, job);
  }

  assertOpen(): void {
    if (this.#closed) throw closed();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    // Behind every write that was taken.
    await this.writes.run(UNBOUNDED, () => undefined);
    await this.root.close();
  }
}

function closed(): StoreUnavailable {
  return new StoreUnavailable('the store is closed');
}

class LmdbCollection<D extends Doc> implements Collection<D> {
  readonly #spec: CollectionSpec<D>;
  readonly #docs: Database<D, string>;
  /** The declared indexes by name: a database each. */
  readonly #indexes: ReadonlyMap<string, readonly [spec: IndexSpec, index: Index]>;
  readonly #environment: Environment;
  /** The collections of the store that are open, by name. */
  readonly #open: ReadonlyMap<string, LmdbCollection<Doc>>;

  constructor(
    environment: Environment,
    spec: CollectionSpec<D>,
    open: ReadonlyMap<string, LmdbCollection<Doc>>,
  ) {
    this.#spec = spec;
    this.#environment = environment;
    this.#open = open;
    this.#docs = environment.openDocs(spec.name);
    this.#indexes = new Map(
      Object.entries(spec.indexes).map(([name, index]) => [
        name,
        [index, environment.openIndex(spec.name, name)],
      ]),
    );
  }

  /**
   * Makes the entries of indexes that were declared after documents were written, once.
   *
   * @returns the indexes made of documents that were there
   */
  async makeIndexes(bounds: Bounds = UNBOUNDED): Promise<readonly string[]> {
    const { name, indexes } = this.#spec;
    const { made } = this.#environment;
    const declared = Object.entries(indexes).map(
      ([index, spec]) => [index, JSON.stringify(spec)] as const,
    );
    const gone = (made.get(name) ?? []).filter(([index]) => !(index in indexes));
    // No database can be opened inside a transaction.
    const dropped = gone.map(([index]) => this.#environment.openIndex(name, index));
    return this.#environment.write(bounds, () => {
      const before = new Map(made.get(name) ?? []);
      const missing = declared.filter(([index, spec]) => before.get(index) !== spec);
      if (missing.length === 0 && dropped.length === 0) return [];
      for (const index of dropped) index.clearSync();
      for (const [index] of missing) this.#make(index);
      made.put(name, declared);
      const [any] = this.#docs.getKeys({ limit: 1 });
      return any === undefined ? [] : missing.map(([index]) => index);
    });
  }

  #make(name: string): void {
    const [spec, index] = this.#indexes.get(name) ?? [];
    if (!spec || !index) return;
    index.clearSync();
    for (const { value: doc } of this.#docs.getRange()) {
      const entry = entryOf(spec, doc);
      if (entry) index.put(entry, null);
    }
  }

  get(bounds: Bounds, key: string, fields?: readonly string[]): D | undefined {
    this.#environment.beginRead(bounds);
    const doc = this.#stored(key);
    note(bounds, this.#spec.name, key, doc);
    return doc && project(doc, fields);
  }

  getMany(bounds: Bounds, keys: readonly string[], fields?: readonly string[]): (D | undefined)[] {
    this.#environment.beginRead(bounds);
    return keys.map((key) => {
      const doc = this.#stored(key);
      note(bounds, this.#spec.name, key, doc);
      return doc && project(doc, fields);
    });
  }

  versionOf(key: string): number | undefined {
    return this.#stored(key)?.version;
  }

  /** LMDB itself refuses to look for a key that is longer than it takes. */
  #stored(key: string): D | undefined {
    return isLongerThanStored([key]) ? undefined : this.#docs.get(key);
  }

  insert(bounds: Bounds, doc: D): Promise<boolean> {
    return this.#environment.write(bounds, () => {
      if (this.#stored(doc.key)) return false;
      this.#add([doc]);
      return true;
    });
  }

  replace(bounds: Bounds, doc: D, ifVersion: number): Promise<boolean> {
    return this.#environment.write(bounds, () => {
      const old = this.#stored(doc.key);
      if (old?.version !== ifVersion) return false;
      this.#change(doc, old);
      return true;
    });
  }

  delete(bounds: Bounds, key: string, ifVersion?: number): Promise<boolean> {
    return this.#environment.write(bounds, () => {
      const old = this.#stored(key);
      if (!old || (ifVersion !== undefined && old.version !== ifVersion)) return false;
      for (const [spec, index] of this.#indexes.values()) {
        const entry = entryOf(spec, old);
        if (entry) index.remove(entry);
      }
      this.#docs.remove(key);
      return true;
    });
  }

  scan(bounds: Bounds, scan: RangeScan): Page<D> {
    bounds.reads?.other();
    const index = indexOf(this.#spec, scan);
    this.#environment.beginRead(bounds);
    return this.#page(scan, index);
  }

  scanMany(bounds: Bounds, scans: readonly RangeScan[]): Page<D>[] {
    bounds.reads?.other();
    const indexes = scans.map((scan) => indexOf(this.#spec, scan));
    this.#environment.beginRead(bounds);
    return scans.map((scan, i) => this.#page(scan, indexes[i] as IndexSpec));
  }

  #page(scan: RangeScan, { order }: IndexSpec): Page<D> {
    const limit = scan.limit + 1;
    const [head = [], ...others] = combinations(scan.eq).map((eq) =>
      this.#scanned(scan, eq, limit),
    );
    const entries =
      others.length === 0
        ? head
        : [head, ...others].flat().sort((a, b) => (scan.reverse ? -1 : 1) * compareEntries(a, b));
    const docs: D[] = [];
    for (const entry of entries.slice(0, limit)) {
      const doc = this.#docs.get(entry.at(-1) as string);
      if (doc) docs.push(project(doc, scan.fields && [...scan.fields, order]));
    }
    return pageOf(docs, scan.limit, order);
  }

  /** The entries of one value for each `eq` field. */
  #scanned(scan: RangeScan, eq: readonly IndexValue[], limit: number): IndexKey[] {
    if (isLongerThanStored(eq)) return [];
    const [, index] = this.#indexes.get(scan.index) ?? [];
    const room = MAX_INDEX_BYTES - bytesOf(eq);
    const from = headOf(scan.from ?? '', room);
    const before = headOf(scan.before ?? HIGHEST, room);
    const { after } = scan;
    const low = [...eq, from];
    const high = [...eq, before];
    // A place may lie outside the bounds.
    const at = after && [...eq, after.order, after.key];
    const range = scan.reverse
      ? {
          start: at && compareText(after.order, before) < 0 ? at : high,
          end: low,
          reverse: true,
          inclusiveEnd: true,
        }
      : { start: at && compareText(after.order, from) >= 0 ? at : low, end: high };
    return [...(index?.getKeys({ ...range, exclusiveStart: true, limit }) ?? [])];
  }

  increment(bounds: Bounds, increments: readonly Increment[]): Promise<void> {
    return this.#environment.write(bounds, () => {
      for (const increment of increments) this.#increment(increment);
    });
  }

  append(bounds: Bounds, entries: readonly Append<D>[]): Promise<number> {
    return this.#environment.write(bounds, () => {
      const fresh = distinct(entries).filter(({ doc }) => !this.#docs.doesExist(doc.key));
      const increments = mergedIncrements(fresh.flatMap((entry) => entry.increments));
      this.#add(fresh.map(({ doc }) => doc));
      for (const { collection, ...increment } of increments) {
        const incremented = this.#open.get(collection);
        if (!incremented) throw new RangeError(`the collection '${collection}' is not open`);
        incremented.#increment(increment);
      }
      return fresh.length;
    });
  }

  #increment(increment: Increment): void {
    const old = this.#docs.get(increment.key);
    const doc = incremented(old, increment) as D;
    if (old) this.#change(doc, old);
    else this.#add([doc]);
  }

  /** Index by index: entries of one lie closer together than those of one document. */
  #add(docs: readonly D[]): void {
    for (const doc of docs) assertIndexable(this.#spec, doc);
    for (const [spec, index] of this.#indexes.values()) {
      for (const doc of docs) {
        const entry = entryOf(spec, doc);
        if (entry) index.put(entry, null);
      }
    }
    for (const doc of docs) this.#docs.put(doc.key, plain(doc));
  }

  #change(doc: D, old: D): void {
    assertIndexable(this.#spec, doc);
    for (const [spec, index] of this.#indexes.values()) {
      const before = entryOf(spec, old);
      const entry = entryOf(spec, doc);
      if (before && entry && before.every((value, i) => value === entry[i])) continue;
      if (before) index.remove(before);
      if (entry) index.put(entry, null);
    }
    this.#docs.put(doc.key, plain(doc));
  }
}

/** A bound that LMDB takes: no entry lies between a bound that is longer than any and its head. */
function headOf(bound: string, room: number): string {
  if (bound.length <= room && Buffer.byteLength(bound) <= room) return bound;
  // Whole characters alone.
  return new StringDecoder().write(Buffer.from(bound).subarray(0, room));
}

/** Every way to take one value of each. */
function combinations(eq: RangeScan['eq']): (readonly IndexValue[])[] {
  if (isPlain(eq)) return [eq];
  return eq.reduce<IndexValue[][]>(
    (heads, values) =>
      [values].flat().flatMap((value) => heads.map((head) => [...head, value as IndexValue])),
    [[]],
  );
}

function isPlain(eq: RangeScan['eq']): eq is readonly IndexValue[] {
  return !eq.some(Array.isArray);
}

/** By what the entries of one index are ordered by, whatever their `eq` values. */
function compareEntries(a: IndexKey, b: IndexKey): number {
  const byOrder = compareText(String(a.at(-2)), String(b.at(-2)));
  return byOrder || compareText(String(a.at(-1)), String(b.at(-1)));
}

/** Undefined for a document that lacks a field of the index. */
function entryOf({ eq, order }: IndexSpec, doc: Doc): IndexKey | undefined {
  const entry: IndexKey = [];
  for (const field of eq) {
    const value = fieldOf(doc, field);
    if (!isIndexValue(value)) return undefined;
    entry.push(value);
  }
  const place = fieldOf(doc, order);
  if (!isIndexValue(place)) return undefined;
  entry.push(place, doc.key);
  return entry;
}

function isIndexValue(value: unknown): value is IndexValue {
  return typeof value === 'string' || typeof value === 'boolean';
}

function project<D extends Doc>(doc: D, fields: readonly string[] | undefined): D {
  if (!fields) return doc;
  const picked: Record<string, unknown> = { key: doc.key, version: doc.version };
  for (const field of fields) {
    const value = fieldOf(doc, field);
    if (value !== undefined) picked[field] = value;
  }
  return picked as unknown as D;
}

/** msgpack keeps `undefined`; JSON and MongoDB drop it, so it is dropped here too. */
function plain<T>(value: T): T {
  return holdsUndefined(value) ? (JSON.parse(JSON.stringify(value)) as T) : value;
}

function holdsUndefined(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return value === undefined;
  for (const field in value) {
    if (holdsUndefined((value as Record<string, unknown>)[field])) return true;
  }
  return false;
}

function incremented(old: Doc | undefined, { key, init, add, min, max }: Increment): Doc {
  const doc: Record<string, unknown> = old ? { ...old } : { ...init, key, version: 0 };
  for (const field in add)
    doc[field] = ((doc[field] as number | undefined) ?? 0) + (add[field] ?? 0);
  for (const field in min) doc[field] = lesser(min[field] ?? '', doc[field] as string | undefined);
  for (const field in max) doc[field] = greater(max[field] ?? '', doc[field] as string | undefined);
  return doc as unknown as Doc;
}

/**
 * Opens the embedded store in a folder, made when missing; `:memory:` is a
 * throw-away temporary folder that `close` removes.
 *
 * Several processes may open one folder.
 */
export function openLmdb(path: string, { indexesMade }: StoreEvents = {}): Store {
  const temporary = path === ':memory:';
  const folder = temporary ? mkdtempSync(join(tmpdir(), 'agent-api-')) : path;
  makeFolder(folder);
  const environment = new Environment(folder);
  const collections = new Map<string, LmdbCollection<Doc>>();
  return {
    async collection<D extends Doc>(spec: CollectionSpec<D>) {
      const collection = new LmdbCollection(environment, spec, collections);
      const made = await collection.makeIndexes();
      if (made.length > 0) indexesMade?.(spec.name, made);
      collections.set(spec.name, collection as unknown as LmdbCollection<Doc>);
      return collection;
    },
    versions(bounds, refs) {
      environment.beginRead(bounds);
      return refs.map(({ collection, key }) => collections.get(collection)?.versionOf(key));
    },
    async ping() {
      environment.assertOpen();
    },
    async close() {
      await environment.close();
      if (temporary) rmSync(folder, { recursive: true, force: true });
    },
  };
}

function note({ reads }: Bounds, collection: string, key: string, doc: Doc | undefined): void {
  if (doc?.version === 0) reads?.other();
  else reads?.document(collection, key, doc?.version);
}
