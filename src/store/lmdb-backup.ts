import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  copyFileSync,
  fsyncSync,
  linkSync,
  mkdtempSync,
  openSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { makeFolder } from './folder.ts';
import { Environment } from './lmdb-environment.ts';
import { assertIntact, DATA_FILE } from './lmdb-file.ts';
import { StoreMisconfigured } from './port.ts';

/**
 * Copies an embedded store to a file: one state of it, compacted. Other processes may read and
 * write meanwhile. The file is whole, on disk and its owner's alone once it has its name.
 *
 * @returns the size of the file in bytes
 * @throws StoreMisconfigured when the store cannot be read, or the file exists
 */
export async function backUp(folder: string, file: string): Promise<number> {
  // Refused now rather than after a long copy.
  if (statSync(file, { throwIfNoEntry: false })) throw exists(file);
  return inDraft(dirname(resolve(file)), basename(file), async (draft) => {
    const environment = new Environment(folder, { readOnly: true });
    try {
      await environment.copyTo(draft);
    } finally {
      await environment.close();
    }
    const data = join(draft, DATA_FILE);
    settle(data);
    publish(data, file);
    return statSync(file).size;
  });
}

/**
 * Copies a backup into a folder, which is created where it is missing.
 *
 * @throws StoreMisconfigured when the folder contains a store, or the backup is damaged or of
 * another format; the folder contains no data then
 */
export async function restore(file: string, folder: string): Promise<void> {
  const data = join(folder, DATA_FILE);
  if (statSync(data, { throwIfNoEntry: false })) throw exists(data);
  makeFolder(folder);
  await inDraft(folder, 'restore', async (draft) => {
    const copy = join(draft, DATA_FILE);
    copyFileSync(file, copy);
    await assertReadable(draft, file);
    settle(copy);
    publish(copy, data);
  });
}

/** @throws StoreMisconfigured */
async function assertReadable(folder: string, file: string): Promise<void> {
  try {
    if (statSync(join(folder, DATA_FILE)).size === 0) throw new StoreMisconfigured('it is empty');
    assertIntact(folder);
    await new Environment(folder, { readOnly: true }).close();
  } catch (error) {
    if (!(error instanceof StoreMisconfigured)) throw error;
    throw new StoreMisconfigured(`${file} cannot be restored: ${error.message}`, { cause: error });
  }
}

/** Runs a job with a new folder beside its result, and removes the folder. */
async function inDraft<T>(
  parent: string,
  name: string,
  job: (draft: string) => Promise<T>,
): Promise<T> {
  const draft = mkdtempSync(join(parent, `${name}.${randomUUID().slice(0, 8)}.`));
  try {
    return await job(draft);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** On disk, and its owner's alone. */
function settle(file: string): void {
  chmodSync(file, 0o600);
  const opened = openSync(file, 'r+');
  fsyncSync(opened);
  closeSync(opened);
}

/** Gives a file its name. @throws StoreMisconfigured when another has it, also since the last check */
function publish(draft: string, file: string): void {
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw exists(file);
    throw error;
  }
}

function exists(file: string): StoreMisconfigured {
  return new StoreMisconfigured(`${file} exists already: nothing was written`);
}
