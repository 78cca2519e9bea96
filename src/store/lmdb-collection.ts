import { asBinary, type Database, getLastVersion } from 'lmdb';
import { type Bounds, UNBOUNDED } from './bounds.ts';
import { CollectionBase } from './collection-base.ts';
import { project } from './documents.ts';
import { incremented } from './increments.ts';
import { assertIndexable, indexOf, isLongerThanStored, pageOf } from './indexes.ts';
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

  /**
   * Makes the entries of indexes that were declared after documents were written, once.
   *
   * @returns the indexes made of documents that existed
   */
  async makeIndexes(bounds: Bounds = UNBOUNDED): Promise<readonly string[]> {
    const { name, indexes } = this.spec;
    const environment = this.#environment;
    const declared = Object.entries(indexes).map(
      ([index, spec]) => [index, JSON.stringify(spec)] as const,
    );
    const gone = environment.madeIndexes(name).filter(([index]) => !(index in indexes));
    // No database can be opened inside a transaction.
    const dropped = gone.map(([index]) =>
      environment.openIndex(name, index, { eq: [], order: 'key' }),
    );
    return environment.write(bounds, () => {
      const before = new Map(environment.madeIndexes(name));
      const missing = declared.filter(([index, spec]) => before.get(index) !== spec);
      if (missing.length === 0 && dropped.length === 0) return [];
      for (const index of dropped) index.clear();
      for (const [index] of missing) this.#make(this.#indexes.get(index));
      environment.noteIndexes(name, declared);
      const [any] = this.#docs.getKeys({ limit: 1 });
      return any === undefined ? [] : missing.map(([index]) => index);
    });
  }

  #make(index: LmdbIndex | undefined): void {
    index?.clear();
    for (const { value: doc } of this.#docs.getRange()) index?.change(undefined, doc);
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
