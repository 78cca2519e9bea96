import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Keyring } from '../../src/secrets/keyring.ts';
import { type RotationProgress, SecretRotation } from '../../src/secrets/rotation.ts';
import { SECRETS, type SecretDoc, SecretStore } from '../../src/secrets/secret-store.ts';
import { systemEffects } from '../../src/server/effects.ts';
import type { Collection, Store } from '../../src/store/port.ts';
import { openTestStore } from '../kit/store.ts';
import { WORK } from '../kit/work.ts';

const COUNT = 250;
const keyOf = (fill: number) => new Uint8Array(32).fill(fill);
// The order of key ids is random, so each pair is rotated in both directions.
const pairs = [
  [keyOf(1), keyOf(2)],
  [keyOf(2), keyOf(1)],
] as const;

let store: Store;
let secrets: Collection<SecretDoc>;
beforeEach(async () => {
  store = await openTestStore();
  secrets = await store.collection(SECRETS);
});
afterEach(() => store.close());

const storeOf = (keyring: Keyring) => new SecretStore(secrets, keyring, systemEffects());

async function fill(keyring: Keyring, count: number): Promise<string[]> {
  const sealed = await Promise.all(
    Array.from({ length: count }, (_, i) => storeOf(keyring).seal('acme/1', `value ${i}`)),
  );
  await store.commit(
    WORK,
    sealed.map((doc) => secrets.toInsert(doc)),
  );
  return sealed.map(({ id }) => id);
}

describe('a rotation', () => {
  it.each(pairs)('re-encrypts everything with the current key', async (old, now) => {
    const ids = await fill(new Keyring(old), COUNT);
    const mixed = new Keyring(now, [old]);
    await fill(mixed, 3);
    const progress: RotationProgress[] = [];
    const result = await new SecretRotation(store, [secrets], mixed).run(WORK, (it) =>
      progress.push(it),
    );
    expect(result).toEqual({ reencrypted: COUNT, unreadable: [] });
    expect(progress[0]).toEqual({ done: 0, total: COUNT });
    expect(progress.at(-1)).toEqual({ done: COUNT, total: COUNT });
    const alone = storeOf(new Keyring(now));
    const values = await Promise.all(ids.map((id) => alone.read(WORK, 'acme/1', id)));
    expect(values).toEqual(ids.map((_, i) => `value ${i}`));
  });

  it.each(pairs)('resumes after an interruption with the remaining secrets', async (old, now) => {
    await fill(new Keyring(old), COUNT);
    const rotation = new SecretRotation(store, [secrets], new Keyring(now, [old]));
    const died = rotation.run(WORK, ({ done }) => {
      if (done > 0) throw new Error('killed');
    });
    await expect(died).rejects.toThrow('killed');
    const { reencrypted } = await rotation.run(WORK, () => undefined);
    expect(reencrypted).toBeGreaterThan(0);
    expect(reencrypted).toBeLessThan(COUNT);
    expect(await rotation.run(WORK, () => undefined)).toEqual({ reencrypted: 0, unreadable: [] });
  });

  it.each(pairs)('names the secrets that no key opens, and rotates the rest', async (old, now) => {
    const [lost = ''] = await fill(new Keyring(keyOf(9)), 1);
    await fill(new Keyring(old), COUNT);
    const rotation = new SecretRotation(store, [secrets], new Keyring(now, [old]));
    expect(await rotation.run(WORK, () => undefined)).toEqual({
      reencrypted: COUNT,
      unreadable: [`acme/1/${lost}`],
    });
  });
});
