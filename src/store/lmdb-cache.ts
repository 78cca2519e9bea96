import { LRUCache } from 'lru-cache';
import type { Parted } from './lmdb-parts.ts';
import type { Doc } from './port.ts';

/** A document as it was decoded, and the number of the transaction that wrote it. */
export interface Stored<D extends Doc = Doc> extends Parted<D> {
  readonly stamp: number;
  /** Its length as stored, with what is stored apart. */
  readonly bytes: number;
}

/** Of all documents together, as stored; decoded they take two to four times that. */
const MAX_BYTES = 32 * 1024 * 1024;
/** A shorter one is decoded faster than it is kept. */
const MIN_BYTES = 1_024;

/**
 * Decoded documents, so that a repeated read decodes nothing. A reader compares the stamp
 * with the stored one first, so nothing here can be stale.
 */
export class DocumentCache {
  readonly #kept = new LRUCache<string, Stored>({
    maxSize: MAX_BYTES,
    sizeCalculation: ({ bytes }) => bytes,
  });

  get(collection: string, key: string): Stored | undefined {
    return this.#kept.get(`${collection} ${key}`);
  }

  keep(collection: string, stored: Stored): void {
    if (stored.bytes < MIN_BYTES) return;
    this.#kept.set(`${collection} ${stored.doc.key}`, stored);
  }
}
