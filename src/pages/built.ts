import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Encoding } from '../http/encoding.ts';
import { packageRoot } from '../package/package.ts';
import { type EncodedContent, type FileDescription, StaticFile } from './static-file.ts';

/** The pages as the build leaves them in a folder: an index, and each content in its codings. */
export const INDEX = 'index.json';

export interface BuiltFile extends FileDescription {
  readonly digest: string;
  readonly encodings: readonly Encoding[];
}

export function builtFolder(): string {
  return join(packageRoot(), 'dist', 'pages');
}

/** The name of the file with a content in a coding. */
export function contentName(digest: string, encoding: Encoding): string {
  return `${digest}.${encoding}`;
}

/** Reads every page into memory. @throws Error if the pages are not built */
export function builtFiles(): readonly StaticFile[] {
  const folder = builtFolder();
  const index = join(folder, INDEX);
  if (!existsSync(index)) throw new Error(`the pages are not built: run 'npm run build' first`);
  const files = JSON.parse(readFileSync(index, 'utf8')) as readonly BuiltFile[];
  return files.map((file) => new StaticFile(file, file.digest, contentOf(folder, file)));
}

function contentOf(folder: string, { digest, encodings }: BuiltFile): EncodedContent {
  return new Map(
    encodings.map((it) => [it, readFileSync(join(folder, contentName(digest, it)))] as const),
  );
}
