import { hkdfSync, randomBytes, randomUUID } from 'node:crypto';
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Keyring } from '../secrets/keyring.ts';
import { makeFolder } from '../store/folder.ts';
import type { StoreLocation } from '../store/open.ts';
import { StoreMisconfigured } from '../store/port.ts';
import { parseKey, type Settings, SettingsError } from './settings.ts';

const FILE = 'secrets.key';

export interface SecretsKeys {
  /** Encrypts. */
  readonly current: Buffer;
  /** Still decrypt. */
  readonly retired: readonly Buffer[];
}

/** The file of the key beside an embedded store; undefined for every other store. */
export function keyFileOf(store: StoreLocation): string | undefined {
  return store.kind === 'lmdb' && store.path !== ':memory:' ? join(store.path, FILE) : undefined;
}

/**
 * The keys that the settings give, and the one in the file beside the embedded store: the
 * current one if the settings give none, else a retired one.
 *
 * @returns undefined when neither has a key
 * @throws SettingsError when the file contains no key
 */
export function givenKeys({
  secretsKey,
  secretsKeysOld,
  store,
}: Settings): SecretsKeys | undefined {
  const file = keyFileOf(store);
  const beside = file === undefined ? undefined : readKey(file);
  if (secretsKey) {
    return { current: secretsKey, retired: [...secretsKeysOld, ...(beside ? [beside] : [])] };
  }
  return beside && { current: beside, retired: secretsKeysOld };
}

/**
 * The keys of `givenKeys`. Where there are none, creates the file with a new key, mode 0600. A
 * throw-away store has a throw-away key.
 *
 * @param holdsSecrets whether the store contains sealed values: a new key would open none of them
 * @throws SettingsError when the file contains no key
 * @throws StoreMisconfigured when the key of a store that contains sealed values is missing
 */
export function secretsKeysOf(settings: Settings, holdsSecrets: boolean): SecretsKeys {
  const given = givenKeys(settings);
  if (given) return given;
  const file = keyFileOf(settings.store);
  if (holdsSecrets) {
    throw new StoreMisconfigured(
      `the store of STORE_URL contains secrets, but their key ${file ?? ''} is missing: put the file back, or set SECRETS_KEY to its content`,
    );
  }
  const current = file === undefined ? randomBytes(32) : createdKey(file);
  return { current, retired: settings.secretsKeysOld };
}

/** What seals and opens secrets. */
export function keyringOf({ current, retired }: SecretsKeys): Keyring {
  return new Keyring(
    derivedKey(current, 'secrets'),
    retired.map((key) => derivedKey(key, 'secrets')),
  );
}

/** A key of its own for each use of the secrets key. */
export function derivedKey(secretsKey: Buffer, use: 'secrets' | 'page tokens'): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secretsKey, '', use, 32));
}

function createdKey(file: string): Buffer {
  makeFolder(dirname(file));
  writeKey(file);
  const key = readKey(file);
  if (!key) throw new SettingsError([`${file} cannot be read`]);
  return key;
}

/** Whole and on disk before it has its name; two first starts at once end up with one key. */
function writeKey(file: string): void {
  const draft = `${file}.${randomUUID()}`;
  const text = randomBytes(32).toString('base64');
  try {
    writeFileSync(draft, text, { mode: 0o600, flag: 'wx', flush: true });
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Undefined when there is no such file. */
function readKey(file: string): Buffer | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const key = parseKey(text.trim());
  if (!key) throw new SettingsError([`${file} must hold base64 of 32 bytes`]);
  return key;
}
