import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DEMO_AGENT } from '../../src/demo/demo.ts';
import { Client } from '../kit/client.ts';
import { API_KEY, type RunningProcess, runCommand, startProcess } from '../kit/process.ts';

const folder = mkdtempSync(join(tmpdir(), 'agent-api-test-'));
const environment = { STORE_URL: `lmdb:${folder}`, BOOTSTRAP_API_KEY: API_KEY };
let server: RunningProcess;
let shown: Record<string, unknown>;

beforeAll(async () => {
  server = await startProcess(environment);
  const path = `/orgs/acme/agents/${DEMO_AGENT}/prompt?playbookId=scheduling&channel=sms`;
  shown = (await new Client(server.url, API_KEY).get(path)).body;
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

const prompt = (...args: string[]) =>
  runCommand(['prompt', 'acme', DEMO_AGENT, ...args], environment);
const CHOICE = ['--playbook', 'scheduling', '--channel', 'sms'];

it('prints the text, its size by section and what is withheld', async () => {
  const { code, stdout, stderr } = await prompt(...CHOICE);
  expect(code).toBe(0);
  expect(stdout).toBe(`${shown.text}\n`);
  expect(stderr).toMatch(/^section +characters +tokens \(estimate\)\n/);
  const total = `total +${shown.characters} +${shown.estimatedTokens}`;
  expect(stderr).toMatch(new RegExp(`^${total}$`, 'm'));
  expect(stderr).toMatch(/^skill +call-booking +tool_not_ready +@anychat\/tool\.google-calendar$/m);
});

it('prints everything as JSON, as REST answers', async () => {
  const { code, stdout } = await prompt(...CHOICE, '--json');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual(shown);
});

it.each([
  [['--playbook', 'none'], "there is no playbook 'none'"],
  [['--person', 'person_none'], "there is no person 'person_none'"],
  [['--channel', 'telex'], 'Allowed choices are'],
])('refuses %j', async (args, message) => {
  const { code, stdout, stderr } = await prompt(...args);
  expect(code).toBe(1);
  expect(stdout).toBe('');
  expect(stderr).toContain(message);
});
