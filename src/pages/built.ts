import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Encoding } from '../http/encoding.ts';
import { packageRoot } from '../package/package.ts';
import { AppPage } from './app-page.ts';
import type { Served } from './pages.ts';
import { type FileDescription, StaticFile } from './static-file.ts';

/** The pages as the build leaves them in a folder: an index, and each content in its codings. */
export const INDEX = 'index.json';
export const CONSOLE_DOCUMENTS = 'console-documents.json';

export interface BuiltFile extends FileDescription {
  readonly digest: string;
  readonly encodings: readonly Encoding[];
  readonly below?: string;
}

export function builtFolder(): string {
  return join(packageRoot(), 'dist', 'pages');
}

/** The operations of the console, in the form of `TRUSTED_DOCUMENTS`. */
export function consoleDocumentsFile(): string {
  return join(builtFolder(), CONSOLE_DOCUMENTS);
}

/** The name of the file with a content in a coding. */
export function contentName(digest: string, encoding: Encoding): string {
  return `${digest}.${encoding}`;
}

/**
 * Every page. A content is read from its file when it is first served: a start does not wait for it.
 *
 * @param connected origins that the console may send requests to, beside its own
 * @throws Error if the pages are not built
 */
export function builtFiles(connected: readonly string[]): readonly Served[] {
  const folder = builtFolder();
  const index = join(folder, INDEX);
  if (!existsSync(index)) throw new Error(`the pages are not built: run 'npm run build' first`);
  const files = JSON.parse(readFileSync(index, 'utf8')) as readonly BuiltFile[];
  return files.map((file) => {
    const { digest, encodings, below } = file;
    const read = (encoding: Encoding) => readFileSync(join(folder, contentName(digest, encoding)));
    return below === undefined
      ? new StaticFile(file, digest, { encodings, read })
      : new AppPage({ ...file, below }, connected, () => read('identity').toString());
  });
}
