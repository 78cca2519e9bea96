import { type Db, MongoClient, MongoParseError } from 'mongodb';
import { type Bounds, UNBOUNDED } from './bounds.ts';
import { assertFormat, STORE_FORMAT } from './format.ts';
import { MongoCollection } from './mongo-collection.ts';
import { MongoCommits } from './mongo-commit.ts';
import { codeOf, DUPLICATE_KEY, guarded } from './mongo-errors.ts';
import type { Row } from './mongo-rows.ts';
import { assertPromisesKept, databaseOf } from './mongo-url.ts';
import {
  type Collection,
  type CollectionSpec,
  type CommitResult,
  type Doc,
  type DocRef,
  type Store,
  type StoreEvents,
  StoreMisconfigured,
} from './port.ts';
import type { Write } from './writes.ts';

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
  readPreference: 'primary',
  writeConcern: { w: 'majority', journal: true },
  readConcern: { level: 'majority' },
} as const;

class MongoStore implements Store {
  readonly traits = { embedded: false };
  readonly #client: MongoClient;
  readonly #db: Db;
  readonly #commits: MongoCommits;
  readonly #events: StoreEvents;
  readonly #opened = new Set<string>();

  constructor(client: MongoClient, db: Db, events: StoreEvents) {
    this.#client = client;
    this.#db = db;
    this.#commits = new MongoCommits(client, db);
    this.#events = events;
  }

  async collection<D extends Doc>(spec: CollectionSpec<D>): Promise<Collection<D>> {
    const collection = new MongoCollection(this.#db, spec);
    const made = await collection.makeIndexes();
    if (made.length > 0) this.#events.indexesMade?.(spec.name, made);
    this.#opened.add(spec.name);
    return collection;
  }

  async commit(bounds: Bounds, writes: readonly Write[]): Promise<CommitResult> {
    for (const { collection } of writes) this.#assertOpened(collection);
    return this.#commits.commit(bounds, writes);
  }

  async versions(bounds: Bounds, refs: readonly DocRef[]): Promise<(number | undefined)[]> {
    bounds.assertWanted();
    const keys = new Map<string, Set<string>>();
    for (const { collection, key } of refs) {
      this.#assertOpened(collection);
      const named = keys.get(collection);
      if (named) named.add(key);
      else keys.set(collection, new Set([key]));
    }
    const marks = new Map<string, number>();
    const read = async (name: string, _ids: ReadonlySet<string>) => {
      const filter = { _id: { $in: [..._ids] } };
      const rows = await guarded(
        bounds,
        (bounded) =>
          this.#db
            .collection<Row>(name)
            .find(filter, { projection: { _write: 1 }, ...bounded })
            .toArray(),
        'repeatable',
      );
      for (const { _id, _write } of rows) marks.set(`${name} ${_id}`, _write);
    };
    await Promise.all([...keys].map(([name, ids]) => read(name, ids)));
    return refs.map(({ collection, key }) => marks.get(`${collection} ${key}`));
  }

  async ping(): Promise<void> {
    await guarded(UNBOUNDED, () => this.#db.command({ ping: 1 }));
  }

  async close(): Promise<void> {
    await this.#client.close();
  }

  #assertOpened(name: string): void {
    if (!this.#opened.has(name)) throw new RangeError(`the collection '${name}' is not open`);
  }
}

/**
 * Connects to a MongoDB, named by a `mongodb://` or `mongodb+srv://` URL whose
 * path is the database (`agent-api` when it names none).
 *
 * @throws StoreUnavailable when no server answers in time
 * @throws StoreMisconfigured when the driver accepts no such URL, an option contradicts the
 * store's promises, the server is no replica set, or the data is not of this version's format
 */
export async function openMongo(url: string, events: StoreEvents = {}): Promise<Store> {
  const { client, db } = await connectMongo(url);
  try {
    await settleFormat(db);
    return new MongoStore(client, db, events);
  } catch (error) {
    await client.close();
    throw error;
  }
}

/** See `openMongo`. Reads no data. */
export async function connectMongo(url: string): Promise<{ client: MongoClient; db: Db }> {
  assertPromisesKept(url);
  const client = clientOf(url);
  try {
    await guarded(UNBOUNDED, () => client.connect());
    const db = client.db(databaseOf(url) || 'agent-api');
    await assertReplicated(db);
    return { client, db };
  } catch (error) {
    await client.close();
    throw error;
  }
}

/** A standalone server has no transactions. */
async function assertReplicated(db: Db): Promise<void> {
  const hello = await guarded(UNBOUNDED, () => db.command({ hello: 1 }));
  // The second is what a router of a sharded cluster calls itself.
  if (hello.setName !== undefined || hello.msg === 'isdbgrid') return;
  throw new StoreMisconfigured(
    'the MongoDB of STORE_URL is a standalone server; a replica set is required (one member will do)',
  );
}

/** Notes the format in a new database. @throws StoreMisconfigured when the data is of another */
async function settleFormat(db: Db): Promise<void> {
  const store = db.collection<{ _id: string; number: number }>('_store');
  const found = await guarded(UNBOUNDED, () => store.findOne({ _id: 'format' }));
  if (found) return assertFormat(found.number);
  const names = await guarded(UNBOUNDED, () =>
    db.listCollections({}, { nameOnly: true }).toArray(),
  );
  if (names.some(({ name }) => name !== '_store' && !name.startsWith('system.'))) {
    assertFormat(undefined);
  }
  try {
    await guarded(UNBOUNDED, () => store.insertOne({ _id: 'format', number: STORE_FORMAT }));
  } catch (error) {
    if (codeOf(error) !== DUPLICATE_KEY) throw error;
    // Another process created the same store.
    const other = await guarded(UNBOUNDED, () => store.findOne({ _id: 'format' }));
    assertFormat(other?.number);
  }
}

function clientOf(url: string): MongoClient {
  try {
    return new MongoClient(url, OPTIONS);
  } catch (error) {
    // A message about the hosts could hold a password.
    const reason = error instanceof MongoParseError ? `: ${error.message}` : '';
    throw new StoreMisconfigured(`the MongoDB of STORE_URL cannot be used${reason}`);
  }
}
