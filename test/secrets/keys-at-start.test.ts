import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { CREDENTIALS } from '../../src/oauth/credentials.ts';
import { openServices } from '../../src/server/compose.ts';
import { keyringOf } from '../../src/server/secrets-key.ts';
import { readSettings } from '../../src/server/settings.ts';
import { StoreMisconfigured } from '../../src/store/port.ts';
import { runCommand } from '../kit/process.ts';
import { WORK } from '../kit/work.ts';

const WEBHOOK = '@anychat/tool.custom-http-webhook';
const CONFIG = { url: 'https://hooks.acme.com/planted', authHeader: 'Bearer planted-0815' };
const keyOf = (fill: number) => Buffer.alloc(32, fill).toString('base64');
const WRONG_KEY =
  /^the store of STORE_URL contains secrets that no given key opens: set SECRETS_KEY [^\n]*\(key [0-9a-f]{16}\)$/;

const parent = mkdtempSync(join(tmpdir(), 'agent-api-test-'));
afterAll(() => rmSync(parent, { recursive: true, force: true }));
let folder: string;
let made = 0;
beforeEach(() => {
  folder = join(parent, `store${++made}`);
});

const open = (environment: Record<string, string> = {}) =>
  openServices(readSettings({ STORE_URL: `lmdb:${folder}`, ...environment }));
const opened = async (environment: Record<string, string> = {}) =>
  (await open(environment)).close();
const keyFile = () => join(folder, 'secrets.key');

/** Stores an agent with a secret. @returns reads the secret with other settings */
async function withSecret(environment: Record<string, string> = {}) {
  const { services, close } = await open(environment);
  const { id } = await services.agents.create(WORK, 'acme', { name: 'Acme SDR' });
  const ref = { org: 'acme', id };
  await services.toolBindings.configure(WORK, ref, undefined, WEBHOOK, 'replace', {
    config: CONFIG,
  });
  await close();
  return async (other: Record<string, string>) => {
    const again = await open(other);
    const config = await again.services.toolBindings.runtimeConfig(WORK, ref, WEBHOOK);
    await again.close();
    return config;
  };
}

describe('the keys of a store that contains secrets', () => {
  it('are refused when none of them opens the secrets', async () => {
    const read = await withSecret({ SECRETS_KEY: keyOf(1) });
    const wrong = open({ SECRETS_KEY: keyOf(2) });
    await expect(wrong).rejects.toThrow(StoreMisconfigured);
    await expect(wrong).rejects.toThrow(WRONG_KEY);
    const both = { SECRETS_KEY: keyOf(2), SECRETS_KEYS_OLD: keyOf(1) };
    expect(await read(both)).toEqual(CONFIG);
  });

  it('are refused when one of several is missing', async () => {
    await withSecret({ SECRETS_KEY: keyOf(1) });
    await withSecret({ SECRETS_KEY: keyOf(2), SECRETS_KEYS_OLD: keyOf(1) });
    await expect(open({ SECRETS_KEY: keyOf(1) })).rejects.toThrow(WRONG_KEY);
    await expect(open({ SECRETS_KEY: keyOf(2) })).rejects.toThrow(WRONG_KEY);
    await opened({ SECRETS_KEY: keyOf(3), SECRETS_KEYS_OLD: `${keyOf(1)},${keyOf(2)}` });
  });

  it('are refused when they open no OAuth credential', async () => {
    const { store, close } = await open({ SECRETS_KEY: keyOf(1) });
    const credentials = await store.collection(CREDENTIALS);
    const key = 'acme/agent/cred_1';
    const keyring = keyringOf({ current: Buffer.alloc(32, 1), retired: [] });
    const sealed = await keyring.seal('{"accessToken":"planted"}', key);
    const doc = {
      ...sealed,
      key,
      version: 1,
      owner: 'acme/agent',
      id: 'cred_1',
      provider: 'google',
      createdAt: '2026-01-01T00:00:00.000Z',
      renewable: false,
    };
    await store.commit(WORK, [credentials.toInsert(doc)]);
    await close();
    await expect(open({ SECRETS_KEY: keyOf(2) })).rejects.toThrow(WRONG_KEY);
  });

  it('are not replaced when the key file is lost', async () => {
    const read = await withSecret();
    const before = readdirSync(folder).filter((name) => name !== 'secrets.key');
    const key = readFileSync(keyFile(), 'utf8');
    rmSync(keyFile());
    const lost = open();
    await expect(lost).rejects.toThrow(StoreMisconfigured);
    await expect(lost).rejects.toThrow(
      /secrets\.key is missing: put the file back, or set SECRETS_KEY/,
    );
    expect(readdirSync(folder)).toEqual(before);
    expect(await read({ SECRETS_KEY: key })).toEqual(CONFIG);
  });

  it('end the start with one sentence, and exit code 1', async () => {
    await withSecret({ SECRETS_KEY: keyOf(1) });
    const environment = { STORE_URL: `lmdb:${folder}`, SECRETS_KEY: keyOf(2), PORT: '0' };
    const { code, stdout, stderr } = await runCommand(['serve'], environment);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^agent-api: the store [^\n]*SECRETS_KEY[^\n]*\n$/);
  });

  it('may be missing where the operator says that they are lost', async () => {
    const read = await withSecret();
    rmSync(keyFile());
    const lost = { ALLOW_UNREADABLE_SECRETS: '1' };
    await expect(read(lost)).rejects.toMatchObject({ name: 'SecretUnreadable' });
    await expect(open()).rejects.toThrow(WRONG_KEY);
  });
});

describe('the keys of a store without secrets', () => {
  it('may change at any start', async () => {
    await opened({ SECRETS_KEY: keyOf(1) });
    await opened({ SECRETS_KEY: keyOf(2) });
    expect(existsSync(keyFile())).toBe(false);
  });

  it('are created where the settings give none, once', async () => {
    await opened();
    const key = readFileSync(keyFile(), 'utf8');
    expect(statSync(keyFile()).mode & 0o777).toBe(0o600);
    await opened();
    expect(readFileSync(keyFile(), 'utf8')).toBe(key);
    rmSync(keyFile());
    await opened();
    expect(readFileSync(keyFile(), 'utf8')).not.toBe(key);
  });
});
