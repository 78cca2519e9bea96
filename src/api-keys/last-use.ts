import type { Collection, Store } from '../store/port.ts';
import type { Work } from '../work.ts';
import type { ApiKeyDoc, ApiKeyUseDoc } from './collection.ts';

const FLUSH_EVERY_MS = 30_000;

/** Gathers when keys were used and writes it down now and then: no write per request. */
export class LastUse {
  readonly #store: Pick<Store, 'commit'>;
  readonly #uses: Collection<ApiKeyUseDoc>;
  readonly #keys: Collection<ApiKeyDoc>;
  /** By key: milliseconds since 1970. */
  #pending = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;

  constructor(
    store: Pick<Store, 'commit'>,
    uses: Collection<ApiKeyUseDoc>,
    keys: Collection<ApiKeyDoc>,
  ) {
    this.#store = store;
    this.#uses = uses;
    this.#keys = keys;
  }

  note(key: string, at: number): void {
    this.#pending.set(key, at);
  }

  forget(key: string): void {
    this.#pending.delete(key);
  }

  /** When each was last used, as far as is known here; undefined for never. */
  async lastUsedAt(work: Work, keys: readonly string[]): Promise<(string | undefined)[]> {
    // What is pending here is in no document.
    work.reads?.other();
    const written = await this.#uses.getMany(work, keys);
    return keys.map((key, i) => iso(this.#pending.get(key)) ?? written[i]?.lastUsedAt);
  }

  /** @param onError called with the error of a flush that failed; the next flush retries */
  start(work: Work, onError: (error: unknown) => void): void {
    this.#timer = setInterval(() => this.flush(work).catch(onError), FLUSH_EVERY_MS);
    this.#timer.unref();
  }

  /** Stops, and writes down what is pending. */
  async stop(work: Work): Promise<void> {
    clearInterval(this.#timer);
    await this.flush(work);
  }

  async flush(work: Work): Promise<void> {
    const pending = this.#pending;
    if (pending.size === 0) return;
    this.#pending = new Map();
    const increments = [...pending].map(([key, at]) =>
      this.#uses.toIncrement({ key, max: { lastUsedAt: new Date(at).toISOString() } }),
    );
    try {
      await this.#store.commit(work, increments);
      await this.#forgetDeleted(work, [...pending.keys()]);
    } catch (error) {
      this.#pending = new Map([...pending, ...this.#pending]);
      throw error;
    }
  }

  /** Removes what was noted of a key before it was deleted, here or elsewhere. */
  async #forgetDeleted(work: Work, keys: readonly string[]): Promise<void> {
    const docs = await this.#keys.getMany(work, keys, ['hash']);
    const gone = keys.filter((_, i) => docs[i]?.hash === undefined);
    if (gone.length === 0) return;
    await this.#store.commit(
      work,
      gone.map((key) => this.#uses.toDelete(key)),
    );
  }
}

function iso(millis: number | undefined): string | undefined {
  return millis === undefined ? undefined : new Date(millis).toISOString();
}
