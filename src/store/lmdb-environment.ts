import { chmodSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Database, open, type RootDatabase } from 'lmdb';
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

/** How each index of a collection was declared when its entries were made. */
type MadeIndexes = readonly (readonly [name: string, spec: string])[];

/** One opening of a folder. */
export class Environment {
  readonly cache = new DocumentCache();
  readonly #root: RootDatabase;
  readonly #writes: GroupCommit;
  readonly #store: Database;
  readonly #docs: Database[] = [];
  /** Written by the transaction that is under way; kept once it is committed. */
  readonly #written: [collection: string, stored: Stored][] = [];
  #stamp = 0;
  #closed = false;

  /** @throws StoreMisconfigured */
  constructor(folder: string) {
    const files = [DATA_FILE, LOCK_FILE].map((name) => join(folder, name));
    const created = files.filter((file) => !existsSync(file));
    assertIntact(folder);
    this.#root = openRoot(folder);
    for (const file of created) chmodSync(file, 0o600);
    this.#store = this.#openStore();
    this.#writes = new GroupCommit(this.#root, {
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
        for (const docs of this.#docs) reloadStructures(docs);
      },
    });
  }

  /** @throws StoreMisconfigured when what is stored is not of this version's format */
  #openStore(): Database {
    const names = () => [...this.#root.getKeys({ limit: MAX_DATABASES })].map(String);
    try {
      // Nothing is written among data that is not ours.
      if (names().length > 0 && !names().includes(STORE)) assertFormat(undefined);
      const store = this.#root.openDB({ name: STORE });
      // Another process may create the same store: the first decides.
      this.#root.transactionSync(() => {
        if (names().length === 1 && !store.doesExist(FORMAT)) store.put(FORMAT, STORE_FORMAT);
      });
      assertFormat(store.get(FORMAT));
      return store;
    } catch (error) {
      void this.#root.close();
      throw error;
    }
  }

  /** The database of a collection's documents; their shapes are stored once, apart from them. */
  openDocs<D extends Doc>(name: string): Database<D, string> {
    const options = {
      name: `${name}.docs`,
      useVersions: true,
      sharedStructuresKey: Symbol.for('structures'),
      // An option of the decoder: documents that are read are shared.
      freezeData: true,
    };
    const docs = this.#root.openDB<D, string>(options);
    this.#docs.push(docs);
    return docs;
  }

  openIndex(collection: string, name: string, spec: IndexSpec): LmdbIndex {
    return new LmdbIndex(spec, this.#root.openDB({ name: `${collection}.index.${name}` }));
  }

  madeIndexes(collection: string): MadeIndexes {
    return (this.#store.get(`indexes ${collection}`) as MadeIndexes | undefined) ?? [];
  }

  /** Inside a write. */
  noteIndexes(collection: string, made: MadeIndexes): void {
    this.#store.put(`indexes ${collection}`, made);
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
    await this.#writes.run(UNBOUNDED, () => undefined);
    await this.#root.close();
  }
}

/** @throws StoreMisconfigured */
function openRoot(folder: string): RootDatabase {
  try {
    return open({
      path: folder,
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
function reloadStructures(docs: Database): void {
  const { encoder } = docs as unknown as { encoder: { structures: Structures } };
  const structures: Structures = [];
  structures.uninitialized = true;
  encoder.structures = structures;
}

type Structures = unknown[] & { uninitialized?: boolean };

function closed(): StoreUnavailable {
  return new StoreUnavailable('the store is closed');
}
