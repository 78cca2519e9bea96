import { asBinary, type Database, getLastVersion, type RangeOptions } from 'lmdb';
import type { Bounds } from './bounds.ts';
import { CollectionBase } from './collection-base.ts';
import { project } from './documents.ts';
import { incremented } from './increments.ts';
import { assertIndexable, indexOf, isLongerThanStored, pageOf } from './indexes.ts';
import { buildIndexes } from './lmdb-build.ts';
import type { Stored } from './lmdb-cache.ts';
import type { Environment } from './lmdb-environment.ts';
import { keyOf, type LmdbIndex } from './lmdb-index.ts';
import { codecOf, LmdbParts } from './lmdb-parts.ts';
import type { Collection, CollectionSpec, Doc, Increment, Page, RangeScan } from './port.ts';
import type { Delete, Insert, Replace } from './writes.ts';

/** What a write changes: `doc` in place of `old`. */
interface Change {
  readonly key: string;
  readonly old: Stored | undefined;
  readonly doc: Doc | undefined;
}

export class LmdbCollection<D extends Doc> extends CollectionBase<D> implements Collection<D> {
  readonly #docs: Database<D, string>;
  readonly #parts: LmdbParts<D>;
  /** The declared indexes by name. */
  readonly #indexes: ReadonlyMap<string, LmdbIndex>;
  readonly #environment: Environment;

  constructor(environment: Environment, spec: CollectionSpec<D>) {
    super(spec);
    this.#environment = environment;
    // Before the documents: where these exist, both do.
    this.#parts = new LmdbParts(environment, spec);
    this.#docs = environment.openDocs(spec.name);
    this.#indexes = new Map(
      Object.entries(spec.indexes).map(([name, index]) => [
        name,
        environment.openIndex(spec.name, name, index),
      ]),
    );
  }

  /** See `buildIndexes`. @returns the indexes created for documents that existed */
  buildIndexes(): Promise<readonly string[]> {
    return buildIndexes({
      environment: this.#environment,
      spec: this.spec,
      docs: {
        isEmpty: () => this.#docs.getKeysCount({ limit: 1 }) === 0,
        after: (key) => this.#range(key === undefined ? {} : { start: key, exclusiveStart: true }),
      },
      indexes: this.#indexes,
    });
  }

  /** The documents with the lowest and the highest keys. */
  sample(limit: number): readonly D[] {
    const half = Math.ceil(limit / 2);
    const found = [...this.#range({ limit: half }), ...this.#range({ limit: half, reverse: true })];
    return [...new Map(found.map((doc) => [doc.key, doc])).values()];
  }

  *#range(options: RangeOptions): Generator<D> {
    for (const { value } of this.#docs.getRange(options)) yield this.#parts.joined(value).doc;
  }

  /** Compares documents with their entries, and entries with their documents. */
  checkIndexes(limit: number): { readonly checked: number; readonly wrong: readonly string[] } {
    const docs = this.sample(limit);
    const wrong: string[] = [];
    let checked = 0;
    for (const [name, index] of this.#indexes) {
      const entries = index.sample(limit);
      checked += docs.length + entries.length;
      for (const doc of docs) if (!index.fits(doc)) wrong.push(`${name}: ${doc.key}`);
      for (const entry of entries) {
        const doc = this.#stored(keyOf(entry))?.doc;
        if (!doc || !index.isOf(entry, doc)) wrong.push(`${name}: ${keyOf(entry)}`);
      }
    }
    return { checked, wrong };
  }

  get(bounds: Bounds, key: string, fields?: readonly string[]): D | undefined {
    this.#environment.beginRead(bounds);
    return this.#read(bounds, key, fields);
  }

  getMany(bounds: Bounds, keys: readonly string[], fields?: readonly string[]): (D | undefined)[] {
    this.#environment.beginRead(bounds);
    return keys.map((key) => this.#read(bounds, key, fields));
  }

  #read(bounds: Bounds, key: string, fields: readonly string[] | undefined): D | undefined {
    const stored = this.#stored(key, fields);
    bounds.reads?.document(this.spec.name, key, stored?.stamp);
    return stored && project(stored.doc, fields);
  }

  /** What LMDB has of a document beside it; undefined where there is none. Begins no read. */
  versionOf(key: string): number | undefined {
    return this.#has(key) ? getLastVersion() : undefined;
  }

  /** LMDB itself refuses to look for a key that is longer than it accepts. */
  #has(key: string): boolean {
    return !isLongerThanStored([key]) && this.#docs.doesExist(key);
  }

  #stored(key: string): Stored<D> | undefined;
  /** @returns a document that has these fields at least */
  #stored(
    key: string,
    fields: readonly string[] | undefined,
  ): Pick<Stored<D>, 'doc' | 'stamp'> | undefined;
  #stored(key: string, fields?: readonly string[]): Pick<Stored<D>, 'doc' | 'stamp'> | undefined {
    const { cache } = this.#environment;
    if (isLongerThanStored([key])) return undefined;
    const kept = cache.get(this.spec.name, key) as Stored<D> | undefined;
    if (kept && this.#docs.doesExist(key, kept.stamp)) return kept;
    const encoded = this.#docs.getBinaryFast(key);
    if (!encoded) return undefined;
    // Decoding may read the shapes of documents, which changes both.
    const [length, stamp] = [encoded.length, getLastVersion()];
    const record = codecOf(this.#docs).decode(encoded);
    if (this.#parts.suffices(record, fields)) return { doc: record, stamp };
    const { doc, sizes } = this.#parts.joined(record);
    const stored = { doc, sizes, stamp, bytes: bytesOf(length, sizes) };
    // A transaction under way may be taken back, and another have its number.
    if (stored.stamp !== this.#environment.stamp) cache.keep(this.spec.name, stored);
    return stored;
  }

  scan(bounds: Bounds, scan: RangeScan): Page<D> {
    indexOf(this.spec, scan);
    this.#environment.beginRead(bounds);
    bounds.reads?.other();
    return this.#page(scan);
  }

  scanMany(bounds: Bounds, scans: readonly RangeScan[]): Page<D>[] {
    for (const scan of scans) indexOf(this.spec, scan);
    this.#environment.beginRead(bounds);
    bounds.reads?.other();
    return scans.map((scan) => this.#page(scan));
  }

  #page(scan: RangeScan): Page<D> {
    const index = this.#indexes.get(scan.index);
    if (!index) throw new RangeError(`${this.spec.name} has no index '${scan.index}'`);
    const { order } = index.spec;
    const fields = scan.fields && [...scan.fields, order];
    const covered = fields && index.covers(fields);
    const docs: D[] = [];
    for (const entry of index.entries(scan, covered === true)) {
      if (covered) {
        docs.push(index.docOf<D>(entry, fields));
        continue;
      }
      const stored = this.#stored(keyOf(entry.key), fields);
      if (stored) docs.push(project(stored.doc, fields));
    }
    return pageOf(docs, scan.limit, order);
  }

  /** Inside a write: what a write changes; undefined when its condition fails. */
  changeOf(write: Insert | Replace | Delete): Change | undefined {
    const { key } = write;
    if (write.verb === 'insert') {
      return this.#has(key) ? undefined : { key, old: undefined, doc: write.doc };
    }
    const old = this.#stored(key);
    if (write.ifVersion !== undefined && old?.doc.version !== write.ifVersion) return undefined;
    return { key, old, doc: write.verb === 'replace' ? write.doc : undefined };
  }

  /** Inside a write. @throws RangeError when the document's index fields would be too long */
  incrementOf(increment: Increment): Change {
    const { key } = increment;
    const old = this.#stored(key);
    const doc = Object.freeze(incremented(old?.doc, increment));
    assertIndexable(this.spec, doc);
    return { key, old, doc };
  }

  /** Inside a write. Index by index: entries of one are closer together than those of one document. */
  apply(changes: readonly Change[]): void {
    for (const index of this.#indexes.values()) {
      for (const { old, doc } of changes) index.change(old?.doc, doc);
    }
    for (const { key, old, doc } of changes) {
      if (doc) this.#put(key, doc as D, old);
      else if (old) {
        this.#parts.remove(old);
        this.#docs.remove(key);
      }
    }
  }

  #put(key: string, doc: D, old: Stored | undefined): void {
    const { stamp } = this.#environment;
    const { record, sizes } = this.#parts.put(doc, old);
    const encoded = codecOf(this.#docs).encode(record);
    this.#docs.put(key, asBinary(encoded) as unknown as D, stamp);
    const bytes = bytesOf(encoded.length, sizes);
    this.#environment.keep(this.spec.name, { doc, sizes, stamp, bytes });
  }
}

/** @param length of the record */
function bytesOf(length: number, sizes: Stored['sizes']): number {
  let bytes = length;
  for (const size of sizes.values()) bytes += size;
  return bytes;
}
