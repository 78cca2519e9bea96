import type { Bounds, MaybePromise } from './bounds.ts';
import type { CallObserver } from './observed.ts';
import type { Write } from './writes.ts';

/**
 * The store port: versioned documents, declared indexes, and one verb that
 * writes. Both back ends keep every promise made here; `test/store/contract.ts`
 * holds them to it.
 *
 * Nothing here knows what a document means.
 */

/** A plain JSON value. Documents hold nothing else (no Date, no undefined). */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json | undefined };

/** What every stored document has. `key` is unique in its collection; `version` counts its writes. */
export interface Doc {
  readonly key: string;
  readonly version: number;
}

/** The value of an index field. A document that lacks any of an index's fields is not in that index. */
export type IndexValue = string | boolean;

/**
 * An ordered index: documents that agree on every `eq` field, ordered by the
 * string in `order` and then by `key`. Field names are top-level.
 */
export interface IndexSpec {
  readonly eq: readonly string[];
  readonly order: string;
  /**
   * One of the `eq` fields, whose value is a list of different texts: the index has the document
   * once for each. A scan names one of them.
   */
  readonly each?: string;
  /**
   * Fields that the index holds a copy of: a scan that asks for these, the `eq` fields, `order`,
   * `key` and `version` alone reads no document. Each write of a document copies them again.
   */
  readonly includes?: readonly string[];
}

/** A collection and the only indexes by which it may be scanned. */
export interface CollectionSpec<D extends Doc = Doc> {
  readonly name: string;
  readonly indexes: Readonly<Record<string, IndexSpec>>;
  /**
   * The field whose value, and a slash, every key begins with. Documents that agree on
   * it are stored together, so a scan by it reads one shard (docs/sharding.md).
   */
  readonly keyedBy?: string | undefined;
  /**
   * Fields that are long and seldom change together. A write of a document need not store again
   * those that are the same values, by identity, as those of the document that was read.
   */
  readonly parts?: readonly string[];
  /** Phantom: carries the document's type to `store.collection(spec)`. */
  readonly doc?: D;
}

/** Declares a collection; the one way to create a `CollectionSpec`. */
export function collectionSpec<D extends Doc>(
  name: string,
  indexes: Readonly<Record<string, IndexSpec>> = {},
  keyedBy?: string,
  parts: readonly string[] = [],
): CollectionSpec<D> {
  return { name, indexes, keyedBy, parts };
}

/** A position in an index: the last document seen. */
export interface Cursor {
  readonly order: string;
  readonly key: string;
}

type ScanValue = IndexValue | readonly IndexValue[];

export interface RangeScan {
  readonly index: string;
  /** For each of the index's `eq` fields, in their order, its value, or a list of which any will do. */
  readonly eq: readonly ScanValue[];
  /** Inclusive lower bound on the `order` field. */
  readonly from?: string | undefined;
  /** Exclusive upper bound on the `order` field. */
  readonly before?: string | undefined;
  /** Continue behind this position, in the direction of the scan. */
  readonly after?: Cursor | undefined;
  readonly reverse?: boolean | undefined;
  readonly limit: number;
  /** Top-level fields to read; `key` and `version` always come. All, when left out. */
  readonly fields?: readonly string[] | undefined;
}

export interface Page<D> {
  readonly docs: D[];
  /** Whether there is more behind the last document. */
  readonly more: boolean;
  /** The position of a document of this page. */
  cursorOf(doc: D): Cursor;
}

/**
 * A change of counters in one document, which is created where there is none,
 * with `version` 0. Minima and maxima compare strings. An increment leaves the
 * document's `version` as it is.
 */
export interface Increment {
  readonly key: string;
  /** Set only when the document is created. */
  readonly init?: Readonly<Record<string, Json>>;
  readonly add?: Readonly<Record<string, number>>;
  readonly min?: Readonly<Record<string, string>>;
  readonly max?: Readonly<Record<string, string>>;
}

/** Names one document. */
export interface DocRef {
  readonly collection: string;
  readonly key: string;
}

/** @property conflict the index, in the list of writes, of the first whose condition failed */
export type CommitResult =
  | { readonly committed: true }
  | { readonly committed: false; readonly conflict: number };

/**
 * Documents that are read are frozen: one document may be shared by all who read it.
 *
 * `toInsert` and its siblings write nothing: they return a write for `Store.commit`. The
 * document of a write belongs to the store from then on, and is frozen.
 */
export interface Collection<D extends Doc> {
  get(bounds: Bounds, key: string, fields?: readonly string[]): MaybePromise<D | undefined>;
  /** In the order of `keys`, `undefined` where there is none; one read. */
  getMany(
    bounds: Bounds,
    keys: readonly string[],
    fields?: readonly string[],
  ): MaybePromise<(D | undefined)[]>;
  /** @throws RangeError on an undeclared index or a wrong number of `eq` values. */
  scan(bounds: Bounds, scan: RangeScan): MaybePromise<Page<D>>;
  /** The pages of many scans, in their order; one read. @throws RangeError as `scan` does */
  scanMany(bounds: Bounds, scans: readonly RangeScan[]): MaybePromise<Page<D>[]>;
  /**
   * Conflicts where the key is taken.
   *
   * @throws RangeError, here and in `toReplace`, when the key or the index fields are longer
   * than `MAX_INDEX_BYTES`, or the key does not begin as `keyedBy` says
   * @throws IllFormedDocument, here, in `toReplace` and in `toIncrement`
   */
  toInsert(doc: D): Write;
  /** Conflicts where there is no document of that key whose `version` is `ifVersion`. */
  toReplace(doc: D, ifVersion: number): Write;
  /** Conflicts, where a version is given, as `toReplace` does; never without one. */
  toDelete(key: string, ifVersion?: number): Write;
  /** Never conflicts. */
  toIncrement(increment: Increment): Write;
}

/** What a back end is like, for code that would otherwise ask which one it is. */
export interface StoreTraits {
  /** The store is in this process: reads answer values, and cost no round trip. */
  readonly embedded: boolean;
}

/**
 * Every verb rejects with the reason of the bounds (`bounds.ts`) once nobody waits for the
 * work, and with `StoreUnavailable` when the store does not answer.
 *
 * A read sees every write that was answered before it began, of any process.
 */
export interface Store {
  readonly traits: StoreTraits;
  /** Opens a collection, making its indexes where they are missing. */
  collection<D extends Doc>(spec: CollectionSpec<D>): Promise<Collection<D>>;
  /**
   * The one verb that writes: all of the writes, or none. Durable when it resolves.
   *
   * A condition that fails (see `Collection`) is a conflict: nothing is written.
   *
   * @throws RangeError, and writes nothing, when a collection was not opened, or when two
   * writes name one document, unless both are increments
   */
  commit(bounds: Bounds, writes: readonly Write[]): Promise<CommitResult>;
  /**
   * Where each document is, in the order of `refs`: a number that no other state of the
   * document has or ever had, also not of an earlier document of the same key; undefined where
   * there is no document. It is the number that `Bounds.reads` notes, and not the document's
   * own `version`, which begins again where a key is used again. Decodes no document; one read.
   *
   * @throws RangeError when a collection was not opened
   */
  versions(bounds: Bounds, refs: readonly DocRef[]): MaybePromise<(number | undefined)[]>;
  /** Resolves when the store answers. @throws StoreUnavailable */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** What a store reports: indexes that were made for documents that existed, and calls. */
export interface StoreEvents {
  indexesMade?(collection: string, indexes: readonly string[]): void;
  /** Called with each call. A store without it costs nothing more. */
  readonly calls?: CallObserver | undefined;
}

/** The store does not answer. The write it is thrown for may or may not have happened. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}

/** The store cannot be opened as it is named, or with the data that it holds. */
export class StoreMisconfigured extends Error {
  override readonly name = 'StoreMisconfigured';
}

/**
 * A document holds text that is no Unicode: a surrogate without its other half. No back end
 * could return it as it was sent.
 *
 * @example new IllFormedDocument('name') // from { key: 'k', version: 1, name: '\ud800' }
 */
export class IllFormedDocument extends Error {
  override readonly name = 'IllFormedDocument';
  /** Where the text is in the document: `skills.0.name`. */
  readonly path: string;

  constructor(path: string) {
    super(`ill-formed Unicode at ${path}`);
    this.path = path;
  }
}
