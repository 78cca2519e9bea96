import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Keyring } from '../../src/secrets/keyring.ts';
import { SECRETS, SecretStore } from '../../src/secrets/secret-store.ts';
import { systemEffects } from '../../src/server/effects.ts';
import type { Store } from '../../src/store/port.ts';
import { openTestStore } from '../kit/store.ts';
import { WORK } from '../kit/work.ts';

const HOUR_MS = 3_600_000;
const OWNER = 'acme/1';

let store: Store;
let secrets: SecretStore;
let now: number;
beforeEach(async () => {
  store = await openTestStore();
  now = Date.now();
  const effects = { ...systemEffects(), now: () => new Date(now) };
  secrets = new SecretStore(
    await store.collection(SECRETS),
    new Keyring(new Uint8Array(32)),
    effects,
  );
});
afterEach(() => store.close());

const read = (id: string, owner = OWNER) => secrets.read(WORK, owner, id);

describe('the secret store', () => {
  it('returns a secret only to its owner, until it is removed', async () => {
    const id = await secrets.add(WORK, OWNER, 'toolBindings', 'one');
    expect(await read(id)).toBe('one');
    expect(await read(id, 'acme/2')).toBeUndefined();
    await secrets.remove(WORK, 'acme/2', [id]);
    expect(await read(id)).toBe('one');
    await secrets.remove(WORK, OWNER, [id]);
    expect(await read(id)).toBeUndefined();
  });

  it('sweeps secrets that their holder no longer refers to, but no recent ones', async () => {
    const [kept, forgotten] = [
      await secrets.add(WORK, OWNER, 'toolBindings', 'kept'),
      await secrets.add(WORK, OWNER, 'toolBindings', 'forgotten'),
    ];
    const foreign = [
      await secrets.add(WORK, OWNER, 'channels', 'of another holder'),
      await secrets.add(WORK, 'acme/2', 'toolBindings', 'of another owner'),
    ] as const;
    now += HOUR_MS + 1;
    const young = await secrets.add(WORK, OWNER, 'toolBindings', 'young');
    await secrets.sweep(WORK, OWNER, 'toolBindings', async () => new Set([kept]));
    expect(await read(forgotten)).toBeUndefined();
    expect([await read(kept), await read(young)]).toEqual(['kept', 'young']);
    expect(await read(foreign[0])).toBe('of another holder');
    expect(await read(foreign[1], 'acme/2')).toBe('of another owner');
  });

  it('purges the secrets of one owner only', async () => {
    const mine = await secrets.add(WORK, OWNER, 'toolBindings', 'mine');
    const theirs = await secrets.add(WORK, 'acme/2', 'toolBindings', 'theirs');
    await secrets.purge(WORK, OWNER);
    expect(await read(mine)).toBeUndefined();
    expect(await read(theirs, 'acme/2')).toBe('theirs');
  });
});
