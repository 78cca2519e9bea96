import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { openServices } from '../../src/server/compose.ts';
import { readSettings } from '../../src/server/settings.ts';
import { runCommand } from '../kit/process.ts';
import { WORK } from '../kit/work.ts';

// Each command is a process of its own, which takes long on a busy machine.

const WEBHOOK = '@anychat/tool.custom-http-webhook';
const CONFIG = { url: 'https://hooks.acme.com/planted', authHeader: 'Bearer planted-0815' };
const keyOf = (fill: number) => Buffer.alloc(32, fill).toString('base64');

const folder = mkdtempSync(join(tmpdir(), 'agent-api-test-'));
const store = { STORE_URL: `lmdb:${folder}`, DEMO_DATA: '0' };
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const rotate = (environment: Record<string, string>) =>
  runCommand(['secrets', 'rotate'], { ...store, ...environment });

it('secrets rotate encrypts every secret under the current key', async () => {
  const before = await openServices(readSettings(store));
  const { id } = await before.services.agents.create(WORK, 'acme', { name: 'Acme SDR' });
  const ref = { org: 'acme', id };
  await before.services.toolBindings.configure(WORK, ref, undefined, WEBHOOK, 'replace', {
    config: CONFIG,
  });
  await before.close();

  // The key file beside the store now holds a retired key.
  const first = await rotate({ SECRETS_KEY: keyOf(1) });
  expect(first).toMatchObject({ code: 0, stdout: 're-encrypted 2\n' });
  expect(first.stderr).toContain('2/2');
  rmSync(join(folder, 'secrets.key'));
  const second = await rotate({ SECRETS_KEY: keyOf(2), SECRETS_KEYS_OLD: keyOf(1) });
  expect(second).toMatchObject({ code: 0, stdout: 're-encrypted 2\n' });
  expect(await rotate({ SECRETS_KEY: keyOf(2) })).toMatchObject({
    code: 0,
    stdout: 're-encrypted 0\n',
  });

  const lost = await rotate({ SECRETS_KEY: keyOf(3) });
  expect(lost).toMatchObject({ code: 1, stdout: 're-encrypted 0\n' });
  expect(lost.stderr).toContain('SECRETS_KEYS_OLD');
  expect(lost.stderr.match(/- acme\/\w+\/sec_\w+/g)).toHaveLength(2);

  const after = await openServices(readSettings({ ...store, SECRETS_KEY: keyOf(2) }));
  expect(await after.services.toolBindings.runtimeConfig(WORK, ref, WEBHOOK)).toEqual(CONFIG);
  await after.close();
});
