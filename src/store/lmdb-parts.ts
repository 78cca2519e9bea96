import { asBinary, type Database, type Key } from 'lmdb';
import { fieldOf } from './indexes.ts';
import type { Environment } from './lmdb-environment.ts';
import type { CollectionSpec, Doc } from './port.ts';

/** How a database's values are written; the types of lmdb do not show it. */
export interface Codec<V> {
  encode(value: V): Buffer;
  decode(bytes: Buffer): V;
}

export function codecOf<V, K extends Key>(database: Database<V, K>): Codec<V> {
  return (database as unknown as { encoder: Codec<V> }).encoder;
}

/** A document, and the bytes of each of its fields that are stored apart. */
export interface Parted<D extends Doc> {
  readonly doc: D;
  readonly sizes: ReadonlyMap<string, number>;
}

const NO_SIZES: Parted<Doc>['sizes'] = new Map();
/** A shorter field is read and written faster with its document. */
const MIN_BYTES = 1_024;

/**
 * The fields of a collection's documents that are stored apart (`CollectionSpec.parts`), where
 * they are long. In the record of its document such a field exists without a value: a document
 * has no other field like that.
 */
export class LmdbParts<D extends Doc> {
  readonly #fields: readonly string[];
  /** Of each document by its key, then by the field. */
  readonly #values: Database<unknown, [key: string, field: string]> | undefined;

  constructor(environment: Environment, { name, parts = [] }: CollectionSpec<D>) {
    this.#fields = parts;
    this.#values = parts.length > 0 ? environment.openParts(name) : undefined;
  }

  /** Whether a record that is not the whole document has all of these fields nevertheless. */
  suffices(record: D, fields: readonly string[] | undefined): boolean {
    if (!fields || !this.#isPartial(record)) return false;
    return !fields.some((field) => this.#fields.includes(field) && isApart(record, field));
  }

  /** The document of a record. */
  joined(record: D): Parted<D> {
    const values = this.#values;
    if (!values || !this.#isPartial(record)) return { doc: record, sizes: NO_SIZES };
    const doc = { ...record } as Record<string, unknown>;
    const sizes = new Map<string, number>();
    for (const field of this.#fields) {
      if (!isApart(record, field)) continue;
      const bytes = values.getBinaryFast([record.key, field]);
      if (!bytes) throw new Error(`the field '${field}' of '${record.key}' is not stored`);
      sizes.set(field, bytes.length);
      doc[field] = codecOf(values).decode(bytes);
    }
    return { doc: Object.freeze(doc) as unknown as D, sizes };
  }

  /**
   * Inside a write: stores what belongs apart of a document, but no value that the stored document
   * has already.
   *
   * @returns its record
   */
  put(
    doc: D,
    old: Parted<Doc> | undefined,
  ): { readonly record: D; readonly sizes: Parted<D>['sizes'] } {
    const values = this.#values;
    if (!values) return { record: doc, sizes: NO_SIZES };
    const record = { ...doc } as Record<string, unknown>;
    const sizes = new Map<string, number>();
    for (const field of this.#fields) {
      const value = record[field];
      const same = value === (old && fieldOf(old.doc, field));
      const size = same ? old?.sizes.get(field) : this.#putOne([doc.key, field], value);
      if (size === undefined) {
        if (old?.sizes.has(field)) values.remove([doc.key, field]);
        continue;
      }
      sizes.set(field, size);
      record[field] = undefined;
    }
    return { record: record as unknown as D, sizes };
  }

  /** Inside a write: removes what is stored apart of a document. */
  remove({ doc, sizes }: Parted<Doc>): void {
    for (const field of sizes.keys()) this.#values?.remove([doc.key, field]);
  }

  #isPartial(record: D): boolean {
    return this.#fields.some((field) => isApart(record, field));
  }

  /** @returns its bytes; undefined for a value that belongs in its document's record */
  #putOne(at: [key: string, field: string], value: unknown): number | undefined {
    if (!this.#values || typeof value !== 'object') return undefined;
    const encoded = codecOf(this.#values).encode(value);
    if (encoded.length < MIN_BYTES) return undefined;
    this.#values.put(at, asBinary(encoded));
    return encoded.length;
  }
}

function isApart(record: Doc, field: string): boolean {
  return field in record && fieldOf(record, field) === undefined;
}
