import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { open as openEnvironment } from 'lmdb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { STORE_FORMAT } from '../../src/store/format.ts';
import { openLmdb } from '../../src/store/lmdb.ts';
import { assertIntact } from '../../src/store/lmdb-file.ts';
import { StoreMisconfigured } from '../../src/store/port.ts';
import { WORK } from '../kit/work.ts';
import { ITEMS, openElsewhere, writeUntilKilled } from './writer.ts';

const parent = mkdtempSync(join(tmpdir(), 'agent-api-test-'));
afterAll(() => rmSync(parent, { recursive: true, force: true }));
beforeAll(() => writeUntilKilled.build());
let made = 0;
const newFolder = () => join(parent, `store${++made}`);
const dataOf = (folder: string) => join(folder, 'data.mdb');

/** A store of some pages, closed. */
async function filled(): Promise<string> {
  const folder = newFolder();
  const store = await openLmdb(folder);
  const items = await store.collection(ITEMS);
  for (let i = 0; i < 20; i += 1) {
    const doc = { key: `k${i}`, version: 1, text: 'x'.repeat(5_000) };
    await store.commit(WORK, [items.toInsert(doc)]);
  }
  await store.close();
  return folder;
}

describe('the files of the embedded store', () => {
  it('are its owner’s alone', async () => {
    const folder = await filled();
    const modes = ['', 'data.mdb', 'lock.mdb'].map(
      (name) => statSync(join(folder, name)).mode & 0o777,
    );
    expect(modes).toEqual([0o700, 0o600, 0o600]);
  });

  it('are intact whenever they are checked while another process writes', async () => {
    const folder = newFolder();
    const failures: unknown[] = [];
    let checks = 0;
    const timer = setInterval(() => {
      if (!existsSync(dataOf(folder)) || statSync(dataOf(folder)).size < 100_000) return;
      for (const until = performance.now() + 20; performance.now() < until; checks += 1) {
        try {
          assertIntact(folder);
        } catch (error) {
          failures.push(error);
        }
      }
    }, 1);
    await writeUntilKilled(folder, 2_000);
    clearInterval(timer);
    expect(failures).toEqual([]);
    expect(checks).toBeGreaterThan(100);
  });

  it.each<[string, (data: string) => void]>([
    ['cut to half', (data) => truncateSync(data, statSync(data).size / 2)],
    ['cut by a page', (data) => truncateSync(data, statSync(data).size - 4_096)],
    ['cut by a byte', (data) => truncateSync(data, statSync(data).size - 1)],
    ['cut to one page', (data) => truncateSync(data, 4_096)],
    ['cut to some bytes', (data) => truncateSync(data, 100)],
    ['text', (data) => writeFileSync(data, 'this is no database\n'.repeat(1_000))],
    ['zeros', (data) => writeFileSync(data, Buffer.alloc(65_536))],
    [
      'without its second page',
      (data) => writeFileSync(data, readFileSync(data).fill(0, 4_096, 8_192)),
    ],
  ])('are refused in one sentence when the data is %s', async (_, damage) => {
    const folder = await filled();
    damage(dataOf(folder));
    const before = readFileSync(dataOf(folder));
    await expect(openLmdb(folder)).rejects.toThrow(StoreMisconfigured);
    await expect(openLmdb(folder)).rejects.toThrow(
      /^data\.mdb in the folder of STORE_URL is damaged[^\n]*$/,
    );
    expect(readFileSync(dataOf(folder)).equals(before)).toBe(true);
  });

  it('may be empty, as a process leaves them that died before its first commit', async () => {
    const folder = newFolder();
    mkdirSync(folder);
    writeFileSync(dataOf(folder), '');
    const store = await openLmdb(folder);
    await store.collection(ITEMS);
    await store.close();
  });

  it('are refused where the folder, or the data, cannot be written', async () => {
    // The superuser may write everything.
    if (process.getuid?.() === 0)
      return expect(openLmdb('/proc/store')).rejects.toThrow(StoreMisconfigured);
    const folder = await filled();
    chmodSync(dataOf(folder), 0o400);
    await expect(openLmdb(folder)).rejects.toThrow(StoreMisconfigured);
    chmodSync(dataOf(folder), 0o600);
    const locked = newFolder();
    mkdirSync(locked, { mode: 0o500 });
    await expect(openLmdb(locked)).rejects.toThrow(StoreMisconfigured);
  });

  it('are refused where the folder’s name is a file’s', async () => {
    const file = newFolder();
    writeFileSync(file, '');
    await expect(openLmdb(file)).rejects.toThrow(StoreMisconfigured);
  });
});

describe('the format of the embedded store', () => {
  const withFormat = async (format: unknown) => {
    const folder = await filled();
    const raw = openEnvironment({ path: folder, noSubdir: false, maxDbs: 512 });
    raw.openDB({ name: 'store' }).putSync('format', format);
    await raw.close();
    return folder;
  };

  it('is refused when it is newer, and the data left alone', async () => {
    const folder = await withFormat(STORE_FORMAT + 1);
    await expect(openLmdb(folder)).rejects.toThrow(
      new StoreMisconfigured(
        `the store of STORE_URL has format ${STORE_FORMAT + 1}, from a newer version; this version reads format ${STORE_FORMAT}`,
      ),
    );
    // Its own version opens it again.
    await expect(openLmdb(folder)).rejects.toThrow(/newer/);
  });

  it.each([STORE_FORMAT - 1, 'soup'])('is refused when it is %s', async (format) => {
    const folder = await withFormat(format);
    await expect(openLmdb(folder)).rejects.toThrow(StoreMisconfigured);
  });

  it('is refused where data has none, and nothing is added to it', async () => {
    const folder = newFolder();
    mkdirSync(folder);
    const raw = openEnvironment({ path: folder, noSubdir: false, maxDbs: 512 });
    await raw.openDB({ name: 'agents' }).put('a', 1);
    await raw.close();
    await expect(openLmdb(folder)).rejects.toThrow(`before format ${STORE_FORMAT}`);
    const again = openEnvironment({ path: folder, noSubdir: false, maxDbs: 512 });
    expect([...again.getKeys()]).toEqual(['agents']);
    await again.close();
  });

  it('is the same for all who open one new folder at once', async () => {
    const folder = newFolder();
    const codes = await Promise.all([1, 2, 3, 4].map(() => openElsewhere(folder)));
    expect(codes).toEqual([0, 0, 0, 0]);
  });
});

describe('a process that dies', () => {
  it('leaves all of a commit or nothing, and all that it acknowledged, whenever it is killed', async () => {
    const folder = newFolder();
    for (let kill = 0; kill < 12; kill += 1) {
      const acknowledged = await writeUntilKilled(folder, 20 + kill * 17);
      const store = await openLmdb(folder);
      const items = await store.collection(ITEMS);
      const head = await items.get(WORK, 'head');
      const version = head?.version ?? 0;
      expect(version).toBeGreaterThanOrEqual(acknowledged);
      const scan = { index: 'byOwner', eq: ['changes'], limit: 100_000 };
      const { docs } = await items.scan(WORK, { ...scan, fields: [] });
      expect(docs).toHaveLength(version);
      const total = await items.get(WORK, 'total');
      expect(total?.count ?? 0).toBe(version);
      expect(
        (await items.scan(WORK, { ...scan, eq: ['last'] })).docs.map(({ key }) => key),
      ).toEqual(version > 0 ? [`last/${version}`] : []);
      await store.close();
    }
  });

  it('while it reads keeps no page from being used again', async () => {
    const folder = newFolder();
    const store = await openLmdb(folder);
    const items = await store.collection(ITEMS);
    await store.commit(WORK, [items.toInsert({ key: 'k', version: 1 })]);
    let version = 1;
    const rewrite = async (times: number) => {
      for (let i = 0; i < times; i += 1) {
        const doc = { key: 'k', version: version + 1, text: 'x'.repeat(60_000) };
        await store.commit(WORK, [items.toReplace(doc, version)]);
        version += 1;
      }
      return statSync(dataOf(folder)).size;
    };
    await rewrite(20);
    const program = `
      import { open } from 'lmdb';
      const root = open({ path: process.argv[1], noSubdir: false, maxDbs: 512 });
      root.useReadTransaction();
      process.kill(process.pid, 'SIGKILL');`;
    expect(() =>
      execFileSync(process.execPath, ['--input-type=module', '-e', program, folder]),
    ).toThrow();
    // The dead process is noticed within a second.
    await rewrite(10);
    await sleep(1_100);
    const size = await rewrite(10);
    expect(await rewrite(100)).toBeLessThan(size + 300_000);
    await store.close();
  });
});

it('copies of a store open as it does', async () => {
  const folder = await filled();
  const copy = newFolder();
  mkdirSync(copy);
  copyFileSync(dataOf(folder), dataOf(copy));
  const store = await openLmdb(copy);
  const items = await store.collection(ITEMS);
  expect(await items.get(WORK, 'k19')).toMatchObject({ version: 1 });
  await store.close();
});
