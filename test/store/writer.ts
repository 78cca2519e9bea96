import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { UNBOUNDED } from '../../src/store/bounds.ts';
import { openLmdb } from '../../src/store/lmdb.ts';
import { collectionSpec, type Doc } from '../../src/store/port.ts';

interface Item extends Doc {
  readonly [field: string]: unknown;
}

export const ITEMS = collectionSpec<Item>('items', {
  byOwner: { eq: ['owner'], order: 'name', includes: ['version'] },
});

const PROGRAM = 'dist/writer.js';

/** Commits again and again, each of every kind of write; prints each version that was committed. */
async function write(folder: string): Promise<void> {
  const store = await openLmdb(folder);
  const items = await store.collection(ITEMS);
  const head = await items.get(UNBOUNDED, 'head');
  for (let version = head?.version ?? 0; ; version += 1) {
    const next = version + 1;
    const doc = { key: 'head', version: next, text: 'x'.repeat(20_000) };
    const last = { key: `last/${next}`, version: 1, owner: 'last', name: 'n' };
    const change = { key: `change/${next}`, version: 1, owner: 'changes', name: `${next}` };
    const { committed } = await store.commit(UNBOUNDED, [
      version === 0 ? items.toInsert(doc) : items.toReplace(doc, version),
      items.toInsert(last),
      ...(version === 0 ? [] : [items.toDelete(`last/${version}`, 1)]),
      items.toInsert(change),
      items.toIncrement({ key: 'total', add: { count: 1 } }),
    ]);
    if (!committed) throw new Error('nobody else writes');
    process.stdout.write(`${next}\n`);
  }
}

/** Runs `write` in a process that is killed some time after its first commit. @returns the last version it printed */
export async function writeUntilKilled(folder: string, afterMs: number): Promise<number> {
  const child = spawn(process.execPath, [PROGRAM, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
  });
  const ended = once(child, 'exit');
  await Promise.race([once(child.stdout, 'data'), ended]);
  await sleep(afterMs);
  child.kill('SIGKILL');
  await ended;
  // What is behind the last line break may be half a number.
  return Number(printed.split('\n').at(-2) ?? 0);
}

/** Bundles this file as the program that `writeUntilKilled` runs. */
writeUntilKilled.build = () =>
  void execFileSync(process.execPath, ['build.mjs', 'test/store/writer.ts']);

/** Opens the folder in a process of its own, and closes it. @returns its exit code */
export async function openElsewhere(folder: string): Promise<number | null> {
  const child = spawn(process.execPath, [PROGRAM, folder, 'open'], { stdio: 'inherit' });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code;
}

const [, program = '', folder, command] = process.argv;
if (program.endsWith(PROGRAM) && folder) {
  if (command === 'open') await (await openLmdb(folder)).close();
  else await write(folder);
}
