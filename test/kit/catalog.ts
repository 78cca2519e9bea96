import { CatalogKind } from '../../src/catalog/catalog.ts';

/** A kind of the catalog with these items, each at one version. */
export function kindOf<T extends { readonly id: string }>(items: readonly T[]): CatalogKind<T> {
  const byId = new Map(items.map((item) => [item.id, [item]]));
  return new CatalogKind('item', () => byId);
}
