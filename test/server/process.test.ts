import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { STORE_FORMAT } from '../../src/store/format.ts';
import { Client } from '../kit/client.ts';
import {
  API_KEY,
  childEnvironment,
  type RunningProcess,
  startCommand,
  startProcess,
} from '../kit/process.ts';

let folder: string;
let running: RunningProcess | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'agent-api-test-'));
});
afterEach(async () => {
  await running?.stop('SIGKILL');
  running = undefined;
  rmSync(folder, { recursive: true, force: true });
});

const environment = () => ({ STORE_URL: `lmdb:${folder}`, DEMO_DATA: '0' });

describe('a first start', () => {
  it('prints the URL, the org, the admin key and a curl command, once', async () => {
    running = await startProcess(environment());
    await expect.poll(() => running?.output()).toContain('curl -s');
    const key = /sk-any-api01-\w{46}/.exec(running.output())?.[0];
    expect(running.output()).toMatch(/Org +acme/);
    // The key is printed before the demo data is created: if that fails, the start fails.
    expect(running.output()).toMatch(/Admin key.*ready at/s);
    expect(running.output()).toContain(`-H "Authorization: Bearer ${key}"`);
    const client = new Client(running.url, key);
    const id = await client.createAgent();
    expect(await running.stop()).toBe(0);

    running = await startProcess(environment());
    expect((await new Client(running.url, key).get(`/orgs/acme/agents/${id}`)).status).toBe(200);
    expect(await running.stop()).toBe(0);
    expect(running.output()).not.toContain('sk-any');
  });

  it('prints its links, as every later start does, which also says how to get a key', async () => {
    for (const isFirst of [true, false]) {
      running = await startProcess(environment());
      const { url } = running;
      await expect.poll(() => running?.output()).toContain(`REST docs  ${url}/docs\n`);
      expect(running.output()).toContain(`URL        ${url}/\n`);
      expect(running.output()).toContain(`GraphiQL   ${url}/graphql\n`);
      await expect
        .poll(() => running?.output())
        .toContain(isFirst ? 'Admin key  sk-any' : 'agent-api keys mint ORG');
      for (const path of ['/', '/graphql', '/docs']) {
        const page = await fetch(url + path, { headers: { Accept: 'text/html' } });
        expect([page.status, page.headers.get('content-type')]).toEqual([
          200,
          'text/html; charset=utf-8',
        ]);
      }
      expect(await running.stop()).toBe(0);
    }
  });

  it('prints nothing on stderr, as no version of Node warns of what it does', async () => {
    const errors = join(folder, 'stderr');
    const node = `exec "${process.execPath}" --trace-warnings dist/agent-api.js serve 2>"${errors}"`;
    running = await startCommand(['sh', '-c', node], { ...environment(), METRICS_PORT: '0' });
    expect((await fetch(`${running.url}/readyz`)).status).toBe(200);
    expect(await running.stop()).toBe(0);
    expect(readFileSync(errors, 'utf8')).toBe('');
  });

  it('uses the org and the key that are given, and does not print the key', async () => {
    running = await startProcess({
      ...environment(),
      BOOTSTRAP_ORG: 'umbrella',
      BOOTSTRAP_API_KEY: API_KEY,
    });
    const { status, body } = await new Client(running.url, API_KEY).get('/orgs/umbrella');
    expect({ status, name: body.name }).toEqual({ status: 200, name: 'Umbrella' });
    await expect.poll(() => running?.output()).toContain('curl -s');
    expect(running.output()).not.toContain(API_KEY);
  });

  it('creates a secrets key that only its owner can read', async () => {
    running = await startProcess(environment());
    const file = join(folder, 'secrets.key');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(Buffer.from(readFileSync(file, 'utf8'), 'base64')).toHaveLength(32);
  });
});

describe('a start that cannot succeed', () => {
  const run = (settings: Record<string, string>) =>
    spawnSync(process.execPath, ['dist/agent-api.js', 'serve'], {
      env: childEnvironment({ ...environment(), ...settings }),
      encoding: 'utf8',
    });

  it('names every invalid setting', () => {
    const { status, stderr } = run({ PORT: 'x', LOG_LEVEL: 'loud' });
    expect(status).toBe(1);
    expect(stderr).toContain('PORT');
    expect(stderr).toContain('LOG_LEVEL');
    expect(stderr).not.toContain('    at ');
  });

  it.each([
    ['a file', () => join(folder, 'file')],
    ['under a file', () => join(folder, 'file', 'data')],
    ['where no folder can be created', () => '/proc/agent-api/data'],
  ])('reports that the store cannot be %s', (_, path) => {
    writeFileSync(join(folder, 'file'), '');
    const { status, stderr } = run({ STORE_URL: `lmdb:${path()}` });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^agent-api: the folder of STORE_URL cannot be used: /);
    expect(stderr).not.toContain('    at ');
  });

  it('reports that the port is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as { port: number };
    const { status, stderr } = run({ PORT: String(port) });
    other.close();
    expect(status).toBe(1);
    expect(stderr).toContain('EADDRINUSE');
    // No admin key was created: it is printed only once.
    running = await startProcess(environment());
    await expect.poll(() => running?.output()).toContain('Admin key  sk-any');
  });
});

it.each(['SIGTERM', 'SIGINT'] as const)('%s to npm start stops the server', async (signal) => {
  // Without the build, which would disturb other tests.
  running = await startCommand(['npm', 'start', '--ignore-scripts'], environment());
  const { url } = running;
  await running.stop(signal);
  await expect.poll(() => fetch(`${url}/livez`).catch(() => 'gone')).toBe('gone');
  await expect.poll(() => running?.output()).toContain('"msg":"stopped"');
});

describe.each(['SIGTERM', 'SIGINT'] as const)('%s', (signal) => {
  it('stops the process cleanly', async () => {
    running = await startProcess(environment());
    expect(await running.stop(signal)).toBe(0);
    expect(running.output()).toContain('"msg":"stopped"');
  });

  it('stops the process cleanly when it is sent twice', async () => {
    running = await startProcess({ ...environment(), STOP_DELAY_MS: '300' });
    running.child.kill(signal);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await running.stop(signal)).toBe(0);
    expect(running.output()).toContain('"msg":"stopped"');
  });
});

describe('the log', () => {
  it('is JSON lines on stdout, a request among them, and whole after a stop', async () => {
    running = await startProcess({ ...environment(), BOOTSTRAP_API_KEY: API_KEY });
    await new Client(running.url, API_KEY).get('/orgs/acme', {
      'X-Request-Id': 'logged-before-stop',
    });
    expect(await running.stop()).toBe(0);
    const lines = running
      .output()
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line));
    expect(lines).toContainEqual(
      expect.objectContaining({ requestId: 'logged-before-stop', operation: 'GET /orgs/{org}' }),
    );
    expect(lines[0]).toMatchObject({
      msg: `ready at ${running.url}`,
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      node: process.version,
      storeFormat: STORE_FORMAT,
      settings: { store: `lmdb ${folder}`, bootstrapApiKey: 'given' },
      links: { docs: `${running.url}/docs` },
    });
    expect(lines.at(-1)).toMatchObject({ level: 'info', msg: 'stopped' });
  });

  it('is text for people with LOG_FORMAT=pretty', async () => {
    running = await startProcess({ ...environment(), LOG_FORMAT: 'pretty' });
    await new Client(running.url).get('/orgs', { 'X-Request-Id': 'shown-at-once' });
    await expect.poll(() => running?.output()).toContain('requestId: "shown-at-once"');
    expect(running.output()).not.toContain('{"level"');
    expect(await running.stop()).toBe(0);
  });
});
