import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Client } from '../kit/client.ts';
import { API_KEY, type RunningProcess, runCommand, startProcess } from '../kit/process.ts';

// Each command is a process of its own, which takes long on a busy machine.

let parent: string;
let running: RunningProcess | undefined;
const serve = async (folder: string) => {
  running = await startProcess({
    STORE_URL: `lmdb:${folder}`,
    DEMO_DATA: '0',
    BOOTSTRAP_API_KEY: API_KEY,
  });
  return new Client(running.url, API_KEY);
};
const stop = async () => {
  await running?.stop();
  running = undefined;
};
const run = (folder: string, ...args: string[]) =>
  runCommand(args, { STORE_URL: `lmdb:${folder}` });

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'agent-api-test-'));
});
afterEach(async () => {
  await running?.stop('SIGKILL');
  running = undefined;
  rmSync(parent, { recursive: true, force: true });
});

/** A closed store with one org. */
async function created(): Promise<string> {
  const folder = join(parent, 'data');
  await runCommand(['org', 'create', 'globex'], { STORE_URL: `lmdb:${folder}` });
  return folder;
}

describe('a backup', () => {
  it('of a server that is writing contains every change answered before, and is restored', async () => {
    const [folder, file, other] = ['data', 'backup.mdb', 'other'].map((it) => join(parent, it)) as [
      string,
      string,
      string,
    ];
    const client = await serve(folder);
    await expect.poll(async () => (await client.get('/orgs/acme')).status).toBe(200);
    const names: string[] = [];
    const create = async () => {
      const name = `Agent ${names.length}`;
      const { status } = await client.post('/orgs/acme/agents', { name });
      expect(status).toBe(201);
      names.push(name);
    };
    for (let i = 0; i < 5; i += 1) await create();
    const before = [...names];
    let copied = false;
    const copying = run(folder, 'backup', file).finally(() => {
      copied = true;
    });
    while (!copied) await create();
    const { code, stdout, stderr } = await copying;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(file);
    expect(stdout).toContain(join(folder, 'secrets.key'));
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(parent).sort()).toEqual(['backup.mdb', 'data']);
    await stop();

    const restored = await run(other, 'restore-backup', file);
    expect(restored).toMatchObject({ code: 0, stderr: '' });
    expect(restored.stdout).toContain(`copy secrets.key to ${join(other, 'secrets.key')}`);
    expect(readdirSync(other)).toEqual(['data.mdb']);
    expect(statSync(other).mode & 0o777).toBe(0o700);
    copyFileSync(join(folder, 'secrets.key'), join(other, 'secrets.key'));
    const again = await serve(other);
    const { body } = await again.get('/orgs/acme/agents?limit=100');
    const found = JSON.stringify(body);
    for (const name of before) expect(found).toContain(`"${name}"`);
    // What follows the answered changes is a prefix of what was written meanwhile.
    const kept = names.filter((name) => found.includes(`"${name}"`));
    expect(kept).toEqual(names.slice(0, kept.length));
  });

  it('replaces no file', async () => {
    const folder = await created();
    const file = join(parent, 'backup.mdb');
    writeFileSync(file, 'mine');
    const { code, stderr } = await run(folder, 'backup', file);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `agent-api: ${file} exists already: nothing was written\n`,
    });
    expect(statSync(file).size).toBe(4);
  });

  it('of a MongoDB is left to its own tool', async () => {
    const environment = {
      STORE_URL: 'mongodb://127.0.0.1:1/x',
      SECRETS_KEY: Buffer.alloc(32, 1).toString('base64'),
    };
    for (const [command, tool] of [
      ['backup', 'mongodump'],
      ['restore-backup', 'mongorestore'],
    ] as const) {
      const { code, stderr } = await runCommand([command, join(parent, 'b')], environment);
      expect(code).toBe(1);
      expect(stderr).toContain(`${tool} --uri="$STORE_URL" --archive=${join(parent, 'b')}`);
    }
  });

  it('of a store that does not exist is refused, and creates nothing', async () => {
    const { code, stderr } = await run(join(parent, 'none'), 'backup', join(parent, 'b'));
    expect(code).toBe(1);
    expect(stderr).toMatch(/^agent-api: there is no store at [^\n]*\n$/);
    expect(readdirSync(parent)).toEqual([]);
  });
});

describe('restore-backup', () => {
  it('refuses a folder that contains a store, and leaves it as it is', async () => {
    const folder = await created();
    const file = join(parent, 'backup.mdb');
    await run(folder, 'backup', file);
    await run(folder, 'org', 'create', 'later');
    const { code, stderr } = await run(folder, 'restore-backup', file);
    expect(code).toBe(1);
    expect(stderr).toBe(
      `agent-api: ${join(folder, 'data.mdb')} exists already: nothing was written\n`,
    );
    expect((await run(folder, 'org', 'list')).stdout).toContain('later');
  });

  it.each<[string, (file: string) => void]>([
    ['cut short', (file) => truncateSync(file, statSync(file).size - 4_096)],
    ['empty', (file) => truncateSync(file, 0)],
    ['no backup', (file) => writeFileSync(file, 'soup\n'.repeat(9_999))],
  ])('refuses a file that is %s, and leaves no data', async (_, damage) => {
    const folder = await created();
    const file = join(parent, 'backup.mdb');
    await run(folder, 'backup', file);
    damage(file);
    const other = join(parent, 'other');
    const { code, stderr } = await run(other, 'restore-backup', file);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^agent-api: [^\n]*backup\.mdb cannot be restored: [^\n]*\n$/);
    expect(readdirSync(other)).toEqual([]);
  });

  it('names a file that does not exist', async () => {
    const { code, stderr } = await run(
      join(parent, 'other'),
      'restore-backup',
      join(parent, 'none'),
    );
    expect(code).toBe(1);
    expect(stderr).toMatch(/^agent-api: ENOENT[^\n]*none[^\n]*\n$/);
    expect(existsSync(join(parent, 'other', 'data.mdb'))).toBe(false);
  });
});
