import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ENCODINGS, type Encoding } from '../http/encoding.ts';
import { packageVersion } from '../package/package.ts';
import { replaceFile } from '../package/replace-file.ts';
import { type BuiltFile, builtFolder, CONSOLE_DOCUMENTS, contentName, INDEX } from './built.ts';
import { consoleDocuments, consoleFiles } from './console.ts';
import { docs } from './docs.ts';
import { digestOf, encoded } from './encode.ts';
import { front } from './front.ts';
import { graphiql } from './graphiql.ts';
import type { SourceFile } from './source.ts';

// A program: writes the pages into the folder that `builtFiles` reads.
const folder = builtFolder();
await mkdir(folder, { recursive: true });
const sources = [...front(packageVersion()), ...docs(), ...graphiql(), ...consoleFiles()];
await replaceFile(join(folder, CONSOLE_DOCUMENTS), consoleDocuments());
await replaceFile(join(folder, INDEX), JSON.stringify(await Promise.all(sources.map(built))));

async function built({ content, ...description }: SourceFile): Promise<BuiltFile> {
  const digest = digestOf(content);
  if (!has(digest, 'identity')) {
    const contents = await encoded(Buffer.from(content));
    // `identity` last: where it exists, the others do.
    for (const encoding of ENCODINGS.toReversed()) {
      const bytes = contents.get(encoding);
      if (bytes) await replaceFile(join(folder, contentName(digest, encoding)), bytes);
    }
  }
  return { ...description, digest, encodings: ENCODINGS.filter((it) => has(digest, it)) };
}

function has(digest: string, encoding: Encoding): boolean {
  return existsSync(join(folder, contentName(digest, encoding)));
}
