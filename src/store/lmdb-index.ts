import { StringDecoder } from 'node:string_decoder';
import type { Database } from 'lmdb';
import { fieldOf, isLongerThanStored, MAX_INDEX_BYTES } from './indexes.ts';
import type { Doc, IndexSpec, IndexValue, RangeScan } from './port.ts';
import { bytesOf, compareText } from './text.ts';

/** The values of the `eq` fields, that of `order`, and the document's key. */
export type IndexKey = IndexValue[];
/** The document's version and the fields that the index includes; null where it includes none. */
type Included = readonly unknown[] | null;
type Entries = Database<Included, IndexKey>;

/** Sorts behind every string that an index orders by. */
const HIGHEST = '\u{10ffff}\u{10ffff}';

/** An entry that a scan met. */
interface Met {
  readonly key: IndexKey;
  readonly value?: Included | undefined;
}

/** A declared index: a database with an entry for each document that has its fields. */
export class LmdbIndex {
  readonly spec: IndexSpec;
  readonly #entries: Entries;
  /** The fields that an entry holds. */
  readonly #held: ReadonlySet<string>;

  constructor(spec: IndexSpec, entries: Database) {
    this.spec = spec;
    this.#entries = entries as Entries;
    const { eq, order, each, includes } = spec;
    const held = eq.filter((field) => field !== each);
    this.#held = new Set(includes && ['key', 'version', ...held, order, ...includes]);
  }

  /** Inside a transaction. */
  clear(): void {
    this.#entries.clearSync();
  }

  /** Inside a transaction: replaces the entries of a document's former state by those of its next. */
  change(old: Doc | undefined, doc: Doc | undefined): void {
    const before = old ? entriesOf(this.spec, old) : NONE;
    const after = doc ? entriesOf(this.spec, doc) : NONE;
    for (const entry of before) if (!isAmong(after, entry)) this.#entries.remove(entry);
    for (const entry of after) {
      if (doc && (this.spec.includes || !isAmong(before, entry))) {
        this.#entries.put(entry, includedOf(this.spec, doc));
      }
    }
  }

  /** Whether the entries of a document are as they should be. */
  fits(doc: Doc): boolean {
    const included = JSON.stringify(includedOf(this.spec, doc));
    return entriesOf(this.spec, doc).every((entry) => {
      const held = this.#entries.getEntry(entry);
      return held && JSON.stringify(held.value) === included;
    });
  }

  /** Whether an entry belongs to the document in its present state. */
  isOf(entry: IndexKey, doc: Doc): boolean {
    return isAmong(entriesOf(this.spec, doc), entry);
  }

  /** The first and the last entries. */
  sample(limit: number): readonly IndexKey[] {
    const half = Math.ceil(limit / 2);
    const first = [...this.#entries.getKeys({ limit: half })];
    return [...first, ...this.#entries.getKeys({ limit: half, reverse: true })];
  }

  /** Whether entries hold all that is asked for. */
  covers(fields: readonly string[] | undefined): boolean {
    return this.#held.size > 0 && !!fields && fields.every((field) => this.#held.has(field));
  }

  /** The document of an entry of a scan that is covered. */
  docOf<D extends Doc>({ key, value }: Met, fields: readonly string[]): D {
    const { eq, order, includes = [] } = this.spec;
    const doc: Record<string, unknown> = { key: keyOf(key), version: value?.[0] };
    for (const field of [...fields, order]) {
      if (field in doc) continue;
      const at = includes.indexOf(field);
      const held = at >= 0 ? value?.[at + 1] : key[field === order ? eq.length : eq.indexOf(field)];
      if (held !== undefined) doc[field] = held;
    }
    return doc as unknown as D;
  }

  /** In scan order, up to one more than the scan's limit. */
  entries(scan: RangeScan, withValues: boolean): Met[] {
    const limit = scan.limit + 1;
    const [head = [], ...others] = combinations(scan.eq).map((eq) =>
      this.#entriesOf(scan, eq, limit, withValues),
    );
    if (others.length === 0) return head;
    const direction = scan.reverse ? -1 : 1;
    const all = [head, ...others].flat();
    return all.sort((a, b) => direction * compareEntries(a.key, b.key)).slice(0, limit);
  }

  /** The entries of one value for each `eq` field. */
  #entriesOf(
    scan: RangeScan,
    eq: readonly IndexValue[],
    limit: number,
    withValues: boolean,
  ): Met[] {
    if (isLongerThanStored(eq)) return [];
    const range = { ...rangeOf(scan, eq), exclusiveStart: true, limit };
    if (withValues) return [...this.#entries.getRange(range)];
    return [...this.#entries.getKeys(range)].map((key) => ({ key }));
  }
}

/** The key of an entry's document. */
export function keyOf(entry: IndexKey): string {
  return entry.at(-1) as string;
}

function rangeOf(scan: RangeScan, eq: readonly IndexValue[]) {
  const room = MAX_INDEX_BYTES - bytesOf(eq);
  const from = headOf(scan.from ?? '', room);
  const before = headOf(scan.before ?? HIGHEST, room);
  const { after } = scan;
  const low = [...eq, from];
  const high = [...eq, before];
  // A position may be outside the bounds.
  const at = after && [...eq, after.order, after.key];
  return scan.reverse
    ? {
        start: at && compareText(after.order, before) < 0 ? at : high,
        end: low,
        reverse: true,
        inclusiveEnd: true,
      }
    : { start: at && compareText(after.order, from) >= 0 ? at : low, end: high };
}

/** A bound that LMDB accepts: no entry is between a bound that is longer than any and its head. */
function headOf(bound: string, room: number): string {
  if (bound.length <= room && Buffer.byteLength(bound) <= room) return bound;
  // Whole characters alone.
  return new StringDecoder().write(Buffer.from(bound).subarray(0, room));
}

/** Every way to take one value of each. */
function combinations(eq: RangeScan['eq']): (readonly IndexValue[])[] {
  if (isPlain(eq)) return [eq];
  return eq.reduce<IndexValue[][]>(
    (heads, values) =>
      [values].flat().flatMap((value) => heads.map((head) => [...head, value as IndexValue])),
    [[]],
  );
}

function isPlain(eq: RangeScan['eq']): eq is readonly IndexValue[] {
  return !eq.some(Array.isArray);
}

/** By the order of one index, whatever the `eq` values. */
function compareEntries(a: IndexKey, b: IndexKey): number {
  const byOrder = compareText(String(a.at(-2)), String(b.at(-2)));
  return byOrder || compareText(String(a.at(-1)), String(b.at(-1)));
}

const NONE: readonly IndexKey[] = [];

/** None for a document that lacks a field of the index. */
function entriesOf(spec: IndexSpec, doc: Doc): readonly IndexKey[] {
  const values = spec.each === undefined ? [undefined] : fieldOf(doc, spec.each);
  if (!Array.isArray(values)) return NONE;
  const entries: IndexKey[] = [];
  for (const value of values) {
    const entry = entryOf(spec, doc, value);
    if (entry) entries.push(entry);
  }
  return entries;
}

/** @param each the value of the field that is a list */
function entryOf(
  { eq, order, each: list }: IndexSpec,
  doc: Doc,
  each: unknown,
): IndexKey | undefined {
  const entry: IndexKey = [];
  for (const field of eq) {
    const value = field === list ? each : fieldOf(doc, field);
    if (!isIndexValue(value)) return undefined;
    entry.push(value);
  }
  const position = fieldOf(doc, order);
  if (!isIndexValue(position)) return undefined;
  entry.push(position, doc.key);
  return entry;
}

function isAmong(entries: readonly IndexKey[], entry: IndexKey): boolean {
  return entries.some((it) => it.every((value, i) => value === entry[i]));
}

function isIndexValue(value: unknown): value is IndexValue {
  return typeof value === 'string' || typeof value === 'boolean';
}

function includedOf({ includes }: IndexSpec, doc: Doc): Included {
  return includes ? [doc.version, ...includes.map((field) => fieldOf(doc, field))] : null;
}
