import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse, YAMLParseError } from 'yaml';
import { formProblems } from '../domain/form.ts';
import { isNewer } from '../domain/versions.ts';
import { packageRoot } from '../package/package.ts';
import { type Catalog, CatalogKind } from './catalog.ts';
import { type CatalogContent, contentProblems } from './check.ts';
import { KINDS, type KindFiles } from './kinds.ts';
import type { KindName } from './types.ts';

/** Content that cannot be used, with every problem. */
export class CatalogError extends Error {
  override readonly name = 'CatalogError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`the catalog cannot be used:\n${problems.map((it) => `  - ${it}`).join('\n')}`);
    this.problems = problems;
  }
}

const SUFFIX = '.yaml';
const CONTENT = 'src/catalog/content';

/** An item at one of its versions. */
interface Item {
  readonly id: string;
}
type Items = ReadonlyMap<string, readonly Item[]>;

/** A file that its kind's shape accepts. */
interface File extends Item {
  readonly versions?: readonly { readonly version: string }[];
}

/**
 * Reads the content: a folder for each kind, a file for each item, named after the end of
 * its id. The file of a template lists its `versions`, oldest first.
 *
 * @param folder of the content; if left out, the package's own, which is read once
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
  read ??= readContent(join(packageRoot(), CONTENT));
  return read;
}

function catalogOf(content: () => CatalogContent): Catalog {
  return eachKind((kind) => {
    const items = (): Items => content()[kind];
    return new CatalogKind(KINDS[kind].noun, items);
  }) as unknown as Catalog;
}

function readContent(folder: string): CatalogContent {
  const reader = new Reader(folder);
  const content = eachKind((kind) => reader.read(KINDS[kind])) as unknown as CatalogContent;
  if (reader.problems.length > 0) throw new CatalogError(reader.problems);
  const problems = contentProblems(content);
  if (problems.length > 0) throw new CatalogError(problems);
  return content;
}

function eachKind<T>(make: (kind: KindName) => T): Record<KindName, T> {
  const kinds = Object.keys(KINDS) as KindName[];
  return Object.fromEntries(kinds.map((kind) => [kind, make(kind)])) as Record<KindName, T>;
}

/** Reads one kind after the other and collects the problems of its files. */
class Reader {
  readonly problems: string[] = [];
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  read(kind: KindFiles): Items {
    const items = new Map<string, readonly Item[]>();
    for (const file of readdirSync(join(this.#root, kind.folder)).sort()) {
      const name = `${kind.folder}/${file}`;
      const content = this.#parse(name);
      if (content === undefined) continue;
      const misfits = formProblems(kind.shape, content, '');
      for (const { path, message } of misfits) {
        this.problems.push(`${name}: ${path ? `${path} ` : ''}${message}`);
      }
      if (misfits.length > 0) continue;
      const item = content as File;
      const id = kind.idPrefix + basename(file, SUFFIX);
      if (item.id !== id) this.problems.push(`${name}: its id must be '${id}'`);
      items.set(id, this.#versions(name, item));
    }
    return items;
  }

  #parse(name: string): unknown {
    try {
      return parse(readFileSync(join(this.#root, name), 'utf8')) ?? null;
    } catch (error) {
      if (!(error instanceof YAMLParseError)) throw error;
      this.problems.push(`${name}: ${error.message}`);
      return undefined;
    }
  }

  #versions(name: string, { id, versions, ...only }: File): readonly Item[] {
    if (!versions) return [{ id, ...only }];
    for (const [i, { version }] of versions.entries()) {
      const before = versions[i - 1]?.version;
      if (before === undefined || isNewer(version, before)) continue;
      this.problems.push(`${name}: version '${version}' must be newer than '${before}'`);
    }
    return versions.map((version) => ({ id, ...version }));
  }
}
