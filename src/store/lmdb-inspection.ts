import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { IndexReport, Inspection, SizeReport } from './inspection.ts';
import { declaredOf } from './lmdb-build.ts';
import { LmdbCollection } from './lmdb-collection.ts';
import { Environment } from './lmdb-environment.ts';
import { DATA_FILE } from './lmdb-file.ts';
import type { Collection, CollectionSpec, Doc } from './port.ts';

class LmdbInspection implements Inspection {
  readonly #environment: Environment;
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    this.#environment = new Environment(folder, { readOnly: true });
  }

  async collection<D extends Doc>(spec: CollectionSpec<D>): Promise<Collection<D> | undefined> {
    return this.#missing(spec).length > 0 ? undefined : this.#open(spec);
  }

  async sample(spec: CollectionSpec, limit: number): Promise<readonly Doc[]> {
    return this.#exists(spec) ? this.#open({ ...spec, indexes: {} }).sample(limit) : [];
  }

  async indexes(spec: CollectionSpec, limit: number): Promise<IndexReport> {
    const missing = this.#missing(spec);
    if (!this.#exists(spec)) return { missing: [], checked: 0, wrong: [] };
    const complete = Object.entries(spec.indexes).filter(([name]) => !missing.includes(name));
    const collection = this.#open({ ...spec, indexes: Object.fromEntries(complete) });
    return { missing, ...collection.checkIndexes(limit) };
  }

  async size(): Promise<SizeReport> {
    const { size } = statSync(join(this.#folder, DATA_FILE));
    return { bytes: size, usedBytes: this.#environment.usedBytes() };
  }

  readers() {
    return this.#environment.readers();
  }

  close(): Promise<void> {
    return this.#environment.close();
  }

  #exists({ name }: CollectionSpec): boolean {
    return this.#environment.databases().includes(`${name}.docs`);
  }

  /** The indexes that are not complete as they are declared; all where there is no collection. */
  #missing(spec: CollectionSpec): readonly string[] {
    const made = new Map(this.#environment.madeIndexes(spec.name));
    return declaredOf(spec).flatMap(([name, text]) => (made.get(name) === text ? [] : [name]));
  }

  /** Each of its databases must exist: none can be created. */
  #open<D extends Doc>(spec: CollectionSpec<D>): LmdbCollection<D> {
    return new LmdbCollection(this.#environment, spec);
  }
}

/** @throws StoreMisconfigured */
export function inspectLmdb(folder: string): Inspection {
  return new LmdbInspection(folder);
}
