import { createHash } from 'node:crypto';
import { CompactEncrypt, compactDecrypt, errors } from 'jose';

/** A text at rest: a compact JWE, and the key that opens it. */
export interface Sealed {
  readonly kid: string;
  readonly jwe: string;
}

/** No key of the ring opens it, or it was put where it does not belong. */
export class SecretUnreadable extends Error {
  override readonly name = 'SecretUnreadable';
}

const ALG = 'dir';
const ENC = 'A256GCM';

/** Encrypts with the current key, and decrypts with it or a retired one. */
export class Keyring {
  /** Names the current key: a hash, which reveals nothing about it. */
  readonly kid: string;
  readonly #current: Uint8Array;
  readonly #keys: ReadonlyMap<string, Uint8Array>;

  /** @param current 32 bytes, as each retired key is */
  constructor(current: Uint8Array, retired: readonly Uint8Array[] = []) {
    this.kid = kidOf(current);
    this.#current = current;
    this.#keys = new Map([...retired, current].map((key) => [kidOf(key), key]));
  }

  /** Whether a key of the ring sealed what names this key. */
  has(kid: string): boolean {
    return this.#keys.has(kid);
  }

  /** @param place where it will lie, e.g. a document's key: it opens nowhere else */
  async seal(text: string, place: string): Promise<Sealed> {
    const jwe = await new CompactEncrypt(new TextEncoder().encode(text))
      .setProtectedHeader({ alg: ALG, enc: ENC, kid: this.kid, sub: place })
      .encrypt(this.#current);
    return { kid: this.kid, jwe };
  }

  /** @throws SecretUnreadable */
  async open({ kid, jwe }: Sealed, place: string): Promise<string> {
    const key = this.#keys.get(kid);
    if (!key) throw new SecretUnreadable(`the key ${kid} is not among those in use`);
    try {
      const { plaintext, protectedHeader } = await compactDecrypt(jwe, key, {
        keyManagementAlgorithms: [ALG],
        contentEncryptionAlgorithms: [ENC],
      });
      if (protectedHeader.sub === place) return new TextDecoder().decode(plaintext);
    } catch (error) {
      if (!(error instanceof errors.JOSEError)) throw error;
    }
    throw new SecretUnreadable(`the value at ${place} was not sealed there by the key ${kid}`);
  }

  /** Whether `open` returns a text. */
  async opens(sealed: Sealed, place: string): Promise<boolean> {
    try {
      await this.open(sealed, place);
      return true;
    } catch (error) {
      if (error instanceof SecretUnreadable) return false;
      throw error;
    }
  }
}

function kidOf(key: Uint8Array): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 16);
}
