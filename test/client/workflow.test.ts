import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { startTestServer, type TestServer } from '../kit/server.ts';
import type { User } from '../kit/terminal.ts';
import { newWorld, userOf, type World, warmer } from './world.ts';

interface Workflow {
  readonly env: Readonly<Record<string, string>>;
  readonly jobs: Readonly<
    Record<'plan' | 'push', { readonly steps: readonly { readonly run?: string }[] }>
  >;
}

const WORKFLOW = parse(readFileSync('examples/github/agents.yml', 'utf8')) as Workflow;

let server: TestServer;
let user: User;
let path: string;

beforeAll(async () => {
  server = await startTestServer();
  user = userOf(server);
  const bin = join(user.home, 'bin');
  mkdirSync(bin);
  writeFileSync(
    join(bin, 'agent-api'),
    `#!/bin/sh\nexec '${process.execPath}' '${resolve('dist/agent-api.js')}' "$@"\n`,
  );
  chmodSync(join(bin, 'agent-api'), 0o755);
  path = `${bin}:${process.env.PATH}`;
});
afterAll(async () => {
  user.remove();
  await server.stop();
});

/** A checkout of a repository that a CI has, with an edit that was merged into it. */
async function checkout(): Promise<World> {
  const world = await newWorld(server, user);
  world.commit();
  warmer(world);
  world.commit();
  const bare = `${world.folder}.git`;
  execFileSync('git', ['clone', '-q', '--bare', world.folder, bare]);
  const clone = world.clone('ci');
  clone.git('remote', 'set-url', 'origin', bare);
  return clone;
}

/** Runs the steps of a job as a CI does, each in a shell that ends at the first error. */
async function runJob(name: 'plan' | 'push', world: World): Promise<string> {
  const { AGENT_API_URL, AGENT_API_TOKEN } = user.env;
  expect(Object.keys(WORKFLOW.env)).toEqual([
    'AGENT_API_TOKEN',
    'AGENT_API_URL',
    'AGENT_API_PACKAGE',
  ]);
  let output = '';
  for (const { run } of WORKFLOW.jobs[name].steps) {
    if (run === undefined || run.startsWith('npm install')) continue;
    const result = await shell(run, world, { AGENT_API_URL, AGENT_API_TOKEN });
    output += `$ ${run}\n${result.output}`;
    if (result.code !== 0) return `${output}exit ${result.code}\n`;
  }
  return output;
}

/** The server is in this process, which therefore must not wait for the shell. */
function shell(run: string, { folder }: World, env: NodeJS.ProcessEnv) {
  return new Promise<{ readonly code: number | null; readonly output: string }>((done) => {
    const options = { cwd: folder, env: { ...env, PATH: path, HOME: user.home } };
    const child = execFile('bash', ['-e', '-c', run], options, (_, stdout, stderr) =>
      done({ code: child.exitCode, output: stdout + stderr }),
    );
  });
}

it('shows on a pull request what it would change, and changes nothing', async () => {
  const world = await checkout();
  const before = await world.version();
  const output = await runJob('plan', world);
  expect(output).toContain('You are {+very +}warm.');
  expect(output).not.toMatch(/^exit/m);
  expect(await world.version()).toBe(before);
});

it('fails on a pull request whose file is wrong', async () => {
  const world = await checkout();
  world.here('priority: 1', 'priority: first');
  expect(await runJob('plan', world)).toMatch(/\.yaml:\d+:\d+: .*\n1 problem in 1 file\.\nexit 1/);
});

it('pushes what is merged, and commits what others changed', async () => {
  const world = await checkout();
  await world.there('PATCH', '/objectives/upsell', { body: 'Offer less.' });
  const output = await runJob('push', world);
  expect(output).not.toMatch(/^exit/m);
  expect(await world.export()).toMatch(/You are very warm\..*Offer less\./s);
  expect(world.git('show', 'origin/HEAD:agents.lock')).toContain(`${world.agent}: 4`);
  expect(world.git('show', `origin/HEAD:agents/${world.agent}.yaml`)).toContain('Offer less.');
  expect(await runJob('push', world)).toContain('Nothing to push.');
});
