import type { Collection, CollectionSpec, Doc } from './port.ts';

/** What the indexes of a collection are like. */
export interface IndexReport {
  /** Declared, and not complete in the store. */
  readonly missing: readonly string[];
  /** Documents, and entries of indexes, that were compared; 0 where the store does this itself. */
  readonly checked: number;
  /** `index: key` of each entry that does not fit its document, or that a document lacks. */
  readonly wrong: readonly string[];
}

export interface SizeReport {
  readonly bytes: number;
  /** The part of `bytes` that contains data; the rest is used again by later writes. */
  readonly usedBytes: number;
}

/** A store opened for reading alone, and what it reports of itself. */
export interface Inspection {
  /** Undefined where the store has no such collection, or lacks one of its indexes. */
  collection<D extends Doc>(spec: CollectionSpec<D>): Promise<Collection<D> | undefined>;
  /** Documents with the lowest and the highest keys; fewer than `limit` where there are no more. */
  sample(spec: CollectionSpec, limit: number): Promise<readonly Doc[]>;
  /** @param limit how many documents, and entries of each index, are compared */
  indexes(spec: CollectionSpec, limit: number): Promise<IndexReport>;
  size(): Promise<SizeReport>;
  /** The readers of an embedded store, live ones alone; undefined where it has no such limit. */
  readers(): { readonly count: number; readonly max: number } | undefined;
  close(): Promise<void>;
}
