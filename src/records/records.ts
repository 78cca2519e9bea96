import { setTimeout as sleep } from 'node:timers/promises';
import { DomainError } from '../domain/errors.ts';
import type { NewEvent } from '../domain/events.ts';
import type { Collection, Doc, RangeScan } from '../store/port.ts';
import type { Work } from '../work.ts';
import { KeyedQueue } from './keyed-queue.ts';
import type { Outbox, OutboxFields, OutboxSource } from './outbox.ts';
import { purgeAll } from './purge.ts';

/** A document whose writes are counted and dated. */
export interface RecordDoc extends Doc {
  readonly updatedAt: string;
}

/** What records with events need. */
export interface RecordEvents<D> {
  readonly outbox: Outbox;
  /** What the purge needs to know of a removed document. */
  readonly remains?: (doc: D) => unknown;
  /** See `OutboxSource.purge`; it is given what `remains` answered. */
  readonly purge?: (work: Work, remains: unknown, signal: AbortSignal) => Promise<void>;
}

/** The events of a change. */
export type EventsOf<D> = (before: D, after: D) => readonly NewEvent[];

const MAX_ATTEMPTS = 20;
const MAX_BACKOFF_MS = 20;
const MAX_WAITING_EVENTS = 2_000;
/** Most purges are through by then. */
const TOMBSTONE_WAIT_MS = 3_000;
const TOMBSTONE_LOOK_MS = 25;

/**
 * Documents that are changed as a whole under their version: read, apply a pure
 * function, replace where the version is still the one that was read.
 *
 * A change's events go into the document itself, in the same write (see
 * outbox.ts). A record that is removed with events, or that has something to be
 * purged, leaves a tombstone: it is in no index but the outbox's, reads as
 * absent, and keeps its key taken until its events are out and its purge is done.
 */
export class Records<D extends RecordDoc> {
  readonly #collection: Collection<D & OutboxFields>;
  readonly #now: () => Date;
  readonly #notFound: (key: string) => DomainError;
  readonly #queue = new KeyedQueue();
  readonly #events:
    | {
        readonly outbox: Outbox;
        readonly remains: (doc: D) => unknown;
        readonly source: OutboxSource;
        readonly purges: boolean;
      }
    | undefined;

  /**
   * @param notFound the refusal of a key that no document has
   * @param events where documents have events; their collection has the OUTBOX_INDEX then
   */
  constructor(
    collection: Collection<D>,
    now: () => Date,
    notFound: (key: string) => DomainError,
    events?: RecordEvents<D>,
  ) {
    this.#collection = collection as Collection<D & OutboxFields>;
    this.#now = now;
    this.#notFound = notFound;
    if (!events) return;
    const { outbox, remains = () => true, purge = async () => undefined } = events;
    const source: OutboxSource = {
      collection: collection as unknown as OutboxSource['collection'],
      alone: (key, job) => this.#queue.run(key, job),
      purge,
    };
    outbox.add(source);
    this.#events = { outbox, remains, source, purges: events.purge !== undefined };
  }

  /** False when the key is taken, be it by a tombstone that does not go in a moment. */
  async create(work: Work, doc: D, events: readonly NewEvent[] = []): Promise<boolean> {
    const stored = { ...doc, ...this.#outboxOf(events) };
    for (let waited = 0; ; waited += TOMBSTONE_LOOK_MS) {
      if (await this.#collection.insert(work, stored)) break;
      const taken = await this.#collection.get(work, doc.key, ['removed']);
      const leaving = !taken || taken.removed !== undefined;
      if (!leaving || waited >= TOMBSTONE_WAIT_MS) return false;
      await sleep(TOMBSTONE_LOOK_MS);
    }
    this.#tell(doc.key, events);
    return true;
  }

  /** Undefined where there is none. */
  async find(work: Work, key: string): Promise<D | undefined> {
    const doc = await this.#collection.get(work, key);
    return doc && standing(doc);
  }

  /** In the order of `keys`, undefined where there is none; one read. */
  async getMany(work: Work, keys: readonly string[]): Promise<(D | undefined)[]> {
    const docs = await this.#collection.getMany(work, keys);
    return docs.map((doc) => doc && standing(doc));
  }

  /** @throws DomainError not found */
  async get(work: Work, key: string): Promise<D> {
    return recordOf(await this.#stored(work, key));
  }

  /**
   * The only way a document is written after it was made. Concurrent changes
   * of one document all apply, one after the other; `fn` may run more than once.
   *
   * @param expectedVersion refuse when the document is at another version
   * @param fn the new state; the same object when nothing changes (nothing is written then)
   * @param events of the change; `after` has its new version
   * @throws DomainError not found, `version.mismatch`, `version.contended`, and what `fn` throws
   */
  change(
    work: Work,
    key: string,
    expectedVersion: number | undefined,
    fn: (doc: D) => D,
    events?: EventsOf<D>,
  ): Promise<D> {
    return this.#attempts(work, key, expectedVersion, async (stored) => {
      const before = recordOf(stored);
      const changed = fn(before);
      if (changed === before) return before;
      const version = before.version + 1;
      const after = { ...changed, version, updatedAt: this.#now().toISOString() };
      const told = events?.(before, after) ?? [];
      const next = { ...after, ...this.#outboxOf(told, stored) };
      if (!(await this.#collection.replace(work, next, stored.version))) return undefined;
      this.#tell(key, told);
      return after;
    });
  }

  /**
   * @param events of the removal
   * @returns the last state
   * @throws DomainError not found, `version.mismatch`, `version.contended`
   */
  remove(
    work: Work,
    key: string,
    expectedVersion: number | undefined,
    events?: (last: D) => readonly NewEvent[],
  ): Promise<D> {
    return this.#attempts(work, key, expectedVersion, async (stored) => {
      const last = recordOf(stored);
      const told = events?.(last) ?? [];
      const tombstone = this.#tombstone(last, this.#outboxOf(told, stored));
      const removed = tombstone
        ? await this.#collection.replace(work, tombstone as D & OutboxFields, stored.version)
        : await this.#collection.delete(work, key, stored.version);
      if (!removed) return undefined;
      if (tombstone) this.#events?.outbox.written(this.#events.source, key);
      return last;
    });
  }

  /**
   * Removes, without further events, every record that agrees on an index's `eq` fields, in
   * bounded batches. Events that still wait in one are told all the same. Interrupted, it
   * can be called again.
   *
   * @param signal breaks off between two batches
   */
  removeAll(work: Work, index: string, eq: RangeScan['eq'], signal: AbortSignal): Promise<void> {
    return purgeAll(work, this.#collection, index, eq, signal, {
      fields: ['outbox'],
      remove: (doc) => this.#clearAway(work, doc),
    });
  }

  /** False for one that was written again meanwhile: it is met again. */
  async #clearAway(work: Work, { key, version, outbox }: Doc & OutboxFields): Promise<boolean> {
    if (!outbox) return this.#collection.delete(work, key, version);
    const absent = this.#notFound(key).code;
    await this.remove(work, key, undefined).catch((error: unknown) => {
      // Another process clears away, too.
      if (!(error instanceof DomainError) || error.code !== absent) throw error;
    });
    return true;
  }

  /** @param attempt undefined when another write came between */
  #attempts(
    work: Work,
    key: string,
    expectedVersion: number | undefined,
    attempt: (stored: D & OutboxFields) => Promise<D | undefined>,
  ): Promise<D> {
    return this.#queue.run(key, async () => {
      for (let i = 1; i <= MAX_ATTEMPTS; i += 1) {
        const stored = await this.#stored(work, key);
        assertVersion(stored, expectedVersion);
        const done = await attempt(stored);
        if (done) return done;
        await sleep(Math.random() * MAX_BACKOFF_MS);
      }
      throw new DomainError('version.contended', 'too many writes at once; try again');
    });
  }

  async #stored(work: Work, key: string): Promise<D & OutboxFields> {
    const doc = await this.#collection.get(work, key);
    if (!doc || doc.removed !== undefined) throw this.#notFound(key);
    return doc;
  }

  /** Undefined where nothing remains to be done. */
  #tombstone(last: D, outbox: OutboxFields): (Doc & OutboxFields) | undefined {
    if (!this.#events || !(outbox.outbox || this.#events.purges)) return undefined;
    const removed = this.#events.remains(last);
    const outboxAt = this.#now().toISOString();
    return { key: last.key, version: last.version + 1, removed, outboxAt, ...outbox };
  }

  #outboxOf(events: readonly NewEvent[], waiting: OutboxFields = {}): OutboxFields {
    if (!this.#events) {
      if (events.length > 0) throw new Error('these records were made without an outbox');
      return {};
    }
    if ((waiting.outbox?.length ?? 0) > MAX_WAITING_EVENTS) {
      throw new DomainError('version.contended', 'too many events wait to be told; try again');
    }
    return this.#events.outbox.fieldsFor(events, waiting);
  }

  #tell(key: string, events: readonly NewEvent[]): void {
    if (events.length > 0) this.#events?.outbox.written(this.#events.source, key);
  }
}

/** The document without what is the outbox's; undefined for a tombstone. */
function standing<D extends RecordDoc>(doc: D & OutboxFields): D | undefined {
  return doc.removed === undefined ? recordOf<D>(doc) : undefined;
}

function recordOf<D extends RecordDoc>(stored: D & OutboxFields): D {
  const { outbox, outboxAt, ...doc } = stored;
  return doc as unknown as D;
}

function assertVersion(doc: Doc, expected: number | undefined): void {
  if (expected === undefined || doc.version === expected) return;
  throw new DomainError(
    'version.mismatch',
    `the version is ${doc.version}, not ${expected < 1 ? 'the one that was named' : expected}; nothing was changed`,
  );
}
