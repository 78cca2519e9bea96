import type { Collection, Store } from '../store/port.ts';
import type { Work } from '../work.ts';
import type { ApiKeyDoc, ApiKeyUseDoc } from './collection.ts';

const FLUSH_EVERY_MS = 30_000;
/** A key has at most one write in this time from each process. */
export const WRITE_EVERY_MS = 300_000;

/** The last use of a key in this process. Times are milliseconds since 1970. */
interface Use {
  at: number;
  /** The use that was written last, and when. */
  written?: { readonly use: number; readonly at: number };
}

/** Gathers when keys were used and writes it down now and then: no write per request. */
export class LastUse {
  readonly #store: Pick<Store, 'commit'>;
  readonly #uses: Collection<ApiKeyUseDoc>;
  readonly #keys: Collection<ApiKeyDoc>;
  /** By key; removed once it is written and unused for `WRITE_EVERY_MS`. */
  readonly #recent = new Map<string, Use>();
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
    const use = this.#recent.get(key);
    if (use) use.at = at;
    else this.#recent.set(key, { at });
  }

  forget(key: string): void {
    this.#recent.delete(key);
  }

  /** When each was last used, as far as is known here; undefined for never. */
  async lastUsedAt(work: Work, keys: readonly string[]): Promise<(string | undefined)[]> {
    // What is noted here is in no document.
    work.reads?.other();
    const written = await this.#uses.getMany(work, keys);
    return keys.map((key, i) => latest(this.#recent.get(key), written[i]?.lastUsedAt));
  }

  /**
   * @param now milliseconds since 1970
   * @param onError called with the error of a flush that failed; the next flush retries
   */
  start(work: Work, now: () => number, onError: (error: unknown) => void): void {
    this.#timer = setInterval(() => this.flush(work, now()).catch(onError), FLUSH_EVERY_MS);
    this.#timer.unref();
  }

  /** Stops, and writes down everything that is not written. */
  async stop(work: Work): Promise<void> {
    clearInterval(this.#timer);
    await this.flush(work, Number.POSITIVE_INFINITY);
  }

  /** Writes the uses of each key that has had no write for `WRITE_EVERY_MS`. */
  async flush(work: Work, now: number): Promise<void> {
    const due: { readonly key: string; readonly use: Use; readonly at: number }[] = [];
    for (const [key, use] of this.#recent) {
      const { at, written } = use;
      if (written && now - written.at < WRITE_EVERY_MS) continue;
      if (at === written?.use) this.#recent.delete(key);
      else due.push({ key, use, at });
    }
    if (due.length === 0) return;
    const increments = due.map(({ key, at }) =>
      this.#uses.toIncrement({ key, max: { lastUsedAt: new Date(at).toISOString() } }),
    );
    await this.#store.commit(work, increments);
    await this.#forgetDeleted(
      work,
      due.map(({ key }) => key),
    );
    for (const { use, at } of due) use.written = { use: at, at: now };
  }

  /** Removes what was noted of a key before it was deleted, here or elsewhere. */
  async #forgetDeleted(work: Work, keys: readonly string[]): Promise<void> {
    const docs = await this.#keys.getMany(work, keys, ['hash']);
    const gone = keys.filter((_, i) => docs[i]?.hash === undefined);
    if (gone.length === 0) return;
    for (const key of gone) this.forget(key);
    await this.#store.commit(
      work,
      gone.map((key) => this.#uses.toDelete(key)),
    );
  }
}

function latest(use: Use | undefined, written: string | undefined): string | undefined {
  const known = use && new Date(use.at).toISOString();
  return known !== undefined && (written === undefined || known > written) ? known : written;
}
