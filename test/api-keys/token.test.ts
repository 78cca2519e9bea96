import { assert, constantFrom, integer, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BASE62,
  displayPrefix,
  hashApiKey,
  isWellFormed,
  mintApiKey,
} from '../../src/api-keys/token.ts';
import { systemEffects } from '../../src/server/effects.ts';

const { random } = systemEffects();
const KNOWN = 'sk-any-api01-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA14jZRd';

describe('an API key', () => {
  it('has the documented form', () => {
    const key = mintApiKey(random);
    expect(key).toMatch(/^sk-any-api01-[0-9A-Za-z]{46}$/);
    expect(isWellFormed(key)).toBe(true);
    expect(displayPrefix(key)).toBe(key.slice(0, 'sk-any-api01-'.length + 6));
    expect(mintApiKey(random)).not.toBe(key);
  });

  it('ends with the CRC-32 of the part before, in base62', () => {
    expect(mintApiKey((_, length) => 'A'.repeat(length))).toBe(KNOWN);
    expect(isWellFormed(KNOWN)).toBe(true);
  });

  it('is refused with any one character changed', () =>
    assert(
      property(
        integer({ min: 'sk-any-api01-'.length, max: KNOWN.length - 1 }),
        constantFrom(...BASE62),
        (at, character) => {
          const changed = KNOWN.slice(0, at) + character + KNOWN.slice(at + 1);
          return isWellFormed(changed) === (changed === KNOWN);
        },
      ),
    ));

  it.each(['', 'sk-any-api01-', `${KNOWN}x`, ` ${KNOWN}`, KNOWN.replace('01', '02')])(
    'does not have the form %j',
    (text) => expect(isWellFormed(text)).toBe(false),
  );

  it('is stored as 64 hex digits', () => {
    expect(hashApiKey(KNOWN)).toMatch(/^[0-9a-f]{64}$/);
  });
});
