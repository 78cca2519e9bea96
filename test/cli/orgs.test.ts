import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Client } from '../kit/client.ts';
import { OIDC_CLIENT, type OidcServer, startOidc } from '../kit/oidc.ts';
import { type RunningProcess, runCommand, startProcess } from '../kit/process.ts';

const folder = mkdtempSync(join(tmpdir(), 'agent-api-cli-'));
let oidc: OidcServer;
let server: RunningProcess;
let environment: Record<string, string>;

beforeAll(async () => {
  oidc = await startOidc();
  environment = {
    STORE_URL: `lmdb:${folder}`,
    DEMO_DATA: '0',
    OIDC_ISSUER: oidc.issuer,
    OIDC_AUDIENCE: OIDC_CLIENT.id,
  };
  server = await startProcess(environment);
});
afterAll(async () => {
  await server.stop();
  await oidc.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs the command line tool while the server runs. */
const agentApi = (...args: string[]) => runCommand(args, environment);

it('creates an org, members and keys while the server runs', async () => {
  expect(await agentApi('org', 'create', 'globex', '--name', 'Globex')).toMatchObject({ code: 0 });
  expect((await agentApi('org', 'list')).stdout).toMatch(/globex .*Globex/);

  const set = ['org', 'update', 'globex', '--features', 'rcs, voice', '--products', 'donuts'];
  expect(await agentApi(...set)).toMatchObject({ code: 0, stderr: '' });
  expect(await agentApi('org', 'update', 'globex', '--features', '')).toMatchObject({ code: 0 });

  const user = { sub: 'homer', email: 'Homer@globex.com', emailVerified: true };
  const added = await agentApi('members', 'add', 'globex', user.email, '--role', 'editor');
  expect(added).toMatchObject({ code: 0, stdout: 'homer@globex.com  editor\n' });
  const homer = new Client(server.url, await oidc.idToken(user));
  expect((await homer.get('/orgs/globex')).body).toMatchObject({
    name: 'Globex',
    features: [],
    products: ['donuts'],
  });
  expect((await agentApi('members', 'list', 'globex')).stdout).toMatch(/homer@globex.com .*editor/);
  await agentApi('members', 'remove', 'globex', user.email);
  expect((await homer.get('/orgs/globex')).status).toBe(404);

  const minted = await agentApi(
    'keys',
    'mint',
    'globex',
    '--role',
    'admin',
    '--scopes',
    'org:admin',
  );
  const client = new Client(server.url, minted.stdout.trim());
  expect((await client.get('/orgs/globex/api-keys')).status).toBe(200);
  expect((await client.get('/orgs/globex/agents')).status).toBe(403);
  const id = minted.stderr.trim();
  expect((await agentApi('keys', 'list', 'globex')).stdout).toContain(id);
  await agentApi('keys', 'revoke', 'globex', id);
  expect((await client.get('/orgs/globex')).status).toBe(401);
});

it.each([
  [['org', 'create', 'acme'], /there is an org 'acme' already/],
  [['org', 'update', 'nowhere', '--features', 'rcs'], /no org 'nowhere'/],
  [['org', 'update', 'acme'], /at least one of features and products/],
  [['org', 'update', 'acme', '--products', 'a,,b'], /products\[1\]: must not be blank/],
  [['members', 'add', 'nowhere', 'a@b.c'], /no org 'nowhere'/],
  [['members', 'add', 'acme', 'nobody'], /e-mail/],
  [['members', 'remove', 'acme', 'a@b.c'], /no member/],
  [['keys', 'mint', 'acme', '--scopes', 'agents:fly'], /agents:read/],
  [['keys', 'revoke', 'acme', 'key_none'], /no API key/],
])('refuses agent-api %j in one line', async (args, message) => {
  const { code, stderr, stdout } = await agentApi(...args);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(message);
  expect(stderr).not.toContain('    at ');
});
