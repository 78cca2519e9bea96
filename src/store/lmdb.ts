import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Database, open, type RootDatabase } from 'lmdb';
import { currentBounds } from './bounds.ts';
import {
  type Append,
  assertIndexable,
  type Bump,
  type Collection,
  type CollectionSpec,
  compareText,
  type Doc,
  distinct,
  fieldOf,
  type IndexSpec,
  indexOf,
  mergedBumps,
  type Page,
  pageOf,
  type Store,
  type StoreEvents,
  StoreUnavailable,
  type Walk,
} from './port.ts';

type IndexKey = (string | boolean)[];

/** Sorts behind every string that an index orders by. */
const HIGHEST = '\u{10ffff}\u{10ffff}';
/** Where an index database says which indexes it holds; no index has that name. */
const MADE: IndexKey = [''];
const COLLECTIONS_AT_MOST = 64;

interface Job {
  run(): unknown;
  done(value: unknown): void;
  failed(error: unknown): void;
  /** Aborted when nobody waits for the job any more. */
  readonly signal: AbortSignal | undefined;
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
  run<T>(job: () => T): Promise<T> {
    const signal = currentBounds()?.signal;
    return new Promise<T>((done, failed) => {
      this.#jobs.push({ run: job, done: done as Job['done'], failed, signal });
      if (this.#jobs.length === 1) setImmediate(() => this.#commitAll());
    });
  }

  #commitAll(): void {
    const jobs = this.#jobs.filter(({ signal, failed }) => {
      if (signal?.aborted) failed(signal.reason);
      return !signal?.aborted;
    });
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
  readonly #docs: Database[] = [];
  #closed = false;

  constructor(folder: string) {
    this.root = open({
      path: folder,
      // Or a dot in the folder's name would make it a file's.
      noSubdir: false,
      maxDbs: 2 * COLLECTIONS_AT_MOST,
      // A commit must not return before its sync.
      overlappingSync: false,
    });
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

  /**
   * To be called before each read: it is refused where nobody waits for it, and
   * begins a snapshot of its own, which holds what another process was answered.
   */
  beginRead(): void {
    currentBounds()?.signal.throwIfAborted();
    this.assertOpen();
    this.root.resetReadTxn();
  }

  write<T>(job: () => T): Promise<T> {
    if (this.#closed) return Promise.reject(closed());
    return this.writes.run(job);
  }

  assertOpen(): void {
    if (this.#closed) throw closed();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    // Behind every write that was taken.
    await this.writes.run(() => undefined);
    await this.root.close();
  }
}

function closed(): StoreUnavailable {
  return new StoreUnavailable('the store is closed');
}

class LmdbCollection<D extends Doc> implements Collection<D> {
  readonly #spec: CollectionSpec<D>;
  readonly #docs: Database<D, string>;
  readonly #index: Database<readonly (readonly [name: string, index: string])[] | null, IndexKey>;
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
    this.#index = environment.root.openDB({ name: `${spec.name}.index` });
  }

  /**
   * Makes the entries of indexes that were declared after documents were written, once.
   *
   * @returns the indexes made
   */
  async makeIndexes(): Promise<readonly string[]> {
    const declared = Object.entries(this.#spec.indexes).map(
      ([name, index]) => [name, JSON.stringify(index)] as const,
    );
    return this.#environment.write(() => {
      const made = new Map(this.#index.get(MADE) ?? []);
      const missing = declared.filter(([name, index]) => made.get(name) !== index);
      if (missing.length === 0 && made.size === declared.length) return [];
      const names = missing.map(([name]) => name);
      for (const name of names) {
        for (const key of this.#index.getKeys({ start: [name], end: [name, HIGHEST] })) {
          this.#index.remove(key);
        }
      }
      for (const { value: doc } of this.#docs.getRange()) {
        for (const entry of this.#entries(doc, names)) this.#index.put(entry, null);
      }
      this.#index.put(MADE, declared);
      return names;
    });
  }

  async get(key: string, fields?: readonly string[]): Promise<D | undefined> {
    this.#environment.beginRead();
    const doc = this.#docs.get(key);
    return doc && project(doc, fields);
  }

  async getMany(keys: readonly string[], fields?: readonly string[]): Promise<(D | undefined)[]> {
    this.#environment.beginRead();
    return keys.map((key) => {
      const doc = this.#docs.get(key);
      return doc && project(doc, fields);
    });
  }

  insert(doc: D): Promise<boolean> {
    return this.#environment.write(() => {
      if (this.#docs.doesExist(doc.key)) return false;
      this.#put(doc, undefined);
      return true;
    });
  }

  replace(doc: D, ifVersion: number): Promise<boolean> {
    return this.#environment.write(() => {
      const old = this.#docs.get(doc.key);
      if (old?.version !== ifVersion) return false;
      this.#put(doc, old);
      return true;
    });
  }

  delete(key: string, ifVersion?: number): Promise<boolean> {
    return this.#environment.write(() => {
      const old = this.#docs.get(key);
      if (!old || (ifVersion !== undefined && old.version !== ifVersion)) return false;
      for (const entry of this.#entries(old)) this.#index.remove(entry);
      this.#docs.remove(key);
      return true;
    });
  }

  async walk(walk: Walk): Promise<Page<D>> {
    const index = indexOf(this.#spec, walk);
    this.#environment.beginRead();
    return this.#page(walk, index);
  }

  async walkMany(walks: readonly Walk[]): Promise<Page<D>[]> {
    const indexes = walks.map((walk) => indexOf(this.#spec, walk));
    this.#environment.beginRead();
    return walks.map((walk, i) => this.#page(walk, indexes[i] as IndexSpec));
  }

  #page(walk: Walk, index: IndexSpec): Page<D> {
    const prefix: IndexKey = [walk.index, ...walk.eq];
    const { from = '', before = HIGHEST, after } = walk;
    const low = [...prefix, from];
    const high = [...prefix, before];
    // A place may lie outside the bounds.
    const at = after && [...prefix, after.order, after.key];
    const range = walk.reverse
      ? {
          start: at && compareText(after.order, before) < 0 ? at : high,
          end: low,
          reverse: true,
          inclusiveEnd: true,
        }
      : { start: at && compareText(after.order, from) >= 0 ? at : low, end: high };
    const limit = walk.limit + 1;
    const docs: D[] = [];
    for (const entry of this.#index.getKeys({ ...range, exclusiveStart: true, limit })) {
      const doc = this.#docs.get(entry.at(-1) as string);
      if (doc) docs.push(project(doc, walk.fields && [...walk.fields, index.order]));
    }
    return pageOf(docs, walk.limit, index.order);
  }

  bump(bumps: readonly Bump[]): Promise<void> {
    return this.#environment.write(() => {
      for (const bump of bumps) this.#bump(bump);
    });
  }

  append(entries: readonly Append<D>[]): Promise<number> {
    return this.#environment.write(() => {
      const fresh = distinct(entries).filter(({ doc }) => !this.#docs.doesExist(doc.key));
      const bumps = mergedBumps(fresh.flatMap((entry) => entry.bumps));
      for (const { doc } of fresh) this.#put(doc, undefined);
      for (const { collection, ...bump } of bumps) {
        const bumped = this.#open.get(collection);
        if (!bumped) throw new RangeError(`the collection '${collection}' is not open`);
        bumped.#bump(bump);
      }
      return fresh.length;
    });
  }

  #bump(bump: Bump): void {
    const old = this.#docs.get(bump.key);
    this.#put(bumped(old, bump) as unknown as D, old);
  }

  #put(doc: D, old: D | undefined): void {
    assertIndexable(this.#spec, doc);
    const entries = this.#entries(doc);
    if (old) {
      const kept = new Set(entries.map((entry) => JSON.stringify(entry)));
      for (const entry of this.#entries(old)) {
        if (!kept.has(JSON.stringify(entry))) this.#index.remove(entry);
      }
    }
    for (const entry of entries) this.#index.put(entry, null);
    this.#docs.put(doc.key, withoutUndefined(doc) as D);
  }

  #entries(doc: D, names = Object.keys(this.#spec.indexes)): IndexKey[] {
    return names.flatMap((name) => {
      const index = this.#spec.indexes[name];
      const entry = index && entryOf(name, index, doc);
      return entry ? [entry] : [];
    });
  }
}

function entryOf(name: string, index: IndexSpec, doc: Doc): IndexKey | undefined {
  const entry: IndexKey = [name];
  for (const field of [...index.eq, index.order]) {
    const value = fieldOf(doc, field);
    if (typeof value !== 'string' && typeof value !== 'boolean') return undefined;
    entry.push(value);
  }
  entry.push(doc.key);
  return entry;
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
function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUndefined);
  if (typeof value !== 'object' || value === null) return value;
  const clean: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    if (item !== undefined) clean[key] = withoutUndefined(item);
  }
  return clean;
}

function bumped(old: Doc | undefined, bump: Bump): Record<string, unknown> {
  const doc: Record<string, unknown> = old
    ? { ...old }
    : { ...bump.init, key: bump.key, version: 0 };
  for (const [field, by] of Object.entries(bump.add ?? {})) {
    doc[field] = ((doc[field] as number | undefined) ?? 0) + by;
  }
  for (const [field, value] of Object.entries(bump.min ?? {})) {
    const now = doc[field] as string | undefined;
    if (now === undefined || compareText(value, now) < 0) doc[field] = value;
  }
  for (const [field, value] of Object.entries(bump.max ?? {})) {
    const now = doc[field] as string | undefined;
    if (now === undefined || compareText(value, now) > 0) doc[field] = value;
  }
  return doc;
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
  mkdirSync(folder, { recursive: true, mode: 0o700 });
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
    async ping() {
      environment.assertOpen();
    },
    async close() {
      await environment.close();
      if (temporary) rmSync(folder, { recursive: true, force: true });
    },
  };
}
