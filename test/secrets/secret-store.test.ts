import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Keyring } from '../../src/secrets/keyring.ts';
import { SECRETS, type SecretDoc, SecretStore } from '../../src/secrets/secret-store.ts';
import { systemEffects } from '../../src/server/effects.ts';
import type { Store } from '../../src/store/port.ts';
import { openTestStore } from '../kit/store.ts';
import { WORK } from '../kit/work.ts';

const OWNER = 'acme/1';

let store: Store;
let secrets: SecretStore;
beforeEach(async () => {
  store = await openTestStore();
  const keyring = new Keyring(new Uint8Array(32));
  secrets = new SecretStore(await store.collection(SECRETS), keyring, systemEffects());
});
afterEach(() => store.close());

const read = (id: string, owner = OWNER) => secrets.read(WORK, owner, id);
const change = (before: string[], after: string[], sealed: SecretDoc[] = []) =>
  store.commit(WORK, secrets.writes({ owner: OWNER, before, after, sealed }));

describe('the secret store', () => {
  it('stores a sealed secret with the change that refers to it, and shows it to its owner only', async () => {
    const secret = await secrets.seal(OWNER, 'one');
    expect(await read(secret.id)).toBeUndefined();
    await change([], [secret.id], [secret]);
    expect(await read(secret.id)).toBe('one');
    expect(await read(secret.id, 'acme/2')).toBeUndefined();
  });

  it('stores no secret that the change does not refer to', async () => {
    const [used, unused] = [await secrets.seal(OWNER, 'used'), await secrets.seal(OWNER, 'unused')];
    await change([], [used.id], [used, unused]);
    expect([await read(used.id), await read(unused.id)]).toEqual(['used', undefined]);
  });

  it('removes the secrets that a change no longer refers to', async () => {
    const [kept, old, next] = [
      await secrets.seal(OWNER, 'kept'),
      await secrets.seal(OWNER, 'old'),
      await secrets.seal(OWNER, 'next'),
    ];
    await change([], [kept.id, old.id], [kept, old]);
    await change([kept.id, old.id], [kept.id, next.id], [next]);
    const values = [await read(kept.id), await read(old.id), await read(next.id)];
    expect(values).toEqual(['kept', undefined, 'next']);
  });
});
