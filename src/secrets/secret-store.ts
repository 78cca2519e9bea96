import type { Effects } from '../domain/effects.ts';
import type { Collection } from '../store/port.ts';
import type { Write } from '../store/writes.ts';
import type { Work } from '../work.ts';
import type { Keyring } from './keyring.ts';
import { sealedSpec } from './sealed.ts';
import {
  type OwnedSecretDoc,
  ownedKey,
  type SecretsChange,
  secretWrites,
} from './secret-writes.ts';

/** As stored. Written once: a new value is a new secret. */
export interface SecretDoc extends OwnedSecretDoc {
  readonly createdAt: string;
}

export const SECRETS = sealedSpec<SecretDoc>('secrets', {
  byOwner: { eq: ['owner'], order: 'createdAt' },
});

/**
 * Secrets at rest, apart from the documents that refer to them.
 *
 * A secret is never changed in place. A value is sealed first, and stored by the commit that
 * writes the document which refers to it; that commit deletes the secret that it replaces.
 */
export class SecretStore {
  readonly #secrets: Collection<SecretDoc>;
  readonly #keyring: Keyring;
  readonly #effects: Effects;

  constructor(secrets: Collection<SecretDoc>, keyring: Keyring, effects: Effects) {
    this.#secrets = secrets;
    this.#keyring = keyring;
    this.#effects = effects;
  }

  /** Seals a value for `writes`, and stores nothing. */
  async seal(owner: string, value: string): Promise<SecretDoc> {
    const id = `sec_${this.#effects.uid()}`;
    const key = ownedKey(owner, id);
    const sealed = await this.#keyring.seal(value, key);
    return { ...sealed, key, version: 1, owner, id, createdAt: this.#effects.now().toISOString() };
  }

  /** See `secretWrites`. */
  writes(change: SecretsChange<SecretDoc>): readonly Write[] {
    return secretWrites(this.#secrets, change);
  }

  /** The secrets of these keys, in their order; one read. */
  async getMany(work: Work, keys: readonly string[]): Promise<(SecretDoc | undefined)[]> {
    return this.#secrets.getMany(work, keys);
  }

  /** Whether a key of this process opens a secret. */
  opens(doc: SecretDoc): Promise<boolean> {
    return this.#keyring.opens(doc, doc.key);
  }

  /**
   * For the code that uses the secret; never for an answer.
   *
   * @returns undefined when there is none of that id
   * @throws SecretUnreadable
   */
  async read(work: Work, owner: string, id: string): Promise<string | undefined> {
    const doc = await this.#secrets.get(work, ownedKey(owner, id));
    return doc && this.#keyring.open(doc, doc.key);
  }
}
