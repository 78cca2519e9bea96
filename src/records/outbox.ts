import type { Effects } from '../domain/effects.ts';
import type { DomainEvent, NewEvent } from '../domain/events.ts';
import type { Collection, Doc } from '../store/port.ts';
import type { Work } from '../work.ts';

/** What a document carries of its events until they have been passed on. */
export interface OutboxFields {
  readonly outbox?: readonly DomainEvent[];
  /** When the oldest of them was recorded; there only while there are any. */
  readonly outboxAt?: string;
  /** Only on a tombstone: what is left of a removed document for its purge. */
  readonly removed?: unknown;
}

/**
 * The index by which the relay finds what a crash left behind. A collection
 * whose records have events spreads it among its own:
 * `collectionSpec('people', { ...OUTBOX_INDEX, byOwner: … })`.
 */
export const OUTBOX_INDEX = { outbox: { eq: [], order: 'outboxAt' } } as const;

/** A collection whose documents carry events. */
export interface OutboxSource {
  readonly collection: Collection<Doc & OutboxFields>;
  /** Runs a job while this process changes the document in no other way. */
  alone<T>(key: string, job: () => Promise<T>): Promise<T>;
  /**
   * Removes what hung on a removed document, before its tombstone goes. It may
   * be called again after a crash, so it must be idempotent.
   *
   * @param signal asks it to break off, with a throw: the process stops
   */
  purge(work: Work, removed: unknown, signal: AbortSignal): Promise<void>;
}

/**
 * Where changes put their events, in the same write as the change; one for the
 * whole process. The relay passes them on.
 */
export class Outbox {
  readonly #effects: Pick<Effects, 'now' | 'uid'>;
  readonly #sources: OutboxSource[] = [];
  #listener: ((source: OutboxSource, key: string) => void) | undefined;

  constructor(effects: Pick<Effects, 'now' | 'uid'>) {
    this.#effects = effects;
  }

  get sources(): readonly OutboxSource[] {
    return this.#sources;
  }

  add(source: OutboxSource): void {
    this.#sources.push(source);
  }

  /** @param listener told of every document that has just been written with events */
  listen(listener: (source: OutboxSource, key: string) => void): void {
    this.#listener = listener;
  }

  /** The fields of a document whose change has these events, behind those that still wait in it. */
  fieldsFor(events: readonly NewEvent[], waiting: OutboxFields = {}): OutboxFields {
    const timestamp = this.#effects.now().toISOString();
    const recorded = events.map((event) => ({
      ...event,
      id: `evt_${this.#effects.uid()}`,
      timestamp,
    }));
    const outbox = [...(waiting.outbox ?? []), ...recorded];
    return outbox.length > 0 ? { outbox, outboxAt: waiting.outboxAt ?? timestamp } : {};
  }

  written(source: OutboxSource, key: string): void {
    this.#listener?.(source, key);
  }
}
