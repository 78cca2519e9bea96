import { setTimeout as sleep } from 'node:timers/promises';
import { DomainError } from '../domain/errors.ts';
import type { Collection, Doc } from '../store/port.ts';
import { KeyedQueue } from './keyed-queue.ts';

/** A document whose writes are counted and dated. */
export interface RecordDoc extends Doc {
  readonly updatedAt: string;
}

const ATTEMPTS_AT_MOST = 20;
const BACKOFF_MS_AT_MOST = 20;

/**
 * Documents that are changed as a whole under their version: read, apply a pure
 * function, replace where the version is still the one that was read.
 */
export class Records<D extends RecordDoc> {
  readonly #collection: Collection<D>;
  readonly #now: () => Date;
  readonly #notFound: (key: string) => DomainError;
  readonly #queue = new KeyedQueue();

  /** @param notFound the refusal of a key that no document has */
  constructor(collection: Collection<D>, now: () => Date, notFound: (key: string) => DomainError) {
    this.#collection = collection;
    this.#now = now;
    this.#notFound = notFound;
  }

  /** False when the key is taken. */
  create(doc: D): Promise<boolean> {
    return this.#collection.insert(doc);
  }

  /** @throws DomainError not found */
  async get(key: string): Promise<D> {
    const doc = await this.#collection.get(key);
    if (!doc) throw this.#notFound(key);
    return doc;
  }

  /**
   * The only way a document is written after it was made. Concurrent changes
   * of one document all apply, one after the other; `fn` may run more than once.
   *
   * @param expectedVersion refuse when the document is at another version
   * @param fn the new state; the same object when nothing changes (nothing is written then)
   * @throws DomainError not found, `version.mismatch`, `version.contended`, and what `fn` throws
   */
  change(key: string, expectedVersion: number | undefined, fn: (doc: D) => D): Promise<D> {
    return this.#queue.run(key, async () => {
      for (let attempt = 1; attempt <= ATTEMPTS_AT_MOST; attempt += 1) {
        const doc = await this.get(key);
        assertVersion(doc, expectedVersion);
        const changed = fn(doc);
        if (changed === doc) return doc;
        const next = {
          ...changed,
          version: doc.version + 1,
          updatedAt: this.#now().toISOString(),
        };
        if (await this.#collection.replace(next, doc.version)) return next;
        await sleep(Math.random() * BACKOFF_MS_AT_MOST);
      }
      throw new DomainError('version.contended', 'too many writes at once; try again');
    });
  }

  /**
   * @returns the last state
   * @throws DomainError not found, `version.mismatch`, `version.contended`
   */
  remove(key: string, expectedVersion: number | undefined): Promise<D> {
    return this.#queue.run(key, async () => {
      for (let attempt = 1; attempt <= ATTEMPTS_AT_MOST; attempt += 1) {
        const doc = await this.get(key);
        assertVersion(doc, expectedVersion);
        if (await this.#collection.delete(key, doc.version)) return doc;
        await sleep(Math.random() * BACKOFF_MS_AT_MOST);
      }
      throw new DomainError('version.contended', 'too many writes at once; try again');
    });
  }
}

function assertVersion(doc: Doc, expected: number | undefined): void {
  if (expected === undefined || doc.version === expected) return;
  throw new DomainError(
    'version.mismatch',
    `the version is ${doc.version}, not the expected ${expected}; nothing was changed`,
  );
}
