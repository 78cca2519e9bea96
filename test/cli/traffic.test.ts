import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mintApiKey } from '../../src/api-keys/token.ts';
import { systemEffects } from '../../src/server/effects.ts';
import { Client } from '../kit/client.ts';
import { childEnvironment, type RunningProcess, runCommand, startProcess } from '../kit/process.ts';
import { logOf, messageOf, minute } from '../kit/traffic.ts';

// Each command is a process of its own, which takes long on a busy machine.

const folder = mkdtempSync(join(tmpdir(), 'agent-api-test-'));
const KEY = mintApiKey(systemEffects().random);
const environment = {
  STORE_URL: `lmdb:${join(folder, 'data')}`,
  BOOTSTRAP_API_KEY: KEY,
  LOG_LEVEL: 'info',
};
let server: RunningProcess;
let client: Client;

beforeAll(async () => {
  server = await startProcess(environment);
  client = new Client(server.url, KEY);
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

const run = (...args: string[]) => runCommand(args, environment);
const fileOf = (name: string, lines: readonly unknown[]) => {
  const file = join(folder, name);
  writeFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  return file;
};
const data = async (path: string) =>
  (await client.get(`/orgs/acme/agents/${path}`)).body.data as Record<string, unknown>[];

describe('a first start', () => {
  it('creates a demo agent with people, traffic and an update', async () => {
    const demo = 'acme-demo';
    expect(await data(`${demo}/people?q=dana`)).toMatchObject([{ company: 'Bright Clinics' }]);
    const [person] = await data(`${demo}/people?q=dana`);
    expect(await data(`${demo}/people/${person?.id}/appointments`)).toHaveLength(1);
    expect(await data(`${demo}/messages?start=0&limit=1000`)).not.toHaveLength(0);
    expect(await data(`${demo}/conversations?start=0`)).not.toHaveLength(0);
    expect(await data(`${demo}/logs?start=0`)).not.toHaveLength(0);
    const updates = (await client.get(`/orgs/acme/agents/${demo}/updates`)).body;
    expect(updates).toMatchObject({ updateCount: 1 });
  });
});

describe('agent-api ingest', () => {
  it('stores each entry of a file once, while the server runs', async () => {
    const agent = await client.createAgent();
    const file = fileOf('small.ndjson', [messageOf(agent), logOf(agent), messageOf(agent)]);
    const first = await run('ingest', file, '--org', 'acme');
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toMatch(/^2 messages and 1 log entries stored, 0 already stored/);
    expect(await data(`${agent}/messages`)).toHaveLength(2);
    const again = await run('ingest', file, '--org', 'acme');
    expect(again.stdout).toMatch(/^0 messages and 0 log entries stored, 3 already stored/);
  });

  it('names each problem by its line', async () => {
    const agent = await client.createAgent();
    const file = fileOf('bad.ndjson', [
      messageOf(agent),
      messageOf(agent, { origin: 'cat', soup: 1 }),
      logOf(agent, { level: 'loud' }),
    ]);
    const { code, stderr } = await run('ingest', file, '--org', 'acme');
    expect(code).toBe(1);
    for (const named of ['line 2 origin', 'line 2 soup', 'line 3 level']) {
      expect(stderr).toContain(named);
    }
    writeFileSync(file, '{"a":1}\n{"a":\n');
    expect((await run('ingest', file, '--org', 'acme')).stderr).toContain('line 2');
    expect(await data(`${agent}/messages`)).toEqual([]);
  });

  it.each<[string, string | Buffer | undefined, string[], string]>([
    ['a lone problem by its line', '{"level":"info"}\n\n{"level":1}', ['--org', 'acme'], 'line 1 '],
    [
      'a line that is not UTF-8',
      Buffer.from([0x22, 0xe9, 0x22]),
      ['--org', 'acme'],
      'line 1: is not UTF-8',
    ],
    ['an org that does not exist', '{}', ['--org', 'nope'], "there is no org 'nope'"],
    ['a file that does not exist', undefined, [], 'ENOENT'],
    ['a folder', '', [], 'is not a file'],
  ])('names %s in one line', async (name, content, options, message) => {
    let file = join(folder, name.replaceAll(' ', '-'));
    if (content === '') file = folder;
    else if (content !== undefined) writeFileSync(file, content);
    const { code, stderr } = await run('ingest', file, ...options);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^agent-api: /);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('    at ');
  });

  it('uses the only org by default, and skips blank lines and a byte order mark', async () => {
    const agent = await client.createAgent();
    const file = join(folder, 'marked.ndjson');
    const [one, two] = [messageOf(agent), messageOf(agent)].map((it) => JSON.stringify(it));
    writeFileSync(file, `\ufeff${one}\n\n  \n${two}`);
    const { code, stdout } = await run('ingest', file);
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringMatching(/^2 mess/) });
  });

  it.each(['', 'null', '{', '{"offset":-1,"line":0}', '{"offset":1e12,"line":3}'])(
    'starts from the first line if the stored place is invalid: %j',
    async (kept) => {
      const agent = await client.createAgent();
      const file = fileOf('kept.ndjson', [messageOf(agent)]);
      writeFileSync(`${file}.ingested`, kept);
      expect((await run('ingest', file)).stdout).toMatch(/^1 messages/);
    },
  );

  it('stores what precedes a bad line, and resumes there when the line is fixed', async () => {
    const agent = await client.createAgent();
    const lines = Array.from({ length: 3_500 }, (_, i) =>
      messageOf(agent, { messageId: `b${i}`, ...(i === 2_600 && { origin: 'cat' }) }),
    );
    const file = fileOf('mended.ndjson', lines);
    const refused = await run('ingest', file);
    expect(refused.stderr).toContain('line 2601 origin');
    expect(refused.stdout).toMatch(/^2500 messages .* 0 already/);
    fileOf(
      'mended.ndjson',
      lines.map((line, i) => (i === 2_600 ? { ...line, origin: 'user' } : line)),
    );
    const { stdout } = await run('ingest', file);
    // The batch after the bad one was stored too.
    expect(stdout).toMatch(/^1000 messages .* 500 already/);
    expect(await data(`${agent}/users?start=0`)).toMatchObject([{ messageCount: 3_500 }]);
  });

  it('resumes where it was killed, and counts everything once', async () => {
    const agent = await client.createAgent();
    const COUNT = 24_000;
    const lines = Array.from({ length: COUNT }, (_, i) =>
      messageOf(agent, { messageId: `k${i}`, sessionId: `s${i % 7}`, timestamp: minute(i / 60) }),
    );
    const file = fileOf('large.ndjson', lines);
    const child = spawn(process.execPath, ['dist/agent-api.js', 'ingest', file, '--org', 'acme'], {
      env: childEnvironment(environment),
      stdio: 'ignore',
    });
    await expect.poll(() => existsSync(`${file}.ingested`), { interval: 5 }).toBe(true);
    child.kill('SIGKILL');
    const { stdout } = await run('ingest', file, '--org', 'acme');
    const [, stored = ''] = /^(\d+) messages/.exec(stdout) ?? [];
    expect(Number(stored)).toBeLessThan(COUNT);
    expect(existsSync(`${file}.ingested`)).toBe(false);
    const counts = (await data(`${agent}/conversations?start=0`)).map(
      ({ messageCount }) => messageCount,
    );
    expect(counts.reduce((sum: number, count) => sum + Number(count), 0)).toBe(COUNT);
    expect(await data(`${agent}/users?start=0`)).toMatchObject([{ messageCount: COUNT }]);
  });
});

describe('agent-api demo traffic', () => {
  it('defaults to the demo agent', async () => {
    const before = (await data('acme-demo/conversations?start=0&includeTest=true')).length;
    expect(await run('demo', 'traffic', '--messages', '50')).toMatchObject({ code: 0 });
    expect((await data('acme-demo/conversations?start=0&includeTest=true')).length).toBeGreaterThan(
      before,
    );
  });

  it.each(['0', '3651', 'many'])('refuses --days %s', async (days) => {
    const { code, stderr } = await run('demo', 'traffic', '--days', days);
    expect(code).toBe(1);
    expect(stderr).toContain('--days');
  });

  it('creates traffic up to now', async () => {
    const agent = await client.createAgent();
    const options = ['--messages', '300', '--users', '20', '--days', '3'];
    expect(await run('demo', 'traffic', 'acme', agent, ...options)).toMatchObject({ code: 0 });
    const users = await data(`${agent}/users?start=0&includeTest=true`);
    const total = users.reduce((sum, { messageCount }) => sum + Number(messageCount), 0);
    expect(total).toBeGreaterThanOrEqual(300);
    expect(total).toBeLessThan(320);
  });
});

// The last test: it creates a second org.
it('starts from the first line if the stored place belongs to another file or org', async () => {
  const agent = await client.createAgent();
  const of = (day: string, bad: boolean) =>
    Array.from({ length: 1_500 }, (_, i) =>
      messageOf(agent, { messageId: `${day}${i}`, ...(bad && i === 1_400 && { origin: 'cat' }) }),
    );
  const file = fileOf('day.ndjson', of('mon', true));
  expect((await run('ingest', file, '--org', 'acme')).code).toBe(1);
  const place = readFileSync(`${file}.ingested`, 'utf8');
  expect(JSON.parse(place)).toMatchObject({ line: 1_000 });
  fileOf('day.ndjson', of('tue', false));
  const other = await run('ingest', file, '--org', 'acme');
  expect(other.stdout).toMatch(/^1500 messages/);
  expect(other.stderr).toContain('starting from the first line');

  const mended = fileOf('day.ndjson', of('wed', true));
  await run('ingest', mended, '--org', 'acme');
  await run('org', 'create', 'beta');
  // The org has none of the agents, so the first line that is read is refused.
  const { stderr } = await run('ingest', mended, '--org', 'beta');
  expect(stderr).toContain('starting from the first line');
  expect(stderr).toContain('line 1 ');
});
