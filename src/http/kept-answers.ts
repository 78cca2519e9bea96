import { LRUCache } from 'lru-cache';
import type { Bounds, DocumentVersion, MaybePromise, ReadLog } from '../store/bounds.ts';
import type { Store } from '../store/port.ts';
import type { Answer } from './answer.ts';
import type { OperationNote } from './request-notes.ts';

/** An answer that consists of single documents, and their versions. */
export interface KeptAnswer {
  readonly answer: Answer & { readonly body: Buffer };
  /** A 304 may replace it: its `ETag` identifies the whole answer. */
  readonly revalidates: boolean;
  readonly reads: readonly DocumentVersion[];
  readonly operation: OperationNote;
}

/** Notes what an operation reads, for its answer to be kept. */
export class ReadNotes implements ReadLog {
  readonly #reads: DocumentVersion[] = [];
  #others = false;

  document(collection: string, key: string, version: number | undefined): void {
    this.#reads.push({ collection, key, version });
  }

  other(): void {
    this.#others = true;
  }

  /** Undefined when the operation read anything but single documents. */
  get documents(): readonly DocumentVersion[] | undefined {
    return this.#others || this.#reads.length > MAX_READS ? undefined : this.#reads;
  }
}

const MAX_READS = 32;
const MAX_KEY_LENGTH = 16_384;
/** What an entry takes beside its body and key, roughly. */
const ENTRY_BYTES = 1_024;

/**
 * Answers validated by version: each is kept with the versions of the documents that it
 * consists of, and is sent again only while the store still has these versions. So nothing is
 * ever stale, in one process or in several, and nothing has to be invalidated.
 */
export class KeptAnswers {
  readonly #store: Pick<Store, 'versions'>;
  readonly #kept: LRUCache<string, KeptAnswer>;

  constructor(store: Pick<Store, 'versions'>, maxBytes: number) {
    this.#store = store;
    this.#kept = new LRUCache({
      maxSize: maxBytes,
      maxEntrySize: Math.ceil(maxBytes / 8),
      sizeCalculation: ({ answer }, key) => answer.body.length + 2 * key.length + ENTRY_BYTES,
    });
  }

  get bytes(): number {
    return this.#kept.calculatedSize;
  }

  find(key: string): KeptAnswer | undefined {
    return this.#kept.get(key);
  }

  /** Whether all of these documents still have their versions. */
  areCurrent(bounds: Bounds, documents: readonly DocumentVersion[]): MaybePromise<boolean> {
    const versions = this.#store.versions(bounds, documents);
    if (versions instanceof Promise) return versions.then((now) => same(documents, now));
    return same(documents, versions);
  }

  keep(key: string, kept: KeptAnswer): void {
    if (key.length <= MAX_KEY_LENGTH) this.#kept.set(key, kept);
  }

  forget(key: string): void {
    this.#kept.delete(key);
  }
}

function same(
  documents: readonly DocumentVersion[],
  versions: readonly (number | undefined)[],
): boolean {
  for (let i = 0; i < documents.length; i += 1) {
    if (documents[i]?.version !== versions[i]) return false;
  }
  return true;
}
