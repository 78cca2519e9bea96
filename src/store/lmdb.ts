import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Database, open, type RootDatabase } from 'lmdb';
import {
  type Bump,
  type Collection,
  type CollectionSpec,
  type Doc,
  fieldOf,
  type IndexSpec,
  indexOf,
  type Page,
  pageOf,
  type Store,
  StoreUnavailable,
  type Walk,
} from './port.ts';

type IndexKey = (string | boolean)[];

/** Sorts behind every string that an index orders by. */
const HIGHEST = '\u{10ffff}\u{10ffff}';
const COLLECTIONS_AT_MOST = 64;

/**
 * Writes from many requests share one transaction, so one sync to disk.
 *
 * Each job reads, decides and puts inside the transaction; it must decide
 * before its first put, so that a job which throws has written nothing. A
 * transaction is committed synchronously, sync included: when `run` resolves,
 * the write is on disk.
 */
class GroupCommit {
  #jobs: { run: () => unknown; done: (value: never) => void; failed: (error: unknown) => void }[] =
    [];
  #scheduled = false;
  readonly #root: RootDatabase;

  constructor(root: RootDatabase) {
    this.#root = root;
  }

  run<T>(job: () => T): Promise<T> {
    return new Promise<T>((done, failed) => {
      this.#jobs.push({ run: job, done, failed });
      if (this.#scheduled) return;
      this.#scheduled = true;
      setImmediate(() => this.#commit());
    });
  }

  #commit(): void {
    const jobs = this.#jobs;
    this.#jobs = [];
    this.#scheduled = false;
    const settle: (() => void)[] = [];
    try {
      this.#root.transactionSync(() => {
        for (const job of jobs) {
          try {
            const value = job.run() as never;
            settle.push(() => job.done(value));
          } catch (error) {
            settle.push(() => job.failed(error));
          }
        }
      });
    } catch (error) {
      const unavailable = new StoreUnavailable('the store could not commit', { cause: error });
      for (const job of jobs) job.failed(unavailable);
      return;
    }
    for (const answer of settle) answer();
  }
}

class LmdbCollection<D extends Doc> implements Collection<D> {
  readonly #spec: CollectionSpec<D>;
  readonly #docs: Database<D, string>;
  readonly #index: Database<null, IndexKey>;
  readonly #writes: GroupCommit;

  constructor(root: RootDatabase, writes: GroupCommit, spec: CollectionSpec<D>) {
    this.#spec = spec;
    this.#writes = writes;
    this.#docs = root.openDB({
      name: spec.name,
      sharedStructuresKey: Symbol.for('structures'),
    });
    this.#index = root.openDB({ name: `${spec.name}.index` });
  }

  async get(key: string, fields?: readonly string[]): Promise<D | undefined> {
    const doc = this.#docs.get(key);
    return doc && project(doc, fields);
  }

  async getMany(keys: readonly string[], fields?: readonly string[]): Promise<(D | undefined)[]> {
    return keys.map((key) => {
      const doc = this.#docs.get(key);
      return doc && project(doc, fields);
    });
  }

  insert(doc: D): Promise<boolean> {
    return this.#writes.run(() => {
      if (this.#docs.doesExist(doc.key)) return false;
      this.#put(doc, undefined);
      return true;
    });
  }

  replace(doc: D, ifVersion: number): Promise<boolean> {
    return this.#writes.run(() => {
      const old = this.#docs.get(doc.key);
      if (old?.version !== ifVersion) return false;
      this.#put(doc, old);
      return true;
    });
  }

  delete(key: string, ifVersion?: number): Promise<boolean> {
    return this.#writes.run(() => {
      const old = this.#docs.get(key);
      if (!old || (ifVersion !== undefined && old.version !== ifVersion)) return false;
      for (const entry of this.#entries(old)) this.#index.remove(entry);
      this.#docs.remove(key);
      return true;
    });
  }

  async walk(walk: Walk): Promise<Page<D>> {
    const index = indexOf(this.#spec, walk);
    const prefix: IndexKey = [walk.index, ...walk.eq];
    const low = [...prefix, walk.from ?? ''];
    const high = [...prefix, walk.before ?? HIGHEST];
    const at = walk.after && [...prefix, walk.after.order, walk.after.key];
    const range = walk.reverse
      ? { start: at ?? high, end: low, reverse: true, inclusiveEnd: true, exclusiveStart: true }
      : { start: at ?? low, end: high, exclusiveStart: at !== undefined };
    const docs: D[] = [];
    for (const entry of this.#index.getKeys({ ...range, limit: walk.limit + 1 })) {
      const doc = this.#docs.get(entry.at(-1) as string);
      if (doc) docs.push(project(doc, walk.fields && [...walk.fields, index.order]));
    }
    return pageOf(docs, walk.limit, index.order);
  }

  bump(bumps: readonly Bump[]): Promise<void> {
    return this.#writes.run(() => {
      for (const bump of bumps) {
        const old = this.#docs.get(bump.key);
        this.#put(bumped(old, bump) as unknown as D, old);
      }
    });
  }

  #put(doc: D, old: D | undefined): void {
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

  #entries(doc: D): IndexKey[] {
    return Object.entries(this.#spec.indexes).flatMap(([name, index]) => {
      const entry = entryOf(name, index, doc);
      return entry ? [entry] : [];
    });
  }
}

function entryOf(name: string, index: IndexSpec, doc: Doc): IndexKey | undefined {
  const values = [...index.eq, index.order].map((field) => fieldOf(doc, field));
  if (!values.every((value) => typeof value === 'string' || typeof value === 'boolean')) {
    return undefined;
  }
  return [name, ...values, doc.key];
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
    if (now === undefined || value < now) doc[field] = value;
  }
  for (const [field, value] of Object.entries(bump.max ?? {})) {
    const now = doc[field] as string | undefined;
    if (now === undefined || value > now) doc[field] = value;
  }
  return doc;
}

/**
 * Opens the embedded store in a folder, made when missing; `:memory:` is a
 * throw-away temporary folder that `close` removes.
 *
 * Several processes may open one folder.
 */
export function openLmdb(path: string): Store {
  const temporary = path === ':memory:';
  const folder = temporary ? mkdtempSync(join(tmpdir(), 'agent-api-')) : path;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const root = open({
    path: folder,
    maxDbs: 2 * COLLECTIONS_AT_MOST,
    // A commit must not return before its sync.
    overlappingSync: false,
  });
  const writes = new GroupCommit(root);
  let closed = false;
  return {
    collection: async (spec) => new LmdbCollection(root, writes, spec),
    async ping() {
      if (closed) throw new StoreUnavailable('the store is closed');
    },
    async close() {
      if (closed) return;
      await writes.run(() => undefined);
      closed = true;
      await root.close();
      if (temporary) rmSync(folder, { recursive: true, force: true });
    },
  };
}
