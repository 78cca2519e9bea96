import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startProxy } from '../kit/proxy.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';
import { User } from '../kit/terminal.ts';
import { logOf, messageOf } from '../kit/traffic.ts';
import { WORK } from '../kit/work.ts';

let server: TestServer;
let user: User;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());
beforeEach(() => {
  user = new User();
});
afterEach(() => user.remove());

const run = (args: readonly string[], stdin?: string) => user.run(user.home, args, stdin);
const login = (token = server.owner.token ?? '', ...args: string[]) =>
  run(['login', '--url', server.url, ...args], `${token}\n`);
const profiles = () => join(user.home, 'config', 'agent-api', 'profiles.json');

describe('login', () => {
  it('stores a token from stdin where only its owner can read it', async () => {
    const { code, stdout, stderr } = await login();
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: `Stored as the profile 'default' in ${profiles()}.\n`,
    });
    expect(stdout).toMatch(/^org +acme$/m);
    expect(stdout).toMatch(/^role +owner$/m);
    expect(stdout).not.toContain(server.owner.token);
    expect(statSync(profiles()).mode & 0o777).toBe(0o600);
    expect(statSync(join(profiles(), '..')).mode & 0o777).toBe(0o700);
    const whoami = await run(['whoami', '--json']);
    expect(JSON.parse(whoami.stdout)).toMatchObject({
      url: server.url,
      org: 'acme',
      profile: 'default',
      viewer: { kind: 'API_KEY', name: 'owner' },
      role: 'owner',
      scopes: expect.arrayContaining(['agents:write']),
    });
  });

  it('stores nothing if the server refuses the token, or does not answer', async () => {
    const refused = await login('sk-any-api01-none');
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toMatch(/^agent-api: the API key is mistyped: .+ \(request [\w-]+\)\n$/);
    const absent = await run(['login', '--url', 'http://127.0.0.1:1009', '--json'], 'sk-x');
    expect(absent.code).toBe(1);
    expect(absent.stderr).toMatch(
      /^agent-api: no answer from http:\/\/127\.0\.0\.1:1009 \(\w+\)\n$/,
    );
    expect(JSON.parse(absent.stdout)).toEqual({
      error: { message: expect.stringContaining('no answer') },
    });
    expect((await run(['login', '--url', 'ftp://a'], 'sk-x')).stderr).toContain('not the address');
    expect((await run(['whoami'])).stderr).toBe(
      'agent-api: you are not logged in: run agent-api login --url URL\n',
    );
  });

  it('refuses an org that the token is not for', async () => {
    const { code, stderr } = await login(undefined, '--org', 'other');
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: "agent-api: the token is not for the org 'other', but for: acme\n",
    });
  });

  it('keeps profiles apart, and logout removes one', async () => {
    const viewer = await server.as('viewer');
    await login();
    await login(viewer.token, '--profile', 'reader');
    const roleOf = async (...args: string[]) =>
      JSON.parse((await run(['whoami', '--json', ...args])).stdout).role;
    expect(await roleOf()).toBe('viewer');
    expect(await roleOf('--profile', 'default')).toBe('owner');
    expect((await run(['logout'])).stdout).toContain("Removed the profile 'reader'");
    expect(readFileSync(profiles(), 'utf8')).not.toContain(viewer.token);
    expect(await roleOf()).toBe('owner');
    expect((await run(['whoami', '--profile', 'reader'])).stderr).toContain('there is no profile');
  });

  it('refuses a file of tokens that others can read', async () => {
    await login();
    chmodSync(profiles(), 0o644);
    const { code, stderr } = await run(['whoami']);
    expect(code).toBe(1);
    expect(stderr).toContain('run chmod 600');
  });
});

describe('the environment', () => {
  it('takes the place of a profile', async () => {
    const env = { AGENT_API_URL: `${server.url}/`, AGENT_API_TOKEN: server.owner.token ?? '' };
    user.remove();
    user = new User({ ...env, AGENT_API_ORG: 'acme' });
    const { stdout } = await run(['whoami', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ url: server.url, org: 'acme', profile: null });
  });

  it('never sends the token of a profile to another server', async () => {
    await login();
    Object.assign(user.env, { AGENT_API_URL: 'http://127.0.0.1:1009' });
    const other = await run(['whoami']);
    expect(other.stderr).toContain("names another server than the profile 'default'");
    delete user.env.AGENT_API_URL;
    // The folder of somebody else.
    writeFileSync(join(user.home, 'agent-api.yaml'), 'url: http://127.0.0.1:1009\norg: acme\n');
    const foreign = await run(['whoami']);
    expect(foreign.stderr).toContain('you are not logged in to http://127.0.0.1:1009');
  });
});

it('agents lists every agent, and finds some', async () => {
  await login();
  const ids = new Set<string>();
  for (let i = 0; i < 3; i++) ids.add(await server.owner.createAgent({ name: `Listed ${i}` }));
  const { stdout } = await run(['agents']);
  expect(stdout.split('\n')[0]).toMatch(/^AGENT +NAME +VERSION +CHANGED$/);
  for (const id of ids) expect(stdout).toContain(id);
  const found = JSON.parse((await run(['agents', '-q', 'listed 1', '--json'])).stdout);
  expect(found.agents).toMatchObject([{ name: 'Listed 1', version: 1 }]);
});

it('open prints links that exist', async () => {
  await login();
  const agent = await server.owner.createAgent({ name: 'Linked' });
  const { stdout } = await run(['open', agent, '--json']);
  const { links } = JSON.parse(stdout) as { links: Record<string, string> };
  expect(links.docs).toBe(`${server.url}/docs`);
  expect(links.console).toBe(`${server.url}/console/orgs/acme/agents/${agent}`);
  for (const link of Object.values(links)) {
    const { status } = await fetch(link, {
      headers: { Authorization: `Bearer ${server.owner.token}`, Accept: 'text/html, */*;q=0.8' },
    });
    expect({ link, status }).toEqual({ link, status: 200 });
  }
});

it('completion scripts are valid, and complete commands, options and agents', async () => {
  const { stdout } = await run(['complete', 'bash']);
  const bash = spawn('bash', ['-n'], { stdio: ['pipe', 'ignore', 'pipe'] });
  bash.stdin.end(stdout);
  expect(await new Promise((done) => bash.on('exit', done))).toBe(0);
  for (const shell of ['zsh', 'fish']) {
    expect((await run(['complete', shell])).stdout).toContain('agent-api complete --');
  }
  const candidates = async (...args: string[]) =>
    (await run(['complete', '--', ...args])).stdout.split('\n').map((line) => line.split('\t')[0]);
  expect(await candidates('whoa')).toContain('whoami');
  expect(await candidates('messages', '--fo')).toContain('--follow');
});

describe('messages and logs', () => {
  it('print the last entries, oldest first', async () => {
    await login();
    const agent = await server.owner.createAgent();
    await server.services.ingest.ingest(WORK, 'acme', [
      messageOf(agent, {
        text: 'first\nline',
        timestamp: new Date(Date.now() - 90_000).toISOString(),
      }),
      messageOf(agent, { text: 'second', userId: 'bob' }),
      logOf(agent, { level: 'error', event: 'llm.call', error: { message: 'boom \u001b[2J' } }),
      logOf(agent, { level: 'info' }),
    ]);
    const { stdout } = await run(['messages', agent]);
    expect(stdout).toMatch(/ {2}ann → {2}first line\n.+ {2}bob → {2}second\n$/);
    expect((await run(['messages', agent, '--user', 'bob'])).stdout).not.toContain('first');
    const logs = await run(['logs', agent, '--level', 'error']);
    expect(logs.stdout).toMatch(/ {2}error {2}llm\.call {2}- {2}boom \\u001b\[2J\n$/);
    const lines = (await run(['logs', agent, '--json'])).stdout.trim().split('\n');
    expect(lines.map((line) => JSON.parse(line).level)).toEqual(['ERROR', 'INFO']);
    const missing = await run(['messages', 'nobody']);
    expect(missing.code).toBe(1);
    expect(missing.stderr).toMatch(/nobody.* \(request [\w-]+\)\n$/);
  });

  it('follow through an interruption, without a gap and without repeating', async () => {
    const agent = await server.owner.createAgent();
    const ingest = (...texts: string[]) =>
      server.services.ingest.ingest(
        WORK,
        'acme',
        texts.map((text) => messageOf(agent, { text })),
      );
    const proxy = await startProxy(Number(new URL(server.url).port));
    await ingest('before');
    await run(['login', '--url', `http://127.0.0.1:${proxy.port}`], server.owner.token);
    const child = spawn(process.execPath, [resolve('dist/agent-api.js'), 'messages', agent, '-f'], {
      cwd: user.home,
      env: user.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ended = once(child, 'exit');
    let printed = '';
    let warned = '';
    child.stdout.on('data', (chunk) => {
      printed += chunk;
    });
    child.stderr.on('data', (chunk) => {
      warned += chunk;
    });
    try {
      const texts = () => [...printed.matchAll(/ {2}(\S+)\n/g)].map(([, text]) => text);
      await expect.poll(texts).toEqual(['before']);
      // Interrupted before anything has arrived: there is no cursor to resume from.
      proxy.cut('down');
      await expect.poll(() => warned).toContain('connecting again');
      await ingest('early');
      proxy.up();
      await expect.poll(texts).toEqual(['before', 'early']);
      await ingest('while');
      await expect.poll(texts).toEqual(['before', 'early', 'while']);
      proxy.cut('down');
      await ingest('one', 'two');
      proxy.up();
      await expect.poll(texts).toEqual(['before', 'early', 'while', 'one', 'two']);
    } finally {
      child.kill();
      await ended;
      await proxy.close();
    }
  });
});
