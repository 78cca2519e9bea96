import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Trace } from '../../src/domain/trace.ts';
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
const EXPIRED = '2020-01-01T00:00:00.000Z';
const keyring = new Keyring(new Uint8Array(32));
const now = () => new Date();

let store: Store;
let collection: Collection<CredentialDoc>;
beforeEach(async () => {
  store = await openStore(readSettings(testStore()).store);
  collection = await store.collection(CREDENTIALS);
});
afterEach(() => store.close());

const storeOf = (ring = keyring) => new CredentialStore(store, collection, ring, systemEffects());

/** Nothing here loses a grant: test/api/oauth-life.test.ts does. */
const neverLost = () => Promise.reject(new Error('the grant was lost'));

async function credential(tokens: Tokens): Promise<CredentialDoc> {
  const doc = await storeOf().seal(OWNER, 'google', tokens);
  await store.commit(WORK, [collection.toInsert(doc)]);
  return doc;
}

/** A provider that rotates refresh tokens: it accepts each one once. */
function rotatingProvider(meanwhile: () => Promise<unknown> = async () => undefined) {
  const used: string[] = [];
  const client = {
    async refresh(_: Trace, refreshToken: string): Promise<Tokens> {
      if (used.includes(refreshToken)) throw new Error('a refresh token was used twice');
      used.push(refreshToken);
      await meanwhile();
      const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
      return { accessToken: `of ${refreshToken}`, refreshToken: `${refreshToken}+`, expiresAt };
    },
  } as unknown as ProviderClient;
  return { used, renewal: (at = storeOf()) => new Renewal(at, () => client, now) };
}

describe('a renewal', () => {
  it('happens once, however many processes start it', async () => {
    const expired = await credential({ accessToken: 'a', refreshToken: 'r', expiresAt: EXPIRED });
    const provider = rotatingProvider();
    const processes = [provider.renewal(), provider.renewal(), provider.renewal()];
    const renewed = await Promise.all(
      processes.map((one) => one.current(WORK, expired, neverLost)),
    );
    expect(provider.used).toEqual(['r']);
    for (const doc of renewed) {
      if (!doc) throw new Error('it is gone');
      expect((await storeOf().tokens(doc)).accessToken).toBe('of r');
    }
  });

  it('is stored even if the store fails right after it', async () => {
    const expired = await credential({ accessToken: 'a', refreshToken: 'r', expiresAt: EXPIRED });
    let failures = 2;
    class Failing extends CredentialStore {
      override settle(...settled: Parameters<CredentialStore['settle']>) {
        failures -= 1;
        if (failures >= 0) return Promise.reject(new StoreUnavailable('down'));
        return super.settle(...settled);
      }
    }
    const provider = rotatingProvider();
    const failing = new Failing(store, collection, keyring, systemEffects());
    const renewed = await provider.renewal(failing).current(WORK, expired, neverLost);
    expect(renewed && (await storeOf().tokens(renewed)).refreshToken).toBe('r+');
    expect(provider.used).toEqual(['r']);
  });

  it('is stored even if the secrets key is rotated meanwhile', async () => {
    const next = new Keyring(new Uint8Array(32).fill(1), [new Uint8Array(32)]);
    const expired = await credential({ accessToken: 'a', refreshToken: 'r', expiresAt: EXPIRED });
    const rotate = () => new SecretRotation(store, [collection], next).run(WORK, () => undefined);
    const renewed = await rotatingProvider(rotate).renewal().current(WORK, expired, neverLost);
    expect(renewed && (await storeOf(next).tokens(renewed)).refreshToken).toBe('r+');
  });

  it('does not restore a credential that was removed meanwhile', async () => {
    const expired = await credential({ accessToken: 'a', refreshToken: 'r', expiresAt: EXPIRED });
    const remove = () => store.commit(WORK, [collection.toDelete(expired.key)]);
    expect(
      await rotatingProvider(remove).renewal().current(WORK, expired, neverLost),
    ).toBeUndefined();
    expect(await storeOf().find(WORK, expired.key)).toBeUndefined();
  });

  it.each([
    ['is still valid', { expiresAt: '2999-01-01T00:00:00.000Z', refreshToken: 'r' }],
    ['has no expiry', { refreshToken: 'r' }],
    ['has no refresh token', { expiresAt: EXPIRED }],
  ])('is not tried for a token that %s', async (_, given) => {
    const doc = await credential({ accessToken: 'a', ...given });
    const { renewal, used } = rotatingProvider();
    expect(await renewal().current(WORK, doc, neverLost)).toBe(doc);
    expect(used).toEqual([]);
  });

  it('fails temporarily, with the reason, when the credential cannot be decrypted', async () => {
    const expired = await credential({ accessToken: 'a', refreshToken: 'r', expiresAt: EXPIRED });
    const { renewal } = rotatingProvider();
    const failed = await renewal(storeOf(new Keyring(new Uint8Array(32).fill(9)))).current(
      WORK,
      expired,
      neverLost,
    );
    expect(failed).toMatchObject({ lastError: expect.stringContaining('decrypted') });
  });
});
