import { chmodSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Database, type Key, open, type RootDatabase } from 'lmdb';
import { type Bounds, UNBOUNDED } from './bounds.ts';
import { assertFormat, STORE_FORMAT } from './format.ts';
import { DocumentCache, type Stored } from './lmdb-cache.ts';
import { GroupCommit } from './lmdb-commit.ts';
import { assertIntact, DATA_FILE, LOCK_FILE } from './lmdb-file.ts';
import { LmdbIndex } from './lmdb-index.ts';
import { type Doc, type IndexSpec, StoreMisconfigured, StoreUnavailable } from './port.ts';

const MAX_DATABASES = 512;
/** The database of what the store notes of itself: its format, and each collection's indexes. */
const STORE = 'store';
const FORMAT = 'format';

/** How each of some indexes of a collection was declared, as JSON. */
export type DeclaredIndexes = readonly (readonly [name: string, spec: string])[];

/** Indexes of a collection that are being built. */
export interface IndexBuild {
  readonly indexes: DeclaredIndexes;
  /** The key of the last document that has its entries. */
  readonly after: string;
}

/** One opening of a folder. */
export class Environment {
  readonly cache = new DocumentCache();
  readonly folder: string;
  readonly #root: RootDatabase;
  readonly #readOnly: boolean;
  readonly #writes: GroupCommit;
  readonly #store: Database;
  /** Those that store the shapes of their values. */
  readonly #shaped: Database[] = [];
  /** Written by the transaction that is under way; kept once it is committed. */
  readonly #written: [collection: string, stored: Stored][] = [];
  #stamp = 0;
  #closed = false;

  /**
   * @param options.readOnly for a folder that contains a store: nothing is written to its data
   * @throws StoreMisconfigured
   */
  constructor(folder: string, { readOnly = false } = {}) {
    this.folder = folder;
    this.#readOnly = readOnly;
    const files = [DATA_FILE, LOCK_FILE].map((name) => join(folder, name));
    const created = files.filter((file) => !existsSync(file));
    assertIntact(folder);
    this.#root = openRoot(folder, readOnly);
    for (const file of created) chmodSync(file, 0o600);
    this.#store = this.#openStore(readOnly);
    this.#writes = new GroupCommit(folder, this.#root, {
      began: () => {
        this.#written.length = 0;
        this.#stamp = this.#root.getWriteTxnId();
      },
      committed: () => {
        for (const [collection, stored] of this.#written) this.cache.keep(collection, stored);
        this.#written.length = 0;
        this.#stamp = 0;
      },
      takenBack: () => {
        this.#written.length = 0;
        this.#stamp = 0;
        for (const database of this.#shaped) reloadStructures(database);
      },
    });
  }

  /** @throws StoreMisconfigured when what is stored is not of this version's format */
  #openStore(readOnly: boolean): Database {
    const names = () => this.databases();
    try {
      if (readOnly && !names().includes(STORE)) assertFormat(undefined);
      // Nothing is written among data that is not ours.
      if (names().length > 0 && !names().includes(STORE)) assertFormat(undefined);
      const store = this.#root.openDB({ name: STORE });
      // Another process may create the same store: the first decides.
      if (!readOnly) {
        this.#root.transactionSync(() => {
          if (names().length === 1 && !store.doesExist(FORMAT)) store.put(FORMAT, STORE_FORMAT);
        });
      }
      assertFormat(store.get(FORMAT));
      return store;
    } catch (error) {
      void this.#root.close();
      throw error;
    }
  }

  /** The names of all databases. */
  databases(): readonly string[] {
    return [...this.#root.getKeys({ limit: MAX_DATABASES })].map(String);
  }

  /** The bytes of the pages that contain data. */
  usedBytes(): number {
    const databases = this.databases().map((name) => this.#root.openDB({ name }));
    // The tree of the free pages is one too; the two first pages belong to none.
    const { root, free, pageSize } = this.#root.getStats() as EnvironmentStats;
    const trees = [root, free, ...databases.map((database) => database.getStats() as TreeStats)];
    return pageSize * trees.reduce((sum, tree) => sum + pagesOf(tree), 2);
  }

  /** How many slots of the lock file's readers are in use, those of dead processes left out. */
  readers(): { readonly count: number; readonly max: number } {
    this.#root.readerCheck();
    const { maxReaders } = this.#root.getStats() as EnvironmentStats;
    // A header, then a line for each.
    const count = this.#root.readerList().trim().split('\n').length - 1;
    return { count, max: maxReaders };
  }

  /** Copies one state of all data, compacted, into an existing folder, as the data file of a store. */
  async copyTo(folder: string): Promise<void> {
    await this.#root.backup(folder, true);
  }

  /** The database of a collection's documents; their shapes are stored once, apart from them. */
  openDocs<D extends Doc>(name: string): Database<D, string> {
    return this.#openShaped({ name: `${name}.docs`, useVersions: true });
  }

  /** The database of what is stored apart of a collection's documents. */
  openParts<K extends Key>(name: string): Database<unknown, K> {
    return this.#openShaped({ name: `${name}.parts` });
  }

  #openShaped<V, K extends Key>(options: { name: string; useVersions?: true }): Database<V, K> {
    const shaped = {
      ...options,
      sharedStructuresKey: Symbol.for('structures'),
      // An option of the decoder: documents that are read are shared.
      freezeData: true,
    };
    const database = this.#root.openDB<V, K>(shaped);
    this.#shaped.push(database);
    return database;
  }

  openIndex(collection: string, name: string, spec: IndexSpec): LmdbIndex {
    return new LmdbIndex(spec, this.#root.openDB({ name: `${collection}.index.${name}` }));
  }

  /** The complete indexes of a collection, as they were declared when they were built. */
  madeIndexes(collection: string): DeclaredIndexes {
    return (this.#store.get(`indexes ${collection}`) as DeclaredIndexes | undefined) ?? [];
  }

  /** Inside a write. */
  noteIndexes(collection: string, made: DeclaredIndexes): void {
    this.#store.put(`indexes ${collection}`, made);
  }

  buildOf(collection: string): IndexBuild | undefined {
    return this.#store.get(`build ${collection}`) as IndexBuild | undefined;
  }

  /** Inside a write. */
  noteBuild(collection: string, build: IndexBuild | undefined): void {
    if (build) this.#store.put(`build ${collection}`, build);
    else this.#store.remove(`build ${collection}`);
  }

  /**
   * To be called before each read: rejects it where nobody waits for it, and begins a snapshot
   * of its own, which holds all that any process has committed.
   */
  beginRead(bounds: Bounds): void {
    bounds.assertWanted();
    this.assertOpen();
    this.#root.resetReadTxn();
  }

  /** Runs a job in a transaction that it may share with others. Durable when it resolves. */
  write<T>(bounds: Bounds, job: () => T): Promise<T> {
    if (this.#closed) return Promise.reject(closed());
    // LMDB's transaction would never end.
    if (this.#readOnly) return Promise.reject(new StoreUnavailable('the store is read only'));
    return this.#writes.run(bounds, job);
  }

  /** Inside a write: the number of its transaction, which no other has or ever had; else 0. */
  get stamp(): number {
    return this.#stamp;
  }

  /** Inside a write: keeps a document once that is committed. */
  keep(collection: string, stored: Stored): void {
    this.#written.push([collection, stored]);
  }

  assertOpen(): void {
    if (this.#closed) throw closed();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    // Behind every write that was accepted.
    if (!this.#readOnly) await this.#writes.run(UNBOUNDED, () => undefined);
    await this.#root.close();
  }
}

/** @throws StoreMisconfigured */
function openRoot(folder: string, readOnly: boolean): RootDatabase {
  try {
    return open({
      path: folder,
      readOnly,
      // Or a dot in the folder's name would make it a file's.
      noSubdir: false,
      maxDbs: MAX_DATABASES,
      // A commit must not return before its sync.
      overlappingSync: false,
      // Its batches have a promise that nobody sees: where their commit fails, as on a full disk,
      // an unhandled rejection would end the process.
      eventTurnBatching: false,
    });
  } catch (error) {
    throw new StoreMisconfigured(
      `the folder of STORE_URL cannot be used: ${(error as Error).message}`,
      { cause: error },
    );
  }
}

/**
 * A transaction that was taken back leaves the encoder's shapes ahead of those on disk: what is
 * written by them could not be read again, and another process may store others under the same
 * numbers. Emptied and marked like this, msgpackr loads them before its next read and write.
 */
function reloadStructures(database: Database): void {
  const { encoder } = database as unknown as { encoder: { structures: Structures } };
  const structures: Structures = [];
  structures.uninitialized = true;
  encoder.structures = structures;
}

interface TreeStats {
  readonly treeBranchPageCount: number;
  readonly treeLeafPageCount: number;
  readonly overflowPages: number;
}

/** The types of lmdb do not show it. */
interface EnvironmentStats {
  readonly root: TreeStats;
  readonly free: TreeStats;
  readonly pageSize: number;
  readonly maxReaders: number;
}

function pagesOf({ treeBranchPageCount, treeLeafPageCount, overflowPages }: TreeStats): number {
  return treeBranchPageCount + treeLeafPageCount + overflowPages;
}

type Structures = unknown[] & { uninitialized?: boolean };

function closed(): StoreUnavailable {
  return new StoreUnavailable('the store is closed');
}
