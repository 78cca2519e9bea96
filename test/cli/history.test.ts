import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client, expectRefusal } from '../kit/client.ts';
import { API_KEY, type RunningProcess, runCommand, startProcess } from '../kit/process.ts';

// Each command is a process of its own, which takes long on a busy machine.

const HOOK = '@anychat/tool.custom-http-webhook';
const folder = mkdtempSync(join(tmpdir(), 'agent-api-test-'));
const environment = { STORE_URL: `lmdb:${folder}`, BOOTSTRAP_API_KEY: API_KEY, DEMO_DATA: '0' };

let server: RunningProcess;
let client: Client;
let agent: string;

beforeAll(async () => {
  server = await startProcess(environment);
  client = new Client(server.url, API_KEY);
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

const command = (...args: string[]) => runCommand(args, environment);

async function ok(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await command(...args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
}

/** An agent whose personality was written twice. @returns its path */
async function edited(): Promise<string> {
  agent = await client.createAgent({ name: 'Acme' });
  const path = `/orgs/acme/agents/${agent}`;
  await client.put(`${path}/personality`, { text: 'You are cold and brief.' });
  await client.put(
    `${path}/personality`,
    { text: 'You are warm and brief.\n\u001b[2J' },
    { 'X-Change-Message': 'Warmer' },
  );
  return path;
}

describe('history', () => {
  it('lists, shows and compares versions while the server runs', async () => {
    await edited();
    const list = await ok('history', 'acme', agent);
    expect(list.trim().split('\n')).toEqual([
      expect.stringMatching(/^VERSION +AT +ACTOR +DOOR +SECTIONS +MESSAGE$/),
      expect.stringMatching(/^3 +\d{4}-\S+ +\S.*\(key_\S+\) +rest +personality +Warmer$/),
      expect.stringMatching(/^2 .* personality$/),
      expect.stringMatching(/^1 .* agent,identity,channels$/),
    ]);
    const few = await ok('history', 'list', 'acme', agent, '--section', 'personality', '--json');
    expect(JSON.parse(few)).toMatchObject([
      { version: 3, door: 'rest', message: 'Warmer', current: true },
      { version: 2, current: false },
    ]);
    const shown = await ok('history', 'show', 'acme', agent, '3');
    expect(shown).toContain(`version 3 of ${agent}, the current one\n`);
    expect(shown).toContain('message: Warmer');
    // As text, without what would clear the terminal.
    expect(shown).toContain('You are [-cold-]{+warm+} and brief.');
    expect(shown).toContain('\\u001b[2J');
    expect(shown).not.toContain('\u001b');
    const yaml = await ok('history', 'show', 'acme', agent, '2', '--definition');
    expect(yaml).toContain('You are cold and brief.');
    expect(await ok('history', 'diff', 'acme', agent, '3', '2')).toContain('[-warm-]{+cold+}');
    const changes = JSON.parse(await ok('history', 'diff', 'acme', agent, '2', '3', '--json'));
    expect(changes).toMatchObject([{ section: 'personality', path: 'text', kind: 'changed' }]);
  });

  it('refuses a version that does not exist, and one that is none', async () => {
    await edited();
    const missing = await command('history', 'show', 'acme', agent, '9');
    expect(missing).toMatchObject({ code: 1 });
    expect(missing.stderr).toBe(`agent-api: there is no version 9 of agent '${agent}'\n`);
    const none = await command('history', 'diff', 'acme', agent, 'x', '2');
    expect(none.stderr).toContain('It must be the number of a version.');
  });
});

describe('restore', () => {
  it('brings a removed agent back with its history, and without its secrets', async () => {
    const path = await edited();
    const binding = `${path}/tool-bindings/${encodeURIComponent(HOOK)}`;
    await client.put(binding, { config: { url: 'https://a.example/x', method: 'PUT' } });
    const auth = { accountSid: 'AC1', authToken: 'tok-one', phoneNumber: '+14155550132' };
    await client.post(`${path}/channels`, {
      channel: 'sms',
      mode: 'unmanaged',
      provider: 'twilio',
      auth,
    });
    const then = (await client.get(`${path}/export`)).body;
    const webchat = (await client.get(`${path}/channels`)).body.data as { channel: string }[];
    expectRefusal(
      await client.post(`/orgs/acme/agents`, { id: agent, name: 'x' }),
      409,
      'agent.id_taken',
    );
    expect((await command('restore', 'acme', agent)).stderr).toContain('is taken');
    await client.delete(path);
    expectRefusal(await client.get(`${path}/history`), 404, 'agent.not_found');

    expect(await ok('restore', 'acme', agent)).toBe(`${agent}  version 7\n`);
    const { body, headers } = await client.get(path);
    expect(body.name).toBe('Acme');
    expect(headers.get('etag')).toBe('"7"');
    expect((await client.get(`${path}/export`)).body).toBe(then);
    expect((await client.get(binding)).body).toMatchObject({
      config: { method: 'PUT' },
      configStatus: 'incomplete',
    });
    expect((await client.get(`${path}/channels`)).body.data).toEqual(
      webchat.filter(({ channel }) => channel === 'webchat'),
    );
    const { data } = (await client.get(`${path}/history`)).body as { data: object[] };
    expect(data.map((it) => (it as { version: number }).version)).toEqual([7, 5, 4, 3, 2, 1]);
    expect(data[0]).toMatchObject({
      restoredFrom: 5,
      door: 'cli',
      actor: { kind: 'operator', id: userInfo().username },
    });
    const { data: changes } = (await client.get(`${path}/history/7/changes`)).body;
    // Only the secret is missing.
    expect(changes).toEqual([
      { section: 'toolBindings', itemId: HOOK, path: 'config.url', kind: 'removed' },
    ]);
    expect((await client.get(`${path}/history/3/export`)).body).toContain('You are warm');
    await client.patch(path, { description: 'again' });
    expect((await client.get(`${path}/history/8/changes`)).body.data).toHaveLength(1);
    // A second removal and a second restore, of the same history.
    await client.delete(path);
    expect(await ok('restore', 'acme', agent)).toBe(`${agent}  version 10\n`);
    expect((await client.get(`${path}/history/2/export`)).status).toBe(200);
  });

  it('refuses an agent that was never removed, and one whose id is used again', async () => {
    const never = await command('restore', 'acme', 'nobody');
    expect(never).toMatchObject({ code: 1, stderr: "agent-api: there is no agent 'nobody'\n" });
    const path = await edited();
    await client.delete(path);
    await client.createAgent({ id: agent, name: 'Other' });
    expect((await command('restore', 'acme', agent)).stderr).toContain('is taken');
    expect((await client.get(path)).body.name).toBe('Other');
  });
});
