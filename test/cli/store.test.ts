import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isWellFormed } from '../../src/api-keys/token.ts';
import { packageVersion } from '../../src/package/package.ts';
import { Client } from '../kit/client.ts';
import { type RunningProcess, runCommand, startProcess } from '../kit/process.ts';

let folder: string;
let running: RunningProcess | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'agent-api-cli-'));
});
afterEach(async () => {
  await running?.stop('SIGKILL');
  running = undefined;
  rmSync(folder, { recursive: true, force: true });
});

describe('without a store', () => {
  it.each([
    ['org', 'list'],
    ['keys', 'list', 'acme'],
    ['keys', 'mint', 'acme'],
    ['members', 'list', 'acme'],
    ['channels', 'list', 'acme'],
    ['secrets', 'rotate'],
    ['demo', 'traffic'],
  ])('%s %s reports it and creates nothing', async (...args) => {
    const data = join(folder, 'data');
    const { code, stdout, stderr } = await runCommand(args, { STORE_URL: `lmdb:${data}` });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^agent-api: there is no store at .*\n$/);
    expect(stderr).toContain(data);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('a folder of other files counts as none', async () => {
    writeFileSync(join(folder, 'README.md'), '');
    const { code, stderr } = await runCommand(['org', 'list'], { STORE_URL: `lmdb:${folder}` });
    expect(code).toBe(1);
    expect(stderr).toContain(`there is no store at ${folder}`);
    expect(readdirSync(folder)).toEqual(['README.md']);
  });

  it('org create creates it', async () => {
    const environment = { STORE_URL: `lmdb:${folder}` };
    expect(await runCommand(['org', 'create', 'globex'], environment)).toMatchObject({ code: 0 });
    expect((await runCommand(['org', 'list'], environment)).stdout).toContain('globex');
  });
});

it('--version prints the version', async () => {
  const { code, stdout } = await runCommand(['--version'], {});
  expect({ code, stdout }).toEqual({ code: 0, stdout: `${packageVersion()}\n` });
});

it('keys generate prints a key for a first start, and stores nothing', async () => {
  const environment = { STORE_URL: `lmdb:${folder}`, DEMO_DATA: '0' };
  const first = await runCommand(['keys', 'generate'], environment);
  const second = await runCommand(['keys', 'generate'], environment);
  expect({ code: first.code, stderr: first.stderr }).toEqual({ code: 0, stderr: '' });
  expect(first.stdout).not.toBe(second.stdout);
  expect(existsSync(join(folder, 'data.mdb'))).toBe(false);
  const key = first.stdout.trimEnd();
  expect(first.stdout).toBe(`${key}\n`);
  expect(isWellFormed(key)).toBe(true);

  running = await startProcess({ ...environment, BOOTSTRAP_API_KEY: key });
  // The first start adds the key once it is ready to serve.
  const client = new Client(running.url, key);
  await expect.poll(async () => (await client.get('/orgs/acme')).status).toBe(200);
});
