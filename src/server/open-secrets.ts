import { CREDENTIALS } from '../oauth/credentials.ts';
import { keysInUse, missingKeys, type SealedCollections } from '../secrets/key-check.ts';
import type { Keyring } from '../secrets/keyring.ts';
import { SECRETS } from '../secrets/secret-store.ts';
import { type Store, StoreMisconfigured } from '../store/port.ts';
import { systemWork, type Work } from '../work.ts';
import { keyringOf, type SecretsKeys, secretsKeysOf } from './secrets-key.ts';
import type { Settings } from './settings.ts';

/** Every collection whose documents are sealed. */
export async function sealedCollections(store: Store): Promise<SealedCollections> {
  return [await store.collection(SECRETS), await store.collection(CREDENTIALS)];
}

interface OpenKeys {
  readonly keys: SecretsKeys;
  readonly keyring: Keyring;
  /** What `missingKeys` returned at the start. */
  readonly missing: readonly string[];
  /** The ids of keys that sealed values need now and the ring lacks, sorted. */
  missingKeys(work: Work): Promise<readonly string[]>;
}

/**
 * The keys of a store, checked against all that is sealed in it. Writes nothing but the key file
 * of a store that contains no sealed value.
 *
 * @param mayLackKeys whether sealed values that no given key opens are accepted, as by
 * ALLOW_UNREADABLE_SECRETS
 * @throws SettingsError, StoreMisconfigured
 */
export async function openKeys(
  settings: Settings,
  store: Store,
  mayLackKeys: boolean,
): Promise<OpenKeys> {
  const { allowUnreadableSecrets } = settings;
  const sealed = await sealedCollections(store);
  const kids = await keysInUse(systemWork('start'), sealed);
  const keys = secretsKeysOf(settings, kids.size > 0 && !allowUnreadableSecrets);
  const keyring = keyringOf(keys);
  const missing = missingKeys(kids, keyring);
  if (missing.length > 0 && !mayLackKeys && !allowUnreadableSecrets) {
    throw new StoreMisconfigured(
      `the store of STORE_URL contains secrets that no given key opens: set SECRETS_KEY to the key that encrypted them, or add it to SECRETS_KEYS_OLD (key ${missing.join(', ')})`,
    );
  }
  return {
    keys,
    keyring,
    missing,
    missingKeys: async (work) => missingKeys(await keysInUse(work, sealed), keyring),
  };
}
