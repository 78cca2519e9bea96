import { setTimeout as sleep } from 'node:timers/promises';
import {
  type AnyBulkWriteOperation,
  type ClientSession,
  type Db,
  type MongoClient,
  MongoError,
  type Collection as Native,
} from 'mongodb';
import type { Bounds } from './bounds.ts';
import {
  type Bounded,
  codeOf,
  DUPLICATE_KEY,
  guarded,
  meansUnavailable,
  withinBounds,
} from './mongo-errors.ts';
import { newMark, type Row, toRow } from './mongo-rows.ts';
import { type CommitResult, type Increment, StoreUnavailable } from './port.ts';
import {
  type Batch,
  batchOf,
  type Delete,
  type Insert,
  type Replace,
  type Write,
} from './writes.ts';

/** How long a commit is tried for work without a deadline. */
const MAX_COMMIT_MS = 15_000;
const MAX_BACKOFF_MS = 40;
const MAX_UPSERTS = 5;

const TRANSACTION = {
  readConcern: { level: 'snapshot' },
  writeConcern: { w: 'majority', journal: true },
  readPreference: 'primary',
} as const;

const COMMITTED: CommitResult = { committed: true };

/**
 * `Store.commit` on MongoDB: a plain write for a single document, else a transaction.
 *
 * Every document that is written carries the mark of its commit (`_write`): where the answer
 * was lost, reading by it shows whether the commit was made.
 */
export class MongoCommits {
  readonly #client: MongoClient;
  readonly #db: Db;

  constructor(client: MongoClient, db: Db) {
    this.#client = client;
    this.#db = db;
  }

  /** @throws StoreUnavailable when it is unknown whether it was committed */
  async commit(bounds: Bounds, writes: readonly Write[]): Promise<CommitResult> {
    const batch = batchOf(writes);
    const increments = [...batch.increments].flatMap(([name, list]) =>
      list.map((it) => [name, it] as const),
    );
    const [first] = batch.conditional;
    if (batch.conditional.length + increments.length > 1) {
      return new Transaction(this.#client, this.#db, bounds, batch).commit();
    }
    if (first) return (await this.#write(bounds, first[1])) ? COMMITTED : conflictAt(first[0]);
    for (const [name, increment] of increments) await this.#increment(bounds, name, increment);
    if (increments.length === 0) bounds.assertWanted();
    return COMMITTED;
  }

  #write(bounds: Bounds, write: Insert | Replace | Delete): Promise<boolean> {
    switch (write.verb) {
      case 'insert':
        return this.#insert(bounds, write);
      case 'replace':
        return this.#replace(bounds, write);
      case 'delete':
        return this.#delete(bounds, write);
    }
  }

  async #insert(bounds: Bounds, { collection, doc }: Insert): Promise<boolean> {
    const rows = this.#rows(collection);
    const row = toRow(doc, newMark());
    let attempts = 0;
    try {
      await guarded(
        bounds,
        (bounded) => {
          attempts += 1;
          return rows.insertOne(row, bounded);
        },
        'repeatable',
      );
      return true;
    } catch (error) {
      if (codeOf(error) === DUPLICATE_KEY) return wasMade(bounds, rows, row, attempts);
      throw error;
    }
  }

  async #replace(bounds: Bounds, { collection, doc, ifVersion }: Replace): Promise<boolean> {
    const rows = this.#rows(collection);
    const row = toRow(doc, newMark());
    const filter = { _id: doc.key, version: ifVersion };
    let attempts = 0;
    const result = await guarded(
      bounds,
      (bounded) => {
        attempts += 1;
        return rows.replaceOne(filter, row, bounded);
      },
      'repeatable',
    );
    return result.matchedCount === 1 || wasMade(bounds, rows, row, attempts);
  }

  /** A delete leaves nothing to recognise it by: where a version is given, only the driver repeats it. */
  async #delete(bounds: Bounds, { collection, key, ifVersion }: Delete): Promise<boolean> {
    const filter = ifVersion === undefined ? { _id: key } : { _id: key, version: ifVersion };
    const result = await guarded(
      bounds,
      (bounded) => this.#rows(collection).deleteOne(filter, bounded),
      ifVersion === undefined ? 'repeatable' : 'once',
    );
    return ifVersion === undefined || result.deletedCount === 1;
  }

  /** An increment that was made already is met by its own mark, and its key is taken then. */
  async #increment(bounds: Bounds, collection: string, increment: Increment): Promise<void> {
    const rows = this.#rows(collection);
    const mark = newMark();
    const { filter, update } = upsertOf(increment, mark);
    for (let attempt = 1; ; attempt += 1) {
      try {
        await guarded(
          bounds,
          (bounded) =>
            rows.updateOne({ ...filter, _write: { $ne: mark } }, update, {
              upsert: true,
              ...bounded,
            }),
          'repeatable',
        );
        return;
      } catch (error) {
        if (codeOf(error) !== DUPLICATE_KEY || attempt === MAX_UPSERTS) throw error;
        // Or two that create one document at once: it exists for the second now.
        if (await isMarked(bounds, rows, [increment.key], mark)) return;
      }
    }
  }

  #rows(collection: string): Native<Row> {
    return this.#db.collection<Row>(collection);
  }
}

/** One commit of several writes, attempted until it is made, conflicts, or time is up. */
class Transaction {
  readonly #client: MongoClient;
  readonly #db: Db;
  readonly #bounds: Bounds;
  readonly #batch: Batch;
  readonly #mark = newMark();
  readonly #until: number;
  /** The answer of a commit was lost, and nothing carries its mark. */
  #lost = false;

  constructor(client: MongoClient, db: Db, bounds: Bounds, batch: Batch) {
    this.#client = client;
    this.#db = db;
    this.#bounds = bounds;
    this.#batch = batch;
    this.#until = Math.min(bounds.deadline, performance.now() + MAX_COMMIT_MS);
  }

  async commit(): Promise<CommitResult> {
    for (;;) {
      const applied = await this.#attempt();
      if (applied === 'committed') return COMMITTED;
      if (applied === 'conflict') {
        // From an attempt whose answer was lost, or from another's write: it is unknown.
        if (this.#lost) throw doubtful();
        const conflict = await this.#firstConflict();
        if (conflict !== undefined) return conflictAt(conflict);
      }
      if (performance.now() > this.#until) throw contended();
      await sleep(Math.random() * MAX_BACKOFF_MS);
    }
  }

  async #attempt(): Promise<'committed' | 'conflict' | 'again'> {
    const session = this.#client.startSession({ defaultTransactionOptions: TRANSACTION });
    try {
      session.startTransaction();
      const applied = await this.#applied(session);
      if (applied) return await this.#finish(session);
      await session.abortTransaction();
      return applied === undefined ? 'again' : 'conflict';
    } catch (error) {
      if (session.inTransaction()) await session.abortTransaction().catch(() => undefined);
      throw meansUnavailable(error) ? unanswered(error) : error;
    } finally {
      await session.endSession();
    }
  }

  /** @returns false on a conflict, undefined when the server wants the transaction to be tried again */
  async #applied(session: ClientSession): Promise<boolean | undefined> {
    try {
      for (const name of this.#batch.collections) {
        const made = await withinBounds(this.#bounds, (bounded) =>
          this.#write(name, session, bounded),
        );
        if (!made) return false;
      }
      return true;
    } catch (error) {
      if (codeOf(error) === DUPLICATE_KEY) return false;
      if (isTransient(error)) return undefined;
      throw error;
    }
  }

  /** The writes of one collection. @returns false when the condition of one of them failed */
  async #write(name: string, session: ClientSession, bounded: Bounded): Promise<boolean> {
    const rows = this.#db.collection<Row>(name);
    const inserts: AnyBulkWriteOperation<Row>[] = [];
    const updates: AnyBulkWriteOperation<Row>[] = [];
    const deletes: AnyBulkWriteOperation<Row>[] = [];
    const removed: string[] = [];
    for (const [, write] of this.#batch.conditional) {
      if (write.collection !== name) continue;
      if (write.verb === 'insert') {
        inserts.push({ insertOne: { document: toRow(write.doc, this.#mark) } });
      } else if (write.verb === 'replace') {
        const filter = { _id: write.key, version: write.ifVersion };
        updates.push({ replaceOne: { filter, replacement: toRow(write.doc, this.#mark) } });
      } else if (write.ifVersion === undefined) {
        removed.push(write.key);
      } else {
        deletes.push({ deleteOne: { filter: { _id: write.key, version: write.ifVersion } } });
      }
    }
    for (const increment of this.#batch.increments.get(name) ?? []) {
      updates.push({ updateOne: { ...upsertOf(increment, this.#mark), upsert: true } });
    }
    const operations = [...inserts, ...updates, ...deletes];
    if (operations.length > 0) {
      const made = await rows.bulkWrite(operations, { session, ordered: true, ...bounded });
      if (made.matchedCount + made.upsertedCount !== updates.length) return false;
      if (made.deletedCount !== deletes.length) return false;
    }
    if (removed.length > 0) {
      await rows.deleteMany({ _id: { $in: removed } }, { session, ...bounded });
    }
    return true;
  }

  /** Commits, again where the answer is lost; the server commits a transaction once. */
  async #finish(session: ClientSession): Promise<'committed' | 'again'> {
    for (;;) {
      try {
        await withinBounds(this.#bounds, () => session.commitTransaction());
        return 'committed';
      } catch (error) {
        const unknown = hasLabel(error, 'UnknownTransactionCommitResult');
        if (!unknown && !isTransient(error) && !meansUnavailable(error)) throw error;
        if (await this.#isMade()) return 'committed';
        if (unknown && performance.now() < this.#until) continue;
        // A repetition meets its own writes by their conditions; without any it could write twice.
        this.#lost = true;
        if (this.#batch.conditional.some(isConditional)) return 'again';
        throw unanswered(error);
      }
    }
  }

  /** Whether anything carries the mark of this commit. */
  async #isMade(): Promise<boolean> {
    for (const name of this.#batch.collections) {
      const keys = this.#batch.conditional
        .filter(([, { collection, verb }]) => collection === name && verb !== 'delete')
        .map(([, { key }]) => key);
      keys.push(...(this.#batch.increments.get(name) ?? []).map(({ key }) => key));
      if (keys.length === 0) continue;
      if (await isMarked(this.#bounds, this.#db.collection<Row>(name), keys, this.#mark)) {
        return true;
      }
    }
    return false;
  }

  /** Undefined when, by now, no condition fails. */
  async #firstConflict(): Promise<number | undefined> {
    const versions = new Map<string, number>();
    for (const name of this.#batch.collections) {
      const keys = this.#batch.conditional
        .filter(([, { collection }]) => collection === name)
        .map(([, { key }]) => key);
      const rows = await guarded(
        this.#bounds,
        (bounded) =>
          this.#db
            .collection<Row>(name)
            .find({ _id: { $in: keys } }, { projection: { version: 1 }, ...bounded })
            .toArray(),
        'repeatable',
      );
      for (const { _id, version } of rows) versions.set(`${name} ${_id}`, version);
    }
    return this.#batch.conditional.find(([, write]) => {
      const version = versions.get(`${write.collection} ${write.key}`);
      if (write.verb === 'insert') return version !== undefined;
      return write.ifVersion !== undefined && version !== write.ifVersion;
    })?.[0];
  }
}

function isConditional([, write]: Batch['conditional'][number]): boolean {
  return write.verb === 'insert' || write.ifVersion !== undefined;
}

function conflictAt(conflict: number): CommitResult {
  return { committed: false, conflict };
}

/**
 * Whether a write met itself, made by an attempt whose answer was lost.
 *
 * @throws StoreUnavailable when it is unknown: an attempt was lost, and the document was
 * written again, over that attempt or instead of it
 */
async function wasMade(
  bounds: Bounds,
  rows: Native<Row>,
  { _id, _write }: Row,
  attempts: number,
): Promise<boolean> {
  // The driver repeats a command once by itself, and not every server recognises that.
  if (await isMarked(bounds, rows, [_id], _write)) return true;
  if (attempts > 1) throw doubtful();
  return false;
}

async function isMarked(
  bounds: Bounds,
  rows: Native<Row>,
  keys: readonly string[],
  mark: number,
): Promise<boolean> {
  const found = await guarded(
    bounds,
    (bounded) =>
      rows.findOne(
        { _id: { $in: [...keys] }, _write: mark },
        { projection: { _id: 1 }, ...bounded },
      ),
    'repeatable',
  );
  return found !== null;
}

function upsertOf({ key, init, add, min, max }: Increment, mark: number) {
  return {
    filter: { _id: key },
    update: {
      $setOnInsert: { ...init, version: 0 },
      $set: { _write: mark },
      ...(add && { $inc: add }),
      ...(min && { $min: min }),
      ...(max && { $max: max }),
    },
  };
}

/** The server took the transaction back, and asks for it to be tried again. */
function isTransient(error: unknown): boolean {
  return hasLabel(error, 'TransientTransactionError');
}

function hasLabel(error: unknown, label: string): boolean {
  return error instanceof MongoError && error.hasErrorLabel(label);
}

function unanswered(cause: unknown): StoreUnavailable {
  return new StoreUnavailable('the store does not answer', { cause });
}

function contended(): StoreUnavailable {
  return new StoreUnavailable('too many writes of the same documents at once');
}

function doubtful(): StoreUnavailable {
  return new StoreUnavailable('the store did not answer, and the write may have been made');
}
