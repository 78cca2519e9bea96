import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CREDENTIALS, type CredentialDoc, CredentialStore } from '../../src/oauth/credentials.ts';
import type { ProviderClient, Tokens } from '../../src/oauth/provider-client.ts';
import { Renewal } from '../../src/oauth/renewal.ts';
import { Keyring } from '../../src/secrets/keyring.ts';
import { SecretRotation } from '../../src/secrets/rotation.ts';
import { systemEffects } from '../../src/server/effects.ts';
import { readSettings } from '../../src/server/settings.ts';
import { openStore } from '../../src/store/open.ts';
import { type Collection, type Store, StoreUnavailable } from '../../src/store/port.ts';
import { testStore } from '../kit/server.ts';
import { WORK } from '../kit/work.ts';

const OWNER = 'acme/1';
const OVER = '2020-01-01T00:00:00.000Z';
const keyring = new Keyring(new Uint8Array(32));
const now = () => new Date();

let store: Store;
let collection: Collection<CredentialDoc>;
beforeEach(async () => {
  store = await openStore(readSettings(testStore()).store);
  collection = await store.collection(CREDENTIALS);
});
afterEach(() => store.close());

const storeOf = (ring = keyring) => new CredentialStore(collection, ring, systemEffects());

async function credential(tokens: Tokens): Promise<CredentialDoc> {
  const id = await storeOf().add(WORK, OWNER, 'google', tokens);
  const doc = await storeOf().find(WORK, `${OWNER}/${id}`);
  if (!doc) throw new Error('it was not stored');
  return doc;
}

/** A provider that takes each refresh token once, as one that rotates them does. */
function rotatingProvider(meanwhile: () => Promise<unknown> = async () => undefined) {
  const taken: string[] = [];
  const client = {
    async refresh(refreshToken: string): Promise<Tokens> {
      if (taken.includes(refreshToken)) throw new Error('a refresh token was used twice');
      taken.push(refreshToken);
      await meanwhile();
      const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
      return { accessToken: `of ${refreshToken}`, refreshToken: `${refreshToken}+`, expiresAt };
    },
  } as ProviderClient;
  return { taken, renewal: (at = storeOf()) => new Renewal(at, () => client, now) };
}

describe('a renewal', () => {
  it('is made once by however many processes', async () => {
    const over = await credential({ accessToken: 'a', refreshToken: 'r', expiresAt: OVER });
    const provider = rotatingProvider();
    const processes = [provider.renewal(), provider.renewal(), provider.renewal()];
    const renewed = await Promise.all(processes.map((one) => one.current(WORK, over)));
    expect(provider.taken).toEqual(['r']);
    for (const doc of renewed) {
      if (!doc) throw new Error('it is gone');
      expect((await storeOf().tokens(doc)).accessToken).toBe('of r');
    }
  });

  it('is kept when the store fails right after it', async () => {
    const over = await credential({ accessToken: 'a', refreshToken: 'r', expiresAt: OVER });
    let failures = 2;
    class Failing extends CredentialStore {
      override settle(...settled: Parameters<CredentialStore['settle']>) {
        failures -= 1;
        if (failures >= 0) return Promise.reject(new StoreUnavailable('down'));
        return super.settle(...settled);
      }
    }
    const provider = rotatingProvider();
    const failing = new Failing(collection, keyring, systemEffects());
    const renewed = await provider.renewal(failing).current(WORK, over);
    expect(renewed && (await storeOf().tokens(renewed)).refreshToken).toBe('r+');
    expect(provider.taken).toEqual(['r']);
  });

  it('is kept when the key is rotated meanwhile', async () => {
    const next = new Keyring(new Uint8Array(32).fill(1), [new Uint8Array(32)]);
    const over = await credential({ accessToken: 'a', refreshToken: 'r', expiresAt: OVER });
    const rotate = () => new SecretRotation([collection], next).run(WORK, () => undefined);
    const renewed = await rotatingProvider(rotate).renewal().current(WORK, over);
    expect(renewed && (await storeOf(next).tokens(renewed)).refreshToken).toBe('r+');
  });

  it('does not bring back a credential that was removed meanwhile', async () => {
    const over = await credential({ accessToken: 'a', refreshToken: 'r', expiresAt: OVER });
    const remove = () => storeOf().remove(WORK, over.key);
    expect(await rotatingProvider(remove).renewal().current(WORK, over)).toBeUndefined();
    expect(await storeOf().find(WORK, over.key)).toBeUndefined();
  });

  it.each([
    ['lasts', { expiresAt: '2999-01-01T00:00:00.000Z', refreshToken: 'r' }],
    ['names no end', { refreshToken: 'r' }],
    ['cannot be renewed', { expiresAt: OVER }],
  ])('is not tried on a token that %s', async (_, given) => {
    const doc = await credential({ accessToken: 'a', ...given });
    const { renewal, taken } = rotatingProvider();
    expect(await renewal().current(WORK, doc)).toBe(doc);
    expect(taken).toEqual([]);
  });

  it('of a credential that cannot be decrypted fails for now, and says why', async () => {
    const over = await credential({ accessToken: 'a', refreshToken: 'r', expiresAt: OVER });
    const { renewal } = rotatingProvider();
    const failed = await renewal(storeOf(new Keyring(new Uint8Array(32).fill(9)))).current(
      WORK,
      over,
    );
    expect(failed).toMatchObject({ lastError: expect.stringContaining('decrypted') });
  });
});

it('what nobody refers to is swept once no write can be under way', async () => {
  const kept = await credential({ accessToken: 'kept' });
  const left = await credential({ accessToken: 'left' });
  const referred = async () => new Set([kept.id]);
  await storeOf().sweep(WORK, OWNER, referred);
  expect(await storeOf().find(WORK, left.key)).toBeDefined();
  const effects = { ...systemEffects(), now: () => new Date(Date.now() + 3_600_001) };
  await new CredentialStore(collection, keyring, effects).sweep(WORK, OWNER, referred);
  expect(await storeOf().find(WORK, left.key)).toBeUndefined();
  expect(await storeOf().find(WORK, kept.key)).toBeDefined();
});
