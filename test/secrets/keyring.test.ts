import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Keyring, SecretUnreadable } from '../../src/secrets/keyring.ts';

const keyOf = (fill: number) => new Uint8Array(32).fill(fill);
const text = fc.string({ unit: 'grapheme' });

describe('a keyring', () => {
  it('opens what it sealed in the same place, and does not show it', async () => {
    const keyring = new Keyring(keyOf(1));
    await fc.assert(
      fc.asyncProperty(text, text, async (secret, place) => {
        const sealed = await keyring.seal(secret, place);
        expect(await keyring.open(sealed, place)).toBe(secret);
        if (secret.length > 8) expect(JSON.stringify(sealed)).not.toContain(secret);
      }),
    );
  });

  it('never seals the same text to the same bytes', async () => {
    const keyring = new Keyring(keyOf(1));
    const [one, two] = [await keyring.seal('same', 'here'), await keyring.seal('same', 'here')];
    expect(one.jwe).not.toBe(two.jwe);
  });

  it('opens with a retired key, and seals with the current one', async () => {
    const old = await new Keyring(keyOf(1)).seal('kept', 'here');
    const keyring = new Keyring(keyOf(2), [keyOf(9), keyOf(1)]);
    expect(await keyring.open(old, 'here')).toBe('kept');
    expect((await keyring.seal('new', 'here')).kid).toBe(keyring.kid);
    expect(keyring.kid).not.toBe(old.kid);
  });

  it('refuses what is in another place, has an unknown key, or was changed', async () => {
    const keyring = new Keyring(keyOf(1));
    const sealed = await keyring.seal('secret', 'here');
    const [tag] = (await keyring.seal('other', 'here')).jwe.split('.').slice(-1);
    const changed = sealed.jwe.replace(/[^.]+$/, tag ?? '');
    const foreign = await new Keyring(keyOf(2)).seal('x', 'here');
    const attempts = [
      () => keyring.open(sealed, 'there'),
      () => new Keyring(keyOf(2)).open(sealed, 'here'),
      () => keyring.open({ ...sealed, jwe: changed }, 'here'),
      () => keyring.open({ ...sealed, jwe: 'no JWE' }, 'here'),
      () => keyring.open({ ...foreign, kid: keyring.kid }, 'here'),
    ];
    for (const attempt of attempts) await expect(attempt()).rejects.toThrow(SecretUnreadable);
  });
});
