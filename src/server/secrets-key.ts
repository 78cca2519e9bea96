import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeFolder } from '../store/folder.ts';
import { parseKey, type Settings, SettingsError } from './settings.ts';

const FILE = 'secrets.key';

export interface SecretsKeys {
  /** Encrypts. */
  readonly current: Buffer;
  /** Still decrypt. */
  readonly retired: readonly Buffer[];
}

/**
 * The key that the settings give, or the one beside the embedded store, which
 * is made on the first start with mode 0600. A throw-away store has a throw-away
 * key. The file's key is a retired one once the settings give another.
 *
 * @throws SettingsError when the file holds no key
 */
export function secretsKeysOf({ secretsKey, secretsKeysOld, store }: Settings): SecretsKeys {
  const file =
    store.kind === 'lmdb' && store.path !== ':memory:' ? join(store.path, FILE) : undefined;
  if (secretsKey) {
    const beside = file && readKey(file);
    return { current: secretsKey, retired: [...secretsKeysOld, ...(beside ? [beside] : [])] };
  }
  return { current: file ? madeKey(file) : randomBytes(32), retired: secretsKeysOld };
}

function madeKey(file: string): Buffer {
  makeFolder(dirname(file));
  if (!existsSync(file)) writeKey(file);
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
