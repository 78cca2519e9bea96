import { rename, writeFile } from 'node:fs/promises';

/** Writes a file that others may read at any time: they read what it contained before, or the whole. */
export async function replaceFile(file: string, content: string | Buffer): Promise<void> {
  const aside = `${file}.${process.pid}`;
  await writeFile(aside, content);
  await rename(aside, file);
}
