import type { Bounds, MaybePromise } from './bounds.ts';
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

/** A collection and the only indexes by which it may be scanned. */
export interface CollectionSpec<D extends Doc = Doc> {
  readonly name: string;
  readonly indexes: Readonly<Record<string, IndexSpec>>;
  /**
   * The field whose value, and a slash, every key begins with. Documents that agree on
   * it lie together, so a scan by it reads one shard (docs/sharding.md).
   */
  readonly keyedBy?: string | undefined;
  /** Phantom: carries the document's type to `store.collection(spec)`. */
  readonly doc?: D;
}

/** Declares a collection; the one way to make a `CollectionSpec`. */
export function collectionSpec<D extends Doc>(
  name: string,
  indexes: Readonly<Record<string, IndexSpec>> = {},
  keyedBy?: string,
): CollectionSpec<D> {
  return { name, indexes, keyedBy };
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
 * An atomic change of counters in one document, which is made when it is not
 * there. Minima and maxima compare strings. A document that counters are kept
 * in has `version` 0 and is written in no other way.
 */
export interface Increment {
  readonly key: string;
  /** Set only when the document is made. */
  readonly init?: Readonly<Record<string, Json>>;
  readonly add?: Readonly<Record<string, number>>;
  readonly min?: Readonly<Record<string, string>>;
  readonly max?: Readonly<Record<string, string>>;
}

/** A increment of a document in a named collection, which must have been opened. */
export interface SummaryIncrement extends Increment {
  readonly collection: string;
}

/** A document to append, and what it adds to summaries when it is new. */
export interface Append<D extends Doc> {
  readonly doc: D;
  /** `init` must be the same in every increment of one key. */
  readonly increments: readonly SummaryIncrement[];
}

export interface Collection<D extends Doc> {
  get(bounds: Bounds, key: string, fields?: readonly string[]): MaybePromise<D | undefined>;
  /** In the order of `keys`, `undefined` where there is none; one read. */
  getMany(
    bounds: Bounds,
    keys: readonly string[],
    fields?: readonly string[],
  ): MaybePromise<(D | undefined)[]>;
  /**
   * False, and nothing written, when the key is taken.
   *
   * @throws RangeError, here and in `replace`, when the key or the index fields are longer
   * than `MAX_INDEX_BYTES`, or the key does not begin as `keyedBy` says
   */
  insert(bounds: Bounds, doc: D): Promise<boolean>;
  /** False, and nothing written, when there is no document of that key and version. */
  replace(bounds: Bounds, doc: D, ifVersion: number): Promise<boolean>;
  /** False, and nothing removed, when there is none (of that version, where one is given). */
  delete(bounds: Bounds, key: string, ifVersion?: number): Promise<boolean>;
  /** @throws RangeError on an undeclared index or a wrong number of `eq` values. */
  scan(bounds: Bounds, scan: RangeScan): MaybePromise<Page<D>>;
  /** The pages of many scans, in their order; one read. @throws RangeError as `scan` does */
  scanMany(bounds: Bounds, scans: readonly RangeScan[]): MaybePromise<Page<D>[]>;
  increment(bounds: Bounds, increments: readonly Increment[]): Promise<void>;
  /**
   * Inserts the documents whose key is new and makes the increments of exactly
   * these, each exactly once, also when the process dies in the middle and the
   * same documents are appended again. A document of a key that is taken, or
   * that comes twice, is passed over.
   *
   * When it is answered all is there. What a process that died left half done,
   * documents without their increments, is completed by whoever opens the collection
   * or appends to it next.
   *
   * @returns how many documents were new
   * @throws RangeError, and writes nothing, when a incremented collection was not opened
   */
  append(bounds: Bounds, entries: readonly Append<D>[]): Promise<number>;
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
  /** The versions of documents, undefined where there is none. */
  versions(
    bounds: Bounds,
    refs: readonly { readonly collection: string; readonly key: string }[],
  ): MaybePromise<(number | undefined)[]>;
  /** Resolves when the store answers. @throws StoreUnavailable */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** What a store tells while it is opened: of indexes that were made of what was there already. */
export interface StoreEvents {
  indexesMade?(collection: string, indexes: readonly string[]): void;
}

/** The store does not answer. The write it is thrown for may or may not have happened. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}

/** The store cannot be opened as it is named. */
export class StoreMisconfigured extends Error {
  override readonly name = 'StoreMisconfigured';
}

/** The index a scan names. @throws RangeError when the scan does not fit a declared index. */
export function indexOf(spec: CollectionSpec, scan: RangeScan): IndexSpec {
  const index = spec.indexes[scan.index];
  if (!index) throw new RangeError(`${spec.name} declares no index '${scan.index}'`);
  if (scan.eq.length !== index.eq.length) {
    throw new RangeError(`${spec.name}.${scan.index} takes ${index.eq.length} values`);
  }
  if (!(scan.limit >= 1)) throw new RangeError('a scan takes a limit of at least 1');
  return index;
}

/** What the key and the index fields of a document may come to in any one index. */
export const MAX_INDEX_BYTES = 1_500;

const MAX_UTF8_BYTES_OF_UNIT = 3;

/** @throws RangeError when the document's index fields are too long to be indexed, or its key is not as declared */
export function assertIndexable(spec: CollectionSpec, doc: Doc): void {
  const keyedBy = spec.keyedBy && fieldOf(doc, spec.keyedBy);
  if (typeof keyedBy === 'string' && !doc.key.startsWith(`${keyedBy}/`)) {
    throw new RangeError(`${spec.name}: the key '${doc.key}' must begin with '${keyedBy}/'`);
  }
  if (isLongerThanStored([doc.key])) {
    throw new RangeError(`${spec.name}: a key takes ${MAX_INDEX_BYTES} bytes`);
  }
  for (const [name, { eq, order }] of Object.entries(spec.indexes)) {
    // Asked of every index of every document that is written: nearly all are too short to be counted.
    let length = doc.key.length + textOf(doc, order).length;
    for (const field of eq) length += textOf(doc, field).length;
    if (length * MAX_UTF8_BYTES_OF_UNIT <= MAX_INDEX_BYTES) continue;
    const bytes = bytesOf([...eq, order, 'key'].map((field) => textOf(doc, field)));
    if (bytes > MAX_INDEX_BYTES) {
      throw new RangeError(`${spec.name}.${name} takes ${MAX_INDEX_BYTES} bytes, not ${bytes}`);
    }
  }
}

/** Whether texts come to more than those of any one index entry: no stored document has them. */
export function isLongerThanStored(texts: readonly unknown[]): boolean {
  let length = 0;
  for (const text of texts) if (typeof text === 'string') length += text.length;
  return length * MAX_UTF8_BYTES_OF_UNIT > MAX_INDEX_BYTES && bytesOf(texts) > MAX_INDEX_BYTES;
}

/** Of the texts among the values. */
export function bytesOf(values: readonly unknown[]): number {
  return values.reduce<number>(
    (sum, it) => sum + (typeof it === 'string' ? Buffer.byteLength(it) : 0),
    0,
  );
}

function textOf(doc: Doc, field: string): string {
  const value = fieldOf(doc, field);
  return typeof value === 'string' ? value : '';
}

/** One increment for each document that any of them is of, which comes to the same as all of them. */
export function mergedIncrements(increments: Iterable<SummaryIncrement>): SummaryIncrement[] {
  const collections = new Map<string, Map<string, MergedIncrement>>();
  for (const increment of increments) {
    const { collection, key, init = {} } = increment;
    const byKey = collections.get(collection) ?? new Map<string, MergedIncrement>();
    if (byKey.size === 0) collections.set(collection, byKey);
    let merged = byKey.get(key);
    if (!merged) {
      merged = { collection, key, init, add: {}, min: {}, max: {} };
      byKey.set(key, merged);
    }
    merge(merged, increment);
  }
  return [...collections.values()].flatMap((byKey) => [...byKey.values()]);
}

interface MergedIncrement extends SummaryIncrement {
  readonly add: Record<string, number>;
  readonly min: Record<string, string>;
  readonly max: Record<string, string>;
}

function merge(into: MergedIncrement, { add = {}, min = {}, max = {} }: Increment): void {
  for (const field in add) into.add[field] = (into.add[field] ?? 0) + (add[field] ?? 0);
  for (const field in min) into.min[field] = lesser(min[field] ?? '', into.min[field]);
  for (const field in max) into.max[field] = greater(max[field] ?? '', into.max[field]);
}

/** The lesser of two texts, or the only one. */
export function lesser(text: string, other: string | undefined): string {
  return other === undefined || compareText(text, other) < 0 ? text : other;
}

/** The greater of two texts, or the only one. */
export function greater(text: string, other: string | undefined): string {
  return other === undefined || compareText(text, other) > 0 ? text : other;
}

/** The first of each key. */
export function distinct<D extends Doc>(entries: readonly Append<D>[]): Append<D>[] {
  const byKey = new Map<string, Append<D>>();
  for (const entry of entries) {
    if (!byKey.has(entry.doc.key)) byKey.set(entry.doc.key, entry);
  }
  return [...byKey.values()];
}

/** The one order of strings, of indexes as of minima and maxima: that of their UTF-8. */
export function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i += 1) {
    const [left, right] = [a.charCodeAt(i), b.charCodeAt(i)];
    if (left !== right) return placeOf(left) - placeOf(right);
  }
  return a.length - b.length;
}

/** Where a UTF-16 unit stands among those of UTF-8: surrogates stand for what lies behind all others. */
function placeOf(unit: number): number {
  if (unit >= 0xe000) return unit - 0x800;
  return unit >= 0xd800 ? unit + 0x2000 : unit;
}

/** A page of at most `limit` out of up to `limit + 1` documents in scan order. */
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
