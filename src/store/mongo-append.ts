import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type AnyBulkWriteOperation,
  type Db,
  type Document,
  MongoBulkWriteError,
  type Collection as Native,
} from 'mongodb';
import { UNBOUNDED } from './bounds.ts';
import { DUPLICATE_KEY, guarded } from './mongo-errors.ts';
import {
  type Increment,
  mergedIncrements,
  StoreUnavailable,
  type SummaryIncrement,
} from './port.ts';

/** As stored: `key` is `_id`. */
export interface Row extends Document {
  _id: string;
  version: number;
  /** Names the write that the row is from: a write whose answer was lost can be made again. */
  _write?: string;
}

export interface RowToAppend {
  readonly row: Row;
  readonly increments: readonly SummaryIncrement[];
}

/** One append, written down in full before any of it is done. */
interface Intent {
  _id: string;
  collection: string;
  /** When whoever works on it began, ISO-8601. */
  takenAt: string;
  /** `applied` once every increment is made. */
  state: 'open' | 'applied';
  entries: readonly RowToAppend[];
}

/** Holds what is under way and what was left behind, and so is never long: it has no index. */
const INTENTS = '_appends';
/** An intent is a document, and MongoDB takes 16 MB; BSON is little longer than JSON. */
const MAX_INTENT_JSON = 6 * 1024 * 1024;
const MAX_INTENT_ENTRIES = 2_000;
/** Nobody works on an intent for so long: it was left behind. */
const LEASE_MS = 30_000;
const RECOVER_EVERY_MS = 5_000;
const RECOVERED_AT_ONCE = 20;
const MAX_ATTEMPTS = 30;
const MAX_BACKOFF_MS = 25;

/**
 * `Collection.append` without transactions, as a redo journal:
 *
 * 1. An intent holds the documents and their increments.
 * 2. The documents are inserted, marked with the intent's id. Those that carry
 *    its mark in the end are the new ones: a key that was taken keeps its own.
 * 3. The increments of exactly these are made. Each summary is read, then the intent;
 *    only while the intent is open is the summary incremented, only where it is still
 *    as it was read (`_rev`), and it notes the intent's id with the increment.
 * 4. The intent becomes `applied`, the notes go, and then the intent.
 *
 * What `#apply` notes is this: `_rev` counts the increments of a summary made here, `_applied`
 * names the intents that incremented it and have not ended.
 *
 * Every step may be done twice, by anyone, at any time: an insert finds its
 * key taken, a increment finds its note; and once the notes are gone the intent is no
 * longer open, which whoever comes late finds before its write, or else its
 * write finds another `_rev`. So an intent that was left behind is simply done
 * again from its first step, and a process that was only slow harms nothing:
 * the lease spares work, correctness does not hang on it.
 */
export class AppendJournal {
  readonly #db: Db;
  readonly #intents: Native<Intent>;
  readonly #opened = new Map<string, { recoveredAt: number }>();

  constructor(db: Db) {
    this.#db = db;
    this.#intents = db.collection<Intent>(INTENTS);
  }

  /** Makes a collection known, and completes what was left behind in it. */
  async open(name: string): Promise<void> {
    if (!this.#opened.has(name)) this.#opened.set(name, { recoveredAt: 0 });
    await this.#recover(name);
  }

  /** @throws RangeError when a incremented collection was not opened */
  async append(collection: string, entries: readonly RowToAppend[]): Promise<number> {
    for (const increment of entries.flatMap(({ increments }) => increments)) {
      if (!this.#opened.has(increment.collection)) {
        throw new RangeError(`the collection '${increment.collection}' is not open`);
      }
    }
    await this.#recover(collection);
    let fresh = 0;
    for (const part of parts(entries)) {
      const intent: Intent = {
        _id: randomUUID(),
        collection,
        takenAt: new Date().toISOString(),
        state: 'open',
        entries: part,
      };
      await guarded(UNBOUNDED, (bounded) => this.#intents.insertOne(intent, bounded));
      fresh += await this.#complete(intent);
    }
    return fresh;
  }

  /** Takes up, now and then, what was left behind. */
  async #recover(collection: string): Promise<void> {
    const opened = this.#opened.get(collection);
    const now = Date.now();
    if (!opened || now - opened.recoveredAt < RECOVER_EVERY_MS) return;
    opened.recoveredAt = now;
    const before = new Date(now - LEASE_MS).toISOString();
    const left = await guarded(UNBOUNDED, (bounded) =>
      this.#intents
        .find({ collection, takenAt: { $lt: before } }, bounded)
        .limit(RECOVERED_AT_ONCE)
        .toArray(),
    );
    for (const intent of left) {
      const { _id, takenAt } = intent;
      const took = await guarded(UNBOUNDED, (bounded) =>
        this.#intents.updateOne(
          { _id, takenAt },
          { $set: { takenAt: new Date().toISOString() } },
          bounded,
        ),
      );
      if (took.matchedCount === 1) await this.#complete(intent);
    }
  }

  /** @returns how many of its documents were new */
  async #complete(intent: Intent): Promise<number> {
    const fresh = await this.#insert(intent);
    const increments = mergedIncrements(fresh.flatMap((entry) => entry.increments));
    const byCollection = new Map<string, SummaryIncrement[]>();
    for (const increment of increments) {
      const group = byCollection.get(increment.collection);
      if (group) group.push(increment);
      else byCollection.set(increment.collection, [increment]);
    }
    if (intent.state === 'open') {
      for (const [name, group] of byCollection) await this.#apply(intent._id, name, group);
      await guarded(UNBOUNDED, (bounded) =>
        this.#intents.updateOne({ _id: intent._id }, { $set: { state: 'applied' } }, bounded),
      );
    }
    for (const [name, group] of byCollection) {
      const _id = { $in: group.map(({ key }) => key) };
      await guarded(UNBOUNDED, (bounded) =>
        this.#summaries(name).updateMany(
          { _id },
          { $pull: { _applied: intent._id } as Document },
          bounded,
        ),
      );
    }
    await guarded(UNBOUNDED, (bounded) => this.#intents.deleteOne({ _id: intent._id }, bounded));
    return fresh.length;
  }

  /** @returns the entries whose documents carry the intent's mark */
  async #insert({ _id: mark, collection, entries }: Intent): Promise<readonly RowToAppend[]> {
    const rows = this.#db.collection<Row>(collection);
    const marked = entries.map(({ row }) => ({ ...row, _append: mark }));
    const taken = await takenIn(() =>
      guarded(UNBOUNDED, (bounded) => rows.insertMany(marked, { ordered: false, ...bounded })),
    );
    if (taken.size === 0) return entries;
    const keys = [...taken].map((i) => entries[i]?.row._id ?? '');
    const ours = await guarded(UNBOUNDED, (bounded) =>
      rows
        .find({ _id: { $in: keys }, _append: mark }, { projection: { _id: 1 }, ...bounded })
        .toArray(),
    );
    const again = new Set(ours.map(({ _id }) => _id));
    return entries.filter(({ row }, i) => !taken.has(i) || again.has(row._id));
  }

  async #apply(intent: string, name: string, increments: readonly Increment[]): Promise<void> {
    const summaries = this.#summaries(name);
    let pending = increments;
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
      const _id = { $in: pending.map(({ key }) => key) };
      const read = await guarded(UNBOUNDED, (bounded) =>
        summaries.find({ _id }, { projection: { _rev: 1, _applied: 1 }, ...bounded }).toArray(),
      );
      const byKey = new Map(read.map((summary) => [summary._id, summary]));
      pending = pending.filter(({ key }) => !byKey.get(key)?._applied?.includes(intent));
      // Read after the summaries: whoever ended the intent has incremented them all.
      if (pending.length === 0 || !(await this.#isOpen(intent))) return;
      const writes = pending.map((increment) =>
        writeOf(increment, byKey.get(increment.key), intent),
      );
      let made = 0;
      await takenIn(async () => {
        const result = await guarded(UNBOUNDED, (bounded) =>
          summaries.bulkWrite(writes, { ordered: false, ...bounded }),
        );
        made = result.matchedCount + result.insertedCount;
      });
      if (made === writes.length) return;
      await sleep(Math.random() * MAX_BACKOFF_MS);
    }
    // The intent stays, and is completed later.
    throw new StoreUnavailable('too many writes of the same summaries at once');
  }

  async #isOpen(intent: string): Promise<boolean> {
    const found = await guarded(UNBOUNDED, (bounded) =>
      this.#intents.findOne({ _id: intent, state: 'open' }, { projection: { _id: 1 }, ...bounded }),
    );
    return found !== null;
  }

  #summaries(name: string): Native<Row> {
    return this.#db.collection<Row>(name);
  }
}

/** A document without what the store notes in it. */
export function withoutMarks(row: Document): Document {
  const { _append, _rev, _applied, _write, ...rest } = row;
  return rest;
}

function writeOf(
  { key, init, add, min, max }: Increment,
  read: Row | undefined,
  intent: string,
): AnyBulkWriteOperation<Row> {
  if (!read) {
    const made = { ...init, ...add, ...min, ...max };
    const document = { ...made, _id: key, version: 0, _rev: 1, _applied: [intent] };
    return { insertOne: { document } };
  }
  return {
    updateOne: {
      // `null` also stands for a summary that was never incremented here.
      filter: { _id: key, _rev: read._rev ?? null },
      update: {
        $inc: { ...add, _rev: 1 },
        ...(min && { $min: min }),
        ...(max && { $max: max }),
        $push: { _applied: intent } as Document,
      },
    },
  };
}

/** The operations of an unordered bulk that found their key taken. */
async function takenIn(bulk: () => Promise<unknown>): Promise<ReadonlySet<number>> {
  try {
    await bulk();
    return new Set();
  } catch (error) {
    if (!(error instanceof MongoBulkWriteError)) throw error;
    const failures = [error.writeErrors].flat();
    if (failures.some(({ code }) => code !== DUPLICATE_KEY)) throw error;
    return new Set(failures.map(({ index }) => index));
  }
}

/** Entries in parts that an intent can hold. */
function* parts(entries: readonly RowToAppend[]): Generator<RowToAppend[]> {
  let part: RowToAppend[] = [];
  let length = 0;
  for (const entry of entries) {
    const json = JSON.stringify(entry).length;
    const full = length + json > MAX_INTENT_JSON || part.length >= MAX_INTENT_ENTRIES;
    if (full && part.length > 0) {
      yield part;
      part = [];
      length = 0;
    }
    part.push(entry);
    length += json;
  }
  if (part.length > 0) yield part;
}
