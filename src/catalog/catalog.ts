import type { DerivedFrom } from '../domain/derived-from.ts';
import { DomainError } from '../domain/errors.ts';
import type { CatalogItems, KindName } from './types.ts';

/** One kind of catalog item, with all versions of each. */
export class CatalogKind<T extends { readonly id: string }> {
  readonly #noun: string;
  readonly #items: () => ReadonlyMap<string, readonly T[]>;

  /**
   * @param noun for messages, e.g. `skill template`
   * @param items by id: every version, at least one, oldest first. Returns the same on every call
   */
  constructor(noun: string, items: () => ReadonlyMap<string, readonly T[]>) {
    this.#noun = noun;
    this.#items = items;
  }

  /** The latest version of every item, by id. */
  list(): readonly T[] {
    return [...this.#items().values()].flatMap((versions) => versions.slice(-1));
  }

  /** The latest version. */
  get(id: string): T | undefined {
    return this.#items().get(id)?.at(-1);
  }

  /**
   * An item that a caller named, at its latest version if none is given.
   *
   * @throws DomainError `catalog.not_found`
   */
  require(id: string, version?: string | null): T {
    const item = version == null ? this.get(id) : this.version(id, version);
    if (item) return item;
    const what = version == null ? `'${id}'` : `'${id}' at version '${version}'`;
    throw new DomainError('catalog.not_found', `the catalog has no ${this.#noun} ${what}`);
  }

  /** The latest versions of items that a template refers to. The loader has checked that they exist. */
  all(ids: readonly string[] = []): T[] {
    return ids.map((id) => this.require(id));
  }

  /** The template of a copy, at the version that was copied. */
  pinned(derivedFrom: DerivedFrom | undefined): T | undefined {
    return derivedFrom && this.version(derivedFrom.templateId, derivedFrom.version);
  }

  /** The item at a version, which need not be the latest. */
  version(id: string, version: string): T | undefined {
    return this.#items()
      .get(id)
      ?.find((item) => 'version' in item && item.version === version);
  }
}

/** The starter content and the manifests. The same for every org, loaded once. */
export type Catalog = { readonly [K in KindName]: CatalogKind<CatalogItems[K]> };
