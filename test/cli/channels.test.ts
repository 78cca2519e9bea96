import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Client } from '../kit/client.ts';
import { type RunningProcess, runCommand, startProcess } from '../kit/process.ts';

// Each command is a process of its own, which takes long on a busy machine.

const KEY = 'sk-any-api01-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA14jZRd';
const folder = mkdtempSync(join(tmpdir(), 'agent-api-test-'));
const environment = { STORE_URL: `lmdb:${folder}`, BOOTSTRAP_API_KEY: KEY, DEMO_DATA: '0' };

let server: RunningProcess;
let client: Client;
let agent: string;
let channels: string;

beforeAll(async () => {
  server = await startProcess(environment);
  client = new Client(server.url, KEY);
  agent = await client.createAgent();
  channels = `/orgs/acme/agents/${agent}/channels`;
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

const command = (...args: string[]) => runCommand(args, environment);

it('lists and moves bindings while the server runs', async () => {
  const { body } = await client.post(channels, { channel: 'rcs', mode: 'managed' });
  const id = body.id as string;
  const requested = await command('channels', 'list', 'acme', '--status', 'Requested');
  expect(requested.stdout.trim().split('\n')).toEqual([
    expect.stringMatching(/^AGENT +BINDING +CHANNEL +MODE +STATUS +SINCE +DETAIL$/),
    expect.stringMatching(new RegExp(`^${agent} +${id} +rcs +managed +Requested `)),
  ]);

  const move = (...args: string[]) => command('channels', 'move', 'acme', agent, id, ...args);
  expect(await move('Provisioning', '--note', 'Filed.')).toMatchObject({ code: 0, stderr: '' });
  const asked = await move('ActionRequired', '--detail', 'Send the papers.');
  expect(asked.stdout).toMatch(/ActionRequired .*Send the papers\.$/m);
  const read = await client.get(`${channels}/${id}`);
  expect(read.body).toMatchObject({ status: 'ActionRequired', statusDetail: 'Send the papers.' });
  expect(read.body.events).toEqual([
    { at: expect.any(String), to: 'Requested', actor: 'operator' },
    {
      at: expect.any(String),
      from: 'Requested',
      to: 'Provisioning',
      note: 'Filed.',
      actor: 'sysop',
    },
    {
      at: expect.any(String),
      from: 'Provisioning',
      to: 'ActionRequired',
      note: 'Send the papers.',
      actor: 'sysop',
    },
  ]);
});

it.each([
  [['move', 'acme', 'nobody', 'chan_x', 'Failed', '--detail', 'x'], "there is no agent 'nobody'"],
  [['move', 'acme', 'AGENT', 'chan_x', 'Failed', '--detail', 'x'], "no channel binding 'chan_x'"],
  [['move', 'acme', 'AGENT', 'WEBCHAT', 'Requested'], 'it can become'],
  [['move', 'acme', 'AGENT', 'WEBCHAT', 'Failed'], 'detail: is required'],
  [['list', 'nowhere'], "there is no org 'nowhere'"],
])('refuses %j with the reason, and changes nothing', async (args, message) => {
  const before = (await client.get(channels)).body;
  const [webchat] = before.data as { id: string }[];
  const named = args.map((arg) =>
    arg.replace('AGENT', agent).replace('WEBCHAT', webchat?.id ?? ''),
  );
  const { code, stdout, stderr } = await command('channels', ...named);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain(message);
  expect(stderr).not.toContain('    at ');
  expect((await client.get(channels)).body).toEqual(before);
});

it('redeems a link from many processes at most as often as it allows', async () => {
  const input = {
    channel: 'rcs',
    mode: 'unmanaged',
    provider: 'google-rbm',
    auth: { agentId: 'a', serviceAccountKey: '{}' },
  };
  const other = await client.createAgent();
  const bound = await client.post(`/orgs/acme/agents/${other}/channels`, input);
  const links = `/orgs/acme/agents/${other}/outreach-links`;
  const { body } = await client.post(links, { bindingId: bound.body.id, maxUses: 2 });
  const code = body.code as string;
  const results = await Promise.all(
    [1, 2, 3, 4].map(() => command('outreach-links', 'redeem', code)),
  );
  expect(results.map((result) => result.code).sort()).toEqual([0, 0, 1, 1]);
  for (const { code: exit, stdout, stderr } of results) {
    if (exit === 0) expect(JSON.parse(stdout)).toMatchObject({ agentId: other, id: body.id });
    else expect(stderr).toContain('the link has been used 2 times');
  }
  const [link] = (await client.get(links)).body.data as Record<string, unknown>[];
  expect(link).toMatchObject({ redemptionCount: 2, usesRemaining: 0 });
});
