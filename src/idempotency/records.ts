import { createHash } from 'node:crypto';
import type { Principal } from '../auth/principal.ts';
import type { ChangeDoc } from '../changes/collection.ts';
import type { Effects } from '../domain/effects.ts';
import { DomainError } from '../domain/errors.ts';
import { type Keyring, SecretUnreadable } from '../secrets/keyring.ts';
import type { Collection, Store } from '../store/port.ts';
import type { Write } from '../store/writes.ts';
import type { Work } from '../work.ts';
import type { IdempotencyDoc } from './collection.ts';

/** An answer of HTTP, as it is kept. */
export interface KeptResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Unset where the status has no body. */
  readonly body?: string;
}

/** A request with an idempotency key. */
export interface KeyedRequest {
  readonly principal: Principal;
  readonly key: string;
  /** A hash of all that the request asks for. */
  readonly request: string;
}

/** A request that is to be executed, or the answer that it had before. */
export type Begun =
  | { readonly record: IdempotencyDoc; readonly replay?: undefined }
  | { readonly record?: undefined; readonly replay: KeptResponse };

export interface IdempotencyParts {
  readonly store: Pick<Store, 'commit'>;
  readonly records: Collection<IdempotencyDoc>;
  readonly changes: Pick<Collection<ChangeDoc>, 'scan'>;
  readonly keyring: Keyring;
  readonly effects: Pick<Effects, 'now' | 'uid'>;
  /** How long after its start a request may still write. */
  readonly leaseMs: number;
}

const KEPT_MS = 24 * 3_600_000;
/** Characters of an answer, with its headers, as JSON. A longer one is not kept. */
const MAX_KEPT_ANSWER = 1024 * 1024;
/** Two requests that use a key at once conflict once. */
const MAX_ATTEMPTS = 10;

/** Remembers which requests were executed under which idempotency key, and their answers. */
export class IdempotencyRecords {
  readonly #parts: IdempotencyParts;

  constructor(parts: IdempotencyParts) {
    this.#parts = parts;
  }

  /**
   * Reserves the key for the request, until `complete` or `giveUp`.
   *
   * @throws DomainError `idempotency.key_reused`, `idempotency.in_flight`,
   *   `idempotency.not_replayable`, `version.contended`
   */
  async begin(work: Work, asked: KeyedRequest): Promise<Begun> {
    const { records, effects, leaseMs } = this.#parts;
    const { principal, key, request } = asked;
    for (let i = 0; i < MAX_ATTEMPTS; i += 1) {
      const now = effects.now().getTime();
      const fresh: IdempotencyDoc = {
        key: hashOf(principal.kind, principal.id, key),
        version: 1,
        use: effects.uid(),
        request,
        rights: hashOf(principal.stamp),
        leaseUntil: iso(now + leaseMs),
        expiresAt: iso(now + KEPT_MS),
      };
      if (await this.#commit(work, records.toInsert(fresh))) return { record: fresh };
      const found = await records.get(work, fresh.key);
      const begun = found && (await this.#again(work, found, fresh, iso(now)));
      if (begun) return begun;
    }
    throw new DomainError('version.contended', 'too many requests use the key at once; try again');
  }

  /** Notes that a request was executed, and keeps its answer, if there is one and it is not too long. */
  async complete(work: Work, record: IdempotencyDoc, answer?: KeptResponse): Promise<void> {
    const { keyring, records } = this.#parts;
    const text = answer && JSON.stringify(answer);
    const isKept = text !== undefined && text.length <= MAX_KEPT_ANSWER;
    const sealed = isKept ? await keyring.seal(text, placeOf(record)) : undefined;
    // On a conflict the lease has ended, and another process has taken the key over.
    await this.#commit(work, records.toReplace(executed(record, sealed), record.version));
  }

  /** Frees the key of a request that was refused, unless it has changed something all the same. */
  async giveUp(work: Work, record: IdempotencyDoc, answer?: KeptResponse): Promise<void> {
    if (await this.#hasChanged(work, record)) return this.complete(work, record, answer);
    await this.#commit(work, this.#parts.records.toDelete(record.key, record.version));
  }

  /** @returns undefined when another request has changed the record meanwhile */
  async #again(
    work: Work,
    found: IdempotencyDoc,
    fresh: IdempotencyDoc,
    now: string,
  ): Promise<Begun | undefined> {
    const version = found.version + 1;
    if (found.expiresAt <= now) return this.#replaced(work, { ...fresh, version });
    if (found.request !== fresh.request) {
      throw new DomainError(
        'idempotency.key_reused',
        'the Idempotency-Key was used for another request; use a new key for each request',
      );
    }
    if (found.leaseUntil === undefined) return { replay: await this.#answerOf(found, fresh) };
    if (found.leaseUntil > now) {
      throw new DomainError(
        'idempotency.in_flight',
        'the first request with this Idempotency-Key is still being executed; try again later',
      );
    }
    // The process died. Whether it had changed anything is in the change log.
    if (!(await this.#hasChanged(work, found))) {
      const { use, expiresAt } = found;
      return this.#replaced(work, { ...fresh, use, expiresAt, version });
    }
    await this.complete(work, found);
    throw notReplayable('the server stopped before it was sent');
  }

  async #replaced(work: Work, record: IdempotencyDoc): Promise<Begun | undefined> {
    const write = this.#parts.records.toReplace(record, record.version - 1);
    return (await this.#commit(work, write)) ? { record } : undefined;
  }

  async #answerOf(record: IdempotencyDoc, { rights }: IdempotencyDoc): Promise<KeptResponse> {
    if (!record.answer) throw notReplayable('it was too long to be kept, or the server stopped');
    if (record.rights !== rights) throw notReplayable('the rights of the token have changed');
    try {
      const text = await this.#parts.keyring.open(record.answer, placeOf(record));
      return JSON.parse(text) as KeptResponse;
    } catch (error) {
      if (!(error instanceof SecretUnreadable)) throw error;
      throw notReplayable('the key that encrypted it is no longer in use');
    }
  }

  async #hasChanged(work: Work, { use }: IdempotencyDoc): Promise<boolean> {
    const scan = { index: 'byUse', eq: [use], limit: 1, fields: [] };
    return (await this.#parts.changes.scan(work, scan)).docs.length > 0;
  }

  async #commit(work: Work, write: Write): Promise<boolean> {
    return (await this.#parts.store.commit(work, [write])).committed;
  }
}

/** The record of a request that was executed. */
function executed(
  { leaseUntil: _, ...record }: IdempotencyDoc,
  answer?: IdempotencyDoc['answer'],
): IdempotencyDoc {
  return { ...record, version: record.version + 1, ...(answer && { answer }) };
}

/** Where the answer is stored: it can be opened nowhere else. */
function placeOf({ key, use }: IdempotencyDoc): string {
  return `${key}/${use}`;
}

function notReplayable(reason: string): DomainError {
  return new DomainError(
    'idempotency.not_replayable',
    `the request was executed, but its answer cannot be sent again: ${reason}; read what it changed`,
  );
}

function hashOf(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}

function iso(millis: number): string {
  return new Date(millis).toISOString();
}
