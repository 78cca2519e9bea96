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
let current: number;

beforeAll(async () => {
  server = await startProcess(environment);
  const client = new Client(server.url, API_KEY);
  const path = `/orgs/acme/agents/${DEMO_AGENT}`;
  shown = (await client.get(`${path}/prompt?playbookId=scheduling&channel=sms`)).body;
  const text = 'You are new.\n\u001b[2J';
  const { headers } = await client.put(`${path}/personality`, { text });
  current = Number(headers.get('etag')?.replaceAll('"', ''));
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

const prompt = (...args: string[]) =>
  runCommand(['prompt', 'acme', DEMO_AGENT, ...args], environment);
const CHOICE = ['--playbook', 'scheduling', '--channel', 'sms'];
const before = () => String(current - 1);

it('prints the text, its size by section and what is withheld', async () => {
  const { code, stdout, stderr } = await prompt(...CHOICE, '--version', before());
  expect(code).toBe(0);
  expect(stdout).toBe(`${shown.text}\n`);
  expect(stderr).toMatch(/^section +characters +tokens \(estimate\)\n/);
  const total = `total +${shown.characters} +${shown.estimatedTokens}`;
  expect(stderr).toMatch(new RegExp(`^${total}$`, 'm'));
  expect(stderr).toMatch(/^skill +call-booking +tool_not_ready +@anychat\/tool\.google-calendar$/m);
});

it('prints everything as JSON, as REST answers', async () => {
  const { code, stdout } = await prompt(...CHOICE, '--version', before(), '--json');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual(shown);
});

it('prints the current version by default', async () => {
  const { stdout } = await prompt(...CHOICE);
  expect(stdout).toContain('You are new.');
});

it('compares two versions line by line, without what would move the cursor', async () => {
  const { code, stdout, stderr } = await prompt('--diff', before());
  expect(code).toBe(0);
  expect(stdout).toMatch(/^@@ -\d+,\d+ \+\d+,\d+ @@\n/);
  expect(stdout).toMatch(/^-\S/m);
  expect(stdout).toContain('\n+You are new.\n+\\u001b[2J\n');
  expect(stdout).not.toContain('\u001b');
  expect(stderr).toMatch(/^section +added characters +added tokens \(estimate\)\n/);
  expect(stderr).toMatch(/^personality +-\d+ +-\d+\ntotal +-\d+ +-\d+\n$/m);
  const back = await prompt('--version', before(), '--diff', String(current), '--json');
  expect(JSON.parse(back.stdout)).toMatchObject({
    isComplete: true,
    sections: [{ section: 'personality', addedCharacters: expect.any(Number) }],
    hunks: [{ runs: expect.arrayContaining([{ kind: 'added', lines: expect.any(Array) }]) }],
  });
});

it.each([
  [['--version', '999'], "there is no version 999 of agent 'acme-demo'"],
  [['--diff', '999'], "there is no version 999 of agent 'acme-demo'"],
  [['--version', 'x'], 'It must be the number of a version.'],
  [['--playbook', 'none'], "there is no playbook 'none'"],
  [['--person', 'person_none'], "there is no person 'person_none'"],
  [['--channel', 'telex'], 'Allowed choices are'],
])('refuses %j', async (args, message) => {
  const { code, stdout, stderr } = await prompt(...args);
  expect(code).toBe(1);
  expect(stdout).toBe('');
  expect(stderr).toContain(message);
});
