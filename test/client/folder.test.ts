import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import ajvFormats from 'ajv-formats';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { lockIn, lockText } from '../../src/client/lock.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';
import { User } from '../kit/terminal.ts';
import { runInProcess } from './in-process.ts';

const TEMPLATE = '@anychat/agent-template.sales-development';

let server: TestServer;
let user: User;
let folder: string;
let agent: string;
let file: string;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());
beforeEach(async () => {
  user = new User({
    AGENT_API_URL: server.url,
    AGENT_API_TOKEN: server.owner.token ?? '',
    AGENT_API_ORG: 'acme',
  });
  agent = await server.owner.createAgent({ name: 'Sales', description: 'For leads.' });
  await server.owner.post(`/orgs/acme/agents/${agent}/apply-template`, { templateId: TEMPLATE });
  await runInProcess(user.home, user.env, ['init', 'repo']);
  folder = join(user.home, 'repo');
  file = join(folder, 'agents', `${agent}.yaml`);
  expect(await run('pull', agent)).toMatchObject({ code: 0, stderr: '' });
});
afterEach(() => user.remove());

const run = (...args: string[]) => runInProcess(folder, user.env, args);
const edit = (from: string, to: string) => {
  const text = readFileSync(file, 'utf8');
  expect(text).toContain(from);
  writeFileSync(file, text.replace(from, to));
};

describe('pull', () => {
  it('writes a file that says who the agent is, and which schema it follows', async () => {
    const text = readFileSync(file, 'utf8');
    const head = [
      `# yaml-language-server: $schema=${server.url}/v1/schemas/agent.json`,
      'agent:',
      `  id: ${agent}`,
      '  name: Sales',
      '  description: For leads.',
    ];
    expect(text.split('\n').slice(0, 5)).toEqual(head);
    expect(text).toMatch(/^ {2}text: \|\n {4}\S/m);
    const [, link = ''] = /\$schema=(\S+)/.exec(text) ?? [];
    const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
    ajvFormats.default(ajv);
    const isValid = ajv.compile((await (await fetch(link)).json()) as object);
    expect(isValid(parse(text)), JSON.stringify(isValid.errors)).toBe(true);
    expect(readFileSync(join(folder, 'agents.lock'), 'utf8')).toMatch(
      new RegExp(`^${agent}: 2$`, 'm'),
    );
    expect(await run('status')).toMatchObject({ code: 0 });
  });

  it('changes what the server changed and keeps every other byte', async () => {
    edit('  name: Sales\n', '  name: Sales   # the one on the website\n');
    const before = readFileSync(file, 'utf8');
    await server.owner.patch(`/orgs/acme/agents/${agent}`, { description: 'For all.' });
    expect(await run('status')).toMatchObject({ code: 2 });
    expect(await run('pull')).toMatchObject({ code: 0 });
    expect(readFileSync(file, 'utf8')).toBe(before.replace('For leads.', 'For all.'));
    expect(await run('status')).toMatchObject({ code: 0 });
  });

  it('leaves a section alone that the file does not manage', async () => {
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace(/^identity:.*\n(?: .*\n)*/m, ''));
    await server.owner.put(`/orgs/acme/agents/${agent}/identity`, { brandColor: '#000000' });
    expect(await run('pull')).toMatchObject({ code: 0 });
    expect(readFileSync(file, 'utf8')).not.toContain('identity:');
    expect(await run('status')).toMatchObject({ code: 0 });
  });

  it('refuses to write outside of its folder', async () => {
    const { code, stderr } = await run('pull', '../../evil');
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: "agent-api: '../../evil' cannot be the id of an agent\n",
    });
  });
});

describe('validate', () => {
  it('accepts what a pull has written, without a server', async () => {
    const offline = new User();
    const { code, stdout } = await offline.run(folder, ['validate']);
    offline.remove();
    expect({ code, stdout }).toEqual({ code: 0, stdout: '0 problems in 1 file.\n' });
  });

  it('names every problem with its line and column', async () => {
    edit('  name: Sales', '  name: 7');
    expect((await run('validate')).stdout).toMatch(
      new RegExp(`^agents/${agent}.yaml:4:3: agent.name must be a text$`, 'm'),
    );
    edit('  name: 7', '  name: " "');
    expect((await run('validate')).stdout).toContain('4:3: agent.name must not be blank');
    edit('  name: " "', '  name: Sales');
    edit('skillRefs:\n', 'skillRefs:\n      - no-such-skill\n');
    edit('identity: {}', 'identity:\n  brandColor: blue');
    writeFileSync(file, `${readFileSync(file, 'utf8')}colour: red\n`);
    const { code, stdout } = await run('validate', '--json');
    expect(code).toBe(1);
    const { problems } = JSON.parse(stdout) as {
      problems: { path: string; line: number; message: string }[];
    };
    const lines = readFileSync(file, 'utf8').split('\n');
    const shown = problems.map(({ line, message }) => [lines[line - 1]?.trim(), message]);
    expect(shown).toEqual([
      ['colour: red', 'colour is not a field here'],
      ['brandColor: blue', expect.stringContaining('identity.brandColor')],
    ]);
    edit('  brandColor: blue', '  brandColor: "#000000"');
    edit('colour: red\n', '');
    expect((await run('validate')).stdout).toContain("the agent has no skill 'no-such-skill'");
  });

  it('accepts references to sections that the file does not manage', async () => {
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace(/^skills:\n(?: .*\n|\n)*/m, ''));
    expect(await run('validate')).toMatchObject({ code: 0 });
  });

  it('reports YAML that cannot be read', async () => {
    edit('identity: {}', 'identity: {');
    expect(await run('validate')).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^agents\/[\w-]+\.yaml:\d+:\d+: .+\n1 problem in 1 file\.\n$/),
    });
    expect(await run('status')).toMatchObject({ code: 1 });
  });
});

describe('the lock', () => {
  it('has a line for each agent, in order', () => {
    const lock = new Map([
      ['b', 12],
      ['a', 3],
    ]);
    expect(lockText(lock)).toMatch(/\na: 3\nb: 12\n$/);
    expect(lockIn(lockText(lock))).toEqual(lock);
  });

  it('reads both sides of a merge: the lower version counts', () => {
    const text = '<<<<<<< HEAD\na: 12\n=======\na: 11\nb: 1\n>>>>>>> main\n';
    expect(lockIn(text)).toEqual(
      new Map([
        ['a', 11],
        ['b', 1],
      ]),
    );
    expect(() => lockIn('a 12\n')).toThrow('agents.lock:1:');
  });
});

it('a folder of one org or server is not used for another', async () => {
  Object.assign(user.env, { AGENT_API_ORG: 'other' });
  const { code, stderr } = await run('status');
  expect(code).toBe(1);
  expect(stderr).toContain("belongs to the org 'acme', not to 'other'");
  const elsewhere = server.url.replace('127.0.0.1', 'localhost');
  Object.assign(user.env, { AGENT_API_ORG: 'acme', AGENT_API_URL: elsewhere });
  const push = await run('push', '--yes');
  expect(push.code).toBe(1);
  expect(push.stderr).toContain(`this folder belongs to ${server.url}, not to ${elsewhere}`);
});

it('init does not take over a folder', async () => {
  expect((await run('init', '.')).stderr).toContain('agent-api.yaml exists already');
});
