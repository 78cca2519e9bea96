import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseKey, type Settings, SettingsError } from './settings.ts';

const FILE = 'secrets.key';

/**
 * The key that the settings give, or the one beside the embedded store, which
 * is made on the first start with mode 0600. A throw-away store has a throw-away
 * key.
 *
 * @throws SettingsError when the file holds no key
 */
export function secretsKeyOf({ secretsKey, store }: Settings): Buffer {
  if (secretsKey) return secretsKey;
  if (store.kind === 'mongodb' || store.path === ':memory:') return randomBytes(32);
  const file = join(store.path, FILE);
  mkdirSync(store.path, { recursive: true, mode: 0o700 });
  try {
    // Fails when the file is there: two first starts at once end up with one key.
    writeFileSync(file, randomBytes(32).toString('base64'), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const key = parseKey(readFileSync(file, 'utf8').trim());
  if (!key) throw new SettingsError([`${file} must hold base64 of 32 bytes`]);
  return key;
}
