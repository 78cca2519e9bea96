import { asBinary, type Database, getLastVersion } from 'lmdb';
import type { Bounds } from './bounds.ts';
import { CollectionBase } from './collection-base.ts';
import { project } from './documents.ts';
import { incremented } from './increments.ts';
import { assertIndexable, indexOf, isLongerThanStored, pageOf } from './indexes.ts';
import { buildIndexes } from './lmdb-build.ts';
import type { Stored } from './lmdb-cache.ts';
import type { Environment } from './lmdb-environment.ts';
import { keyOf, type LmdbIndex } from './lmdb-index.ts';
import type { Collection, CollectionSpec, Doc, Increment, Page, RangeScan } from './port.ts';
import type { Delete, Insert, Replace } from './writes.ts';

/** What a write changes: `doc` in place of `old`. */
interface Change {
  readonly key: string;
  readonly old: Doc | undefined;
  readonly doc: Doc | undefined;
}

/** How a database's documents are written; the types of lmdb do not show it. */
interface Codec<D> {
  encode(doc: D): Buffer;
  decode(bytes: Buffer): D;
}

export class LmdbCollection<D extends Doc> extends CollectionBase<D> implements Collection<D> {
  readonly #docs: Database<D, string>;
  readonly #codec: Codec<D>;
  /** The declared indexes by name. */
  readonly #indexes: ReadonlyMap<string, LmdbIndex>;
  readonly #environment: Environment;

  constructor(environment: Environment, spec: CollectionSpec<D>) {
    super(spec);
    this.#environment = environment;
    this.#docs = environment.openDocs(spec.name);
    this.#codec = (this.#docs as unknown as { encoder: Codec<D> }).encoder;
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
      docs: this.#docs as unknown as Database<Doc, string>,
      indexes: this.#indexes,
    });
  }

  /** The documents with the lowest and the highest keys. */
  sample(limit: number): readonly D[] {
    const half = Math.ceil(limit / 2);
    const found = [
      ...this.#docs.getRange({ limit: half }),
      ...this.#docs.getRange({ limit: half, reverse: true }),
    ];
    return [...new Map(found.map(({ key, value }) => [key, value])).values()];
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
    const stored = this.#stored(key);
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

  #stored(key: string): Stored<D> | undefined {
    const { cache } = this.#environment;
    if (isLongerThanStored([key])) return undefined;
    const kept = cache.get(this.spec.name, key) as Stored<D> | undefined;
    if (kept && this.#docs.doesExist(key, kept.stamp)) return kept;
    const encoded = this.#docs.getBinaryFast(key);
    if (!encoded) return undefined;
    // Decoding may read the shapes of documents, which changes both.
    const [bytes, stamp] = [encoded.length, getLastVersion()];
    const stored = { doc: this.#codec.decode(encoded), stamp, bytes };
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
      const stored = this.#stored(keyOf(entry.key));
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
    const old = this.#stored(key)?.doc;
    if (write.ifVersion !== undefined && old?.version !== write.ifVersion) return undefined;
    return { key, old, doc: write.verb === 'replace' ? write.doc : undefined };
  }

  /** Inside a write. @throws RangeError when the document's index fields would be too long */
  incrementOf(increment: Increment): Change {
    const { key } = increment;
    const old = this.#stored(key)?.doc;
    const doc = Object.freeze(incremented(old, increment));
    assertIndexable(this.spec, doc);
    return { key, old, doc };
  }

  /** Inside a write. Index by index: entries of one are closer together than those of one document. */
  apply(changes: readonly Change[]): void {
    for (const index of this.#indexes.values()) {
      for (const { old, doc } of changes) index.change(old, doc);
    }
    for (const { key, old, doc } of changes) {
      if (doc) this.#put(key, doc as D);
      else if (old) this.#docs.remove(key);
    }
  }

  #put(key: string, doc: D): void {
    const { stamp } = this.#environment;
    const encoded = this.#codec.encode(doc);
    this.#docs.put(key, asBinary(encoded) as unknown as D, stamp);
    this.#environment.keep(this.spec.name, { doc, stamp, bytes: encoded.length });
  }
}
