import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse, YAMLParseError } from 'yaml';
import { formProblems } from '../domain/form.ts';
import { isNewer } from '../domain/versions.ts';
import { type CatalogContent, contentProblems } from './check.ts';
import { eachKind, KINDS, type KindFiles } from './kinds.ts';

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

/** An item at one of its versions. */
interface Item {
  readonly id: string;
}
export type Items = ReadonlyMap<string, readonly Item[]>;

/** A file that its kind's shape accepts. */
interface File extends Item {
  readonly versions?: readonly { readonly version: string }[];
}

/**
 * Reads a folder of content: a folder for each kind, a file for each item, named after the end of
 * its id. The file of a template lists its `versions`, oldest first.
 *
 * @throws CatalogError with every problem
 */
export function readContent(folder: string): CatalogContent {
  const reader = new Reader(folder);
  const content = eachKind((kind) => reader.read(KINDS[kind])) as unknown as CatalogContent;
  if (reader.problems.length > 0) throw new CatalogError(reader.problems);
  const problems = contentProblems(content);
  if (problems.length > 0) throw new CatalogError(problems);
  return content;
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
