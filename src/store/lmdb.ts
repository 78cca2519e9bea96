import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Bounds } from './bounds.ts';
import { makeFolder } from './folder.ts';
import { LmdbCollection } from './lmdb-collection.ts';
import { Environment } from './lmdb-environment.ts';
import { betweenTransactions } from './lmdb-turns.ts';
import type { CollectionSpec, CommitResult, Doc, DocRef, Store, StoreEvents } from './port.ts';
import { batchOf, type Write } from './writes.ts';

/** The embedded store: documents and indexes in LMDB. */
class LmdbStore implements Store {
  readonly traits = { embedded: true };
  readonly #environment: Environment;
  readonly #collections = new Map<string, LmdbCollection<Doc>>();
  readonly #events: StoreEvents;
  readonly #closed: () => void;

  constructor(folder: string, events: StoreEvents, closed: () => void) {
    this.#environment = new Environment(folder);
    this.#events = events;
    this.#closed = closed;
  }

  async collection<D extends Doc>(spec: CollectionSpec<D>): Promise<LmdbCollection<D>> {
    this.#environment.assertOpen();
    const collection = await betweenTransactions(
      this.#environment.folder,
      () => new LmdbCollection(this.#environment, spec),
    );
    const made = await collection.buildIndexes();
    if (made.length > 0) this.#events.indexesMade?.(spec.name, made);
    this.#collections.set(spec.name, collection as unknown as LmdbCollection<Doc>);
    return collection;
  }

  async commit(bounds: Bounds, writes: readonly Write[]): Promise<CommitResult> {
    const { collections, conditional, increments } = batchOf(writes);
    for (const name of collections) this.#opened(name);
    return this.#environment.write(bounds, () => {
      const changes = new Map<string, ReturnType<LmdbCollection<Doc>['incrementOf']>[]>(
        collections.map((name) => [name, []]),
      );
      for (const [i, write] of conditional) {
        const change = this.#opened(write.collection).changeOf(write);
        if (!change) return { committed: false, conflict: i };
        changes.get(write.collection)?.push(change);
      }
      for (const [name, list] of increments) {
        for (const it of list) changes.get(name)?.push(this.#opened(name).incrementOf(it));
      }
      for (const [name, list] of changes) this.#opened(name).apply(list);
      return { committed: true };
    });
  }

  versions(bounds: Bounds, refs: readonly DocRef[]): (number | undefined)[] {
    this.#environment.beginRead(bounds);
    return refs.map(({ collection, key }) => this.#opened(collection).versionOf(key));
  }

  async ping(): Promise<void> {
    this.#environment.assertOpen();
  }

  async close(): Promise<void> {
    await this.#environment.close();
    this.#closed();
  }

  #opened(name: string): LmdbCollection<Doc> {
    const collection = this.#collections.get(name);
    if (!collection) throw new RangeError(`the collection '${name}' is not open`);
    return collection;
  }
}

/**
 * Opens the embedded store in a folder, created when missing; `:memory:` is a
 * throw-away temporary folder that `close` removes.
 *
 * Several processes may open one folder, and one process several times.
 *
 * @throws StoreMisconfigured when the folder cannot be used, or holds what this version does not read
 */
export function openLmdb(path: string, events: StoreEvents = {}): Promise<Store> {
  const temporary = path === ':memory:';
  const folder = temporary ? mkdtempSync(join(tmpdir(), 'agent-api-')) : resolve(path);
  const closed = () => {
    if (temporary) rmSync(folder, { recursive: true, force: true });
  };
  return betweenTransactions(folder, () => {
    makeFolder(folder);
    return new LmdbStore(folder, events, closed);
  });
}
