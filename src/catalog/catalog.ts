import { DomainError } from '../domain/errors.ts';
import type { CatalogItems, KindName } from './types.ts';

/** One kind of catalog item: the latest version of each, and the older ones by number. */
export class CatalogKind<T extends { readonly id: string }> {
  readonly #noun: string;
  readonly #versions: ReadonlyMap<string, readonly T[]>;
  readonly #latest: readonly T[];

  /**
   * @param noun what one is called, e.g. `skill template`
   * @param items by id: every version, oldest first, at least one
   */
  constructor(noun: string, items: ReadonlyMap<string, readonly T[]>) {
    this.#noun = noun;
    this.#versions = items;
    this.#latest = [...items.values()].flatMap((versions) => versions.slice(-1));
  }

  /** The latest version of every item, by id. */
  list(): readonly T[] {
    return this.#latest;
  }

  /** The latest version. */
  get(id: string): T | undefined {
    return this.#versions.get(id)?.at(-1);
  }

  /**
   * The latest version of an item that a caller named.
   *
   * @throws DomainError `catalog.not_found`
   */
  require(id: string): T {
    const item = this.get(id);
    if (item) return item;
    throw new DomainError('catalog.not_found', `the catalog has no ${this.#noun} '${id}'`);
  }

  /** The item as it was at a version; also when it has moved on. */
  version(id: string, version: string): T | undefined {
    return this.#versions.get(id)?.find((item) => 'version' in item && item.version === version);
  }
}

/** The starter content and the manifests: the same for everyone, loaded once. */
export type Catalog = { readonly [K in KindName]: CatalogKind<CatalogItems[K]> };
