import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { ChangeLog } from '../changes/change-log.ts';
import type { ResourceRef, ResourceType } from '../changes/collection.ts';
import { DomainError } from '../domain/errors.ts';
import type { NewEvent } from '../domain/events.ts';
import { andThen, type MaybePromise } from '../store/bounds.ts';
import type { Collection, CommitResult, Doc } from '../store/port.ts';
import type { Write } from '../store/writes.ts';
import type { Work } from '../work.ts';
import { KeyedQueue } from './keyed-queue.ts';

/** A document whose writes are counted and dated. Its key is the org, or begins with it and a slash. */
export interface RecordDoc extends Doc {
  readonly updatedAt: string;
}

/** What the change log is given of a change, beside the resource it is of. */
export interface Described<S extends string = string> {
  readonly events?: readonly NewEvent[];
  readonly sections?: readonly S[];
}

export interface RecordsOptions<D extends RecordDoc> {
  readonly log: ChangeLog;
  readonly collection: Collection<D>;
  readonly type: ResourceType;
  readonly resourceOf: (doc: D) => ResourceRef;
  /** The error of a key that no document has. */
  readonly notFound: (key: string) => DomainError;
}

/** What belongs to a creation. */
export interface Creation extends Described {
  /** Other writes of the same commit. */
  readonly also?: readonly Write[];
  /** Whether it makes the org watched (see `ChangeLog.isWatched`). */
  readonly catchUp?: boolean;
}

/** What belongs to a change. Called once per attempt, with the state that is replaced and the new one. */
export interface ChangeOptions<D, S extends string = string> {
  readonly describe?: ((before: D, after: D) => Described<S>) | undefined;
  /**
   * Other writes of the same commit. Where one of them conflicts, the change is attempted again.
   * Those of a change that leaves the document as it is are committed without it.
   *
   * @param described what `describe` returned
   */
  readonly also?:
    | ((before: D, after: D, described: Described<S>) => MaybePromise<readonly Write[]>)
    | undefined;
}

const MAX_ATTEMPTS = 20;
const MAX_BACKOFF_MS = 20;

/**
 * Documents that are changed as a whole under their version: read, apply a pure function,
 * replace where the version is still the one that was read. Every change is one commit, with
 * its record in the change log.
 */
export class Records<D extends RecordDoc> {
  readonly #options: RecordsOptions<D>;
  readonly #queue = new KeyedQueue();

  constructor(options: RecordsOptions<D>) {
    this.#options = options;
  }

  /**
   * @returns false, and writes nothing, when the key is taken
   * @throws DomainError `version.contended` where another write of the commit conflicts
   */
  async create(work: Work, doc: D, creation: Creation = {}): Promise<boolean> {
    const { log, collection, type, resourceOf } = this.#options;
    const { also = [], catchUp, events = [], ...described } = creation;
    const resource = { ...resourceOf(doc), key: doc.key };
    const { version, updatedAt: at } = doc;
    const watched = await log.isWatched(work, resource.org);
    const change = { ...described, type, resource, verb: 'created', version, at, events } as const;
    const writes = [collection.toInsert(doc), ...also];
    const result = await log.commit(work, change, writes, watched, catchUp);
    if (!result.committed && result.conflict !== 0) throw contended();
    return result.committed;
  }

  /** Undefined where there is none. */
  find(work: Work, key: string): MaybePromise<D | undefined> {
    return this.#options.collection.get(work, key);
  }

  /** In the order of `keys`, undefined where there is none; one read. */
  getMany(work: Work, keys: readonly string[]): MaybePromise<(D | undefined)[]> {
    return this.#options.collection.getMany(work, keys);
  }

  /** @throws DomainError not found */
  get(work: Work, key: string): MaybePromise<D> {
    return andThen(this.#options.collection.get(work, key), (doc) => {
      if (!doc) throw this.#options.notFound(key);
      return doc;
    });
  }

  /**
   * The only way a document is written after it was created. Concurrent changes of one document
   * all apply, one after the other. A change that changes nothing writes nothing and keeps the
   * version.
   *
   * @param expectedVersion the version that the document must have
   * @param fn the new state; pure, and may run more than once
   * @throws DomainError not found, `version.mismatch`, `version.contended`, and what `fn` throws
   */
  change<S extends string>(
    work: Work,
    key: string,
    expectedVersion: number | undefined,
    fn: (doc: D) => D,
    { describe, also }: ChangeOptions<D, S> = {},
  ): Promise<D> {
    const { log, collection, type, resourceOf } = this.#options;
    return this.#attempts(work, key, expectedVersion, async (before, watched) => {
      const changed = fn(before);
      if (changed === before || isDeepStrictEqual(changed, before)) {
        const writes = (await also?.(before, before, {})) ?? [];
        if (writes.length === 0) return { doc: before, result: COMMITTED };
        return { doc: before, result: await log.commitAlone(work, writes) };
      }
      const at = this.#timeAfter(before);
      const version = before.version + 1;
      const after = { ...changed, version, updatedAt: at };
      const described = describe?.(before, after) ?? {};
      const { events = [], sections } = described;
      const resource = { ...resourceOf(after), key };
      const change = {
        sections,
        type,
        resource,
        verb: 'updated',
        version,
        at,
        events,
      } as const;
      const writes = [
        collection.toReplace(after, before.version),
        ...((await also?.(before, after, described)) ?? []),
      ];
      return { doc: after, result: await log.commit(work, change, writes, watched) };
    });
  }

  /**
   * Removes a document. Its key is free at once; a job purges the documents that belong to it.
   *
   * @param also other writes of the same commit, and when it happens: ISO-8601
   * @returns the last state
   * @throws DomainError not found, `version.mismatch`, `version.contended`
   */
  remove(
    work: Work,
    key: string,
    expectedVersion: number | undefined,
    describe?: (last: D) => Described,
    also?: (last: D, at: string) => MaybePromise<readonly Write[]>,
  ): Promise<D> {
    const { log, collection, type, resourceOf } = this.#options;
    return this.#attempts(work, key, expectedVersion, async (last, watched) => {
      const { events = [], ...described } = describe?.(last) ?? {};
      const at = this.#timeAfter(last);
      const change = {
        ...described,
        type,
        resource: { ...resourceOf(last), key },
        verb: 'deleted',
        version: last.version + 1,
        at,
        events,
      } as const;
      const writes = [collection.toDelete(key, last.version), ...((await also?.(last, at)) ?? [])];
      return { doc: last, result: await log.commit(work, change, writes, watched) };
    });
  }

  /** Now; not before the last change, also where the clocks of two processes differ. */
  #timeAfter({ updatedAt }: D): string {
    const now = this.#options.log.now().toISOString();
    return now < updatedAt ? updatedAt : now;
  }

  #attempts(
    work: Work,
    key: string,
    expectedVersion: number | undefined,
    attempt: (stored: D, watched: boolean) => Promise<{ doc: D; result: CommitResult }>,
  ): Promise<D> {
    const { log, collection, notFound } = this.#options;
    return this.#queue.run(key, async () => {
      for (let i = 1; i <= MAX_ATTEMPTS; i += 1) {
        const [stored, watched] = await Promise.all([
          collection.get(work, key),
          log.isWatched(work, orgOf(key)),
        ]);
        if (!stored) throw notFound(key);
        assertVersion(stored, expectedVersion);
        const { doc, result } = await attempt(stored, watched);
        if (result.committed) return doc;
        await sleep(Math.random() * MAX_BACKOFF_MS);
      }
      throw contended();
    });
  }
}

const COMMITTED: CommitResult = { committed: true };

function orgOf(key: string): string {
  const slash = key.indexOf('/');
  return slash < 0 ? key : key.slice(0, slash);
}

function contended(): DomainError {
  return new DomainError('version.contended', 'too many writes at once; try again');
}

/** @throws DomainError `version.mismatch` */
export function assertVersion(doc: Pick<Doc, 'version'>, expected: number | undefined): void {
  if (expected === undefined || doc.version === expected) return;
  throw new DomainError(
    'version.mismatch',
    `the version is ${doc.version}, not ${expected < 1 ? 'the one that was named' : expected}; nothing was changed`,
  );
}
