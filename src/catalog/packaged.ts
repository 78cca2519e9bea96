import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot, runsFromSources } from '../package/package.ts';
import type { CatalogContent } from './check.ts';
import { eachKind } from './kinds.ts';
import { readContent } from './read.ts';
import type { KindName } from './types.ts';

/** The folder of the package's own content. */
export function contentFolder(): string {
  return join(packageRoot(), 'src/catalog/content');
}

/** The file into which the build writes the content, checked, as JSON: YAML is slow to read. */
export function builtContentFile(): string {
  return join(packageRoot(), 'dist/catalog.json');
}

/** The content of `builtContentFile`. */
export interface BuiltContent {
  /** Of what it was built from. */
  readonly digest: string;
  readonly kinds: Readonly<Record<KindName, readonly (readonly [id: string, versions: unknown])[]>>;
}

/**
 * The package's own content: from its files where the code runs from its sources, else as built.
 *
 * @throws CatalogError with every problem of the files
 * @throws Error if it is not built
 */
export function packagedContent(): CatalogContent {
  if (runsFromSources()) return readContent(contentFolder());
  const file = builtContentFile();
  if (!existsSync(file)) throw new Error(`the catalog is not built: run 'npm run build' first`);
  const { kinds } = JSON.parse(readFileSync(file, 'utf8')) as BuiltContent;
  return eachKind((kind) => new Map(kinds[kind])) as unknown as CatalogContent;
}
