import { type Catalog, CatalogKind } from './catalog.ts';
import type { CatalogContent } from './check.ts';
import { eachKind, KINDS } from './kinds.ts';
import { packagedContent } from './packaged.ts';
import { type Items, readContent } from './read.ts';

/**
 * @param folder of the content (see `readContent`); if left out, the package's own, which is read once
 * @throws CatalogError with every problem
 */
export function loadCatalog(folder?: string): Catalog {
  const content = folder === undefined ? packaged() : readContent(folder);
  return catalogOf(() => content);
}

/**
 * The package's own catalog, read on first use, because most commands never use it.
 *
 * @throws CatalogError on first use
 */
export function catalogOnUse(): Catalog {
  return catalogOf(packaged);
}

let read: CatalogContent | undefined;
function packaged(): CatalogContent {
  read ??= packagedContent();
  return read;
}

function catalogOf(content: () => CatalogContent): Catalog {
  return eachKind((kind) => {
    const items = (): Items => content()[kind];
    return new CatalogKind(KINDS[kind].noun, items);
  }) as unknown as Catalog;
}
