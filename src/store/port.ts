/**
 * The store port: a handful of verbs on versioned documents and on declared
 * indexes. Both back ends keep every promise made here; `test/store/contract.ts`
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
}

/** A collection and the only indexes by which it may be walked. */
export interface CollectionSpec<D extends Doc = Doc> {
  readonly name: string;
  readonly indexes: Readonly<Record<string, IndexSpec>>;
  /** Phantom: carries the document's type to `store.collection(spec)`. */
  readonly doc?: D;
}

/** Declares a collection; the one way to make a `CollectionSpec`. */
export function collectionSpec<D extends Doc>(
  name: string,
  indexes: Readonly<Record<string, IndexSpec>> = {},
): CollectionSpec<D> {
  return { name, indexes };
}

/** A position in an index: the last document seen. */
export interface Cursor {
  readonly order: string;
  readonly key: string;
}

export interface Walk {
  readonly index: string;
  /** One value for each of the index's `eq` fields, in their order. */
  readonly eq: readonly IndexValue[];
  /** Inclusive lower bound on the `order` field. */
  readonly from?: string | undefined;
  /** Exclusive upper bound on the `order` field. */
  readonly before?: string | undefined;
  /** Continue behind this position, in the direction of the walk. */
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
 * An atomic change of counters in one document, which is made when it is not
 * there. Minima and maxima compare strings. A document that counters are kept
 * in has `version` 0 and is written in no other way.
 */
export interface Bump {
  readonly key: string;
  /** Set only when the document is made. */
  readonly init?: Readonly<Record<string, Json>>;
  readonly add?: Readonly<Record<string, number>>;
  readonly min?: Readonly<Record<string, string>>;
  readonly max?: Readonly<Record<string, string>>;
}

export interface Collection<D extends Doc> {
  get(key: string, fields?: readonly string[]): Promise<D | undefined>;
  /** In the order of `keys`, `undefined` where there is none; one read. */
  getMany(keys: readonly string[], fields?: readonly string[]): Promise<(D | undefined)[]>;
  /**
   * False, and nothing written, when the key is taken.
   *
   * @throws RangeError, here and in `replace`, when the index fields are longer than `INDEX_BYTES_AT_MOST`
   */
  insert(doc: D): Promise<boolean>;
  /** False, and nothing written, when there is no document of that key and version. */
  replace(doc: D, ifVersion: number): Promise<boolean>;
  /** False, and nothing removed, when there is none (of that version, where one is given). */
  delete(key: string, ifVersion?: number): Promise<boolean>;
  /** @throws RangeError on an undeclared index or a wrong number of `eq` values. */
  walk(walk: Walk): Promise<Page<D>>;
  bump(bumps: readonly Bump[]): Promise<void>;
}

/**
 * Every verb rejects with the reason of the signal that the work is bounded by
 * (`bounds.ts`) once that is aborted, and with `StoreUnavailable` when the store
 * does not answer.
 *
 * A write is answered only once it is durable, and is all there or not at all.
 * A read sees every write that was answered before it began.
 */
export interface Store {
  /** Opens a collection, making its indexes where they are missing. */
  collection<D extends Doc>(spec: CollectionSpec<D>): Promise<Collection<D>>;
  /** Resolves when the store answers. @throws StoreUnavailable */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** What a store tells while it is opened. */
export interface StoreEvents {
  indexesMade?(collection: string, indexes: readonly string[]): void;
}

/** The store does not answer. The write it is thrown for may or may not have happened. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}

/** The index a walk names. @throws RangeError when the walk does not fit a declared index. */
export function indexOf(spec: CollectionSpec, walk: Walk): IndexSpec {
  const index = spec.indexes[walk.index];
  if (!index) throw new RangeError(`${spec.name} declares no index '${walk.index}'`);
  if (walk.eq.length !== index.eq.length) {
    throw new RangeError(`${spec.name}.${walk.index} takes ${index.eq.length} values`);
  }
  if (!(walk.limit >= 1)) throw new RangeError('a walk takes a limit of at least 1');
  return index;
}

/** What the key and the index fields of a document may come to in any one index. */
export const INDEX_BYTES_AT_MOST = 1_500;

/** @throws RangeError when the document's index fields are too long to be indexed */
export function assertIndexable(spec: CollectionSpec, doc: Doc): void {
  const bytesOf = (field: string) => {
    const value = fieldOf(doc, field);
    return typeof value === 'string' ? Buffer.byteLength(value) : 0;
  };
  for (const [name, { eq, order }] of Object.entries(spec.indexes)) {
    const bytes = [...eq, order, 'key'].reduce((sum, field) => sum + bytesOf(field), 0);
    if (bytes > INDEX_BYTES_AT_MOST) {
      throw new RangeError(`${spec.name}.${name} takes ${INDEX_BYTES_AT_MOST} bytes, not ${bytes}`);
    }
  }
}

/** The one order of strings, of indexes as of minima and maxima: that of their UTF-8. */
export function compareText(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** A page of at most `limit` out of up to `limit + 1` documents in walk order. */
export function pageOf<D extends Doc>(docs: D[], limit: number, order: string): Page<D> {
  return {
    docs: docs.slice(0, limit),
    more: docs.length > limit,
    cursorOf: (doc) => ({ key: doc.key, order: String(fieldOf(doc, order)) }),
  };
}

/** A top-level field of a document, whatever its type. */
export function fieldOf(doc: Doc, field: string): unknown {
  return (doc as unknown as Record<string, unknown>)[field];
}
