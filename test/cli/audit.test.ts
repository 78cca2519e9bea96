import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCommand } from '../kit/process.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';
import { WORK } from '../kit/work.ts';

/** Several pages. */
const CHANGES = 450;

const folder = mkdtempSync(join(tmpdir(), 'agent-api-cli-'));
const environment = { STORE_URL: `lmdb:${folder}` };
let server: TestServer;

beforeAll(async () => {
  server = await startTestServer(environment);
  const { agents } = server.services;
  const { id } = await agents.create(WORK, 'acme', { name: 'Acme' });
  for (let i = 0; i < CHANGES; i += 1) {
    await agents.change(WORK, { org: 'acme', id }, undefined, (it) => ({
      ...it,
      name: `Acme ${i}`,
    }));
  }
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Line {
  readonly id: string;
  readonly at: string;
}

async function exported(...args: string[]): Promise<Line[]> {
  const { code, stdout, stderr } = await runCommand(
    ['audit', 'export', 'acme', ...args],
    environment,
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
}

/** As REST shows them, newest first. */
async function listed(): Promise<Line[]> {
  const entries: Line[] = [];
  let pageToken = '';
  do {
    const next = pageToken && `&pageToken=${pageToken}`;
    const { body } = await server.owner.get(`/orgs/acme/audit-log?limit=200${next}`);
    entries.push(...(body.data as Line[]));
    pageToken = (body.nextPageToken as string | undefined) ?? '';
  } while (pageToken !== '');
  return entries;
}

it('exports every entry as REST shows it, oldest first, and bounds it by time', async () => {
  const expected = (await listed()).reverse();
  expect(expected.length).toBeGreaterThan(CHANGES);
  expect(await exported()).toEqual(expected);
  const at = expected[300]?.at ?? '';
  expect(await exported('--start', at)).toEqual(expected.filter((it) => it.at >= at));
  expect(await exported('--end', at)).toEqual(expected.filter((it) => it.at < at));
});

it('refuses an org that does not exist, and a time that is none', async () => {
  const unknown = await runCommand(['audit', 'export', 'nowhere'], environment);
  expect(unknown).toMatchObject({ code: 1, stdout: '' });
  expect(unknown.stderr).toContain("there is no org 'nowhere'");
  const time = await runCommand(['audit', 'export', 'acme', '--start', 'soon'], environment);
  expect(time.code).toBe(1);
  expect(time.stderr).toContain('It must be a point in time.');
});

it('shows the operator of a command as the author of its changes', async () => {
  expect(
    await runCommand(['org', 'update', 'acme', '--features', 'rcs'], environment),
  ).toMatchObject({
    code: 0,
  });
  const { body } = await server.owner.get('/orgs/acme/audit-log?limit=1');
  expect(body.data).toMatchObject([
    {
      actor: { kind: 'operator', id: userInfo().username },
      door: 'cli',
      action: 'org.updated',
      resource: { type: 'org', id: 'acme' },
    },
  ]);
});
