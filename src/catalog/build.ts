import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { replaceFile } from '../package/replace-file.ts';
import { eachKind } from './kinds.ts';
import { type BuiltContent, builtContentFile, contentFolder } from './packaged.ts';
import { readContent } from './read.ts';

// A program: checks the content and writes it into the file that `packagedContent` reads.
const file = builtContentFile();
const digest = digestOfInputs();
if (
  !existsSync(file) ||
  (JSON.parse(readFileSync(file, 'utf8')) as BuiltContent).digest !== digest
) {
  const content = readContent(contentFolder());
  const kinds = eachKind((kind) => [...content[kind]]);
  await replaceFile(file, JSON.stringify({ digest, kinds } satisfies BuiltContent));
}

/** Of this program, which contains the checks, and of every file of the content. */
function digestOfInputs(): string {
  const hash = createHash('sha256').update(readFileSync(fileURLToPath(import.meta.url)));
  const folder = contentFolder();
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    if (!name.endsWith('.yaml')) continue;
    hash.update(name).update(readFileSync(join(folder, name)));
  }
  return hash.digest('hex');
}
