import type { Effects } from '../domain/effects.ts';
import type { CredentialState } from '../domain/oauth.ts';
import { mergePatch, type Patch, setFields } from '../domain/patch.ts';
import type { Keyring } from '../secrets/keyring.ts';
import { sealedSpec } from '../secrets/sealed.ts';
import {
  type OwnedSecretDoc,
  ownedKey,
  type SecretsChange,
  secretWrites,
} from '../secrets/secret-writes.ts';
import type { MaybePromise } from '../store/bounds.ts';
import type { Collection, Store } from '../store/port.ts';
import type { Write } from '../store/writes.ts';
import type { Work } from '../work.ts';
import type { Tokens } from './provider-client.ts';

/** An OAuth credential, as stored. A binding of the owner refers to it; the tokens are sealed. */
export interface CredentialDoc extends OwnedSecretDoc, CredentialState {
  readonly provider: string;
  readonly createdAt: string;
  /** While one process renews it, the others leave it alone. ISO-8601. */
  readonly renewingUntil?: string;
}

export const CREDENTIALS = sealedSpec<CredentialDoc>('oauthCredentials', {
  byOwner: { eq: ['owner'], order: 'createdAt' },
});

export const credentialKey = ownedKey;

/**
 * Commits a write of a credential, whose next state is given.
 *
 * @returns false, and writes nothing, when the credential was changed or removed meanwhile
 */
export type CommitCredential = (work: Work, write: Write, next: CredentialDoc) => Promise<boolean>;

/** Credentials at rest. They are inserted and deleted as the secrets of `SecretStore` are. */
export class CredentialStore {
  readonly #store: Pick<Store, 'commit'>;
  readonly #collection: Collection<CredentialDoc>;
  readonly #keyring: Keyring;
  readonly #effects: Effects;

  constructor(
    store: Pick<Store, 'commit'>,
    collection: Collection<CredentialDoc>,
    keyring: Keyring,
    effects: Effects,
  ) {
    this.#store = store;
    this.#collection = collection;
    this.#keyring = keyring;
    this.#effects = effects;
  }

  /** Seals a credential for `writes`, and stores nothing. */
  async seal(owner: string, provider: string, tokens: Tokens): Promise<CredentialDoc> {
    const id = `cred_${this.#effects.uid()}`;
    const key = credentialKey(owner, id);
    const createdAt = this.#effects.now().toISOString();
    const fields = { key, version: 1, owner, id, provider, createdAt };
    return setFields<CredentialDoc>({ ...fields, ...(await this.#sealed(key, tokens)) });
  }

  /** See `secretWrites`. */
  writes(change: SecretsChange<CredentialDoc>): readonly Write[] {
    return secretWrites(this.#collection, change);
  }

  find(work: Work, key: string): MaybePromise<CredentialDoc | undefined> {
    return this.#collection.get(work, key);
  }

  getMany(work: Work, keys: readonly string[]): MaybePromise<(CredentialDoc | undefined)[]> {
    return this.#collection.getMany(work, keys);
  }

  /** @throws SecretUnreadable */
  async tokens(credential: CredentialDoc): Promise<Tokens> {
    return JSON.parse(await this.#keyring.open(credential, credential.key)) as Tokens;
  }

  /** Whether a key of this process opens it. */
  opens(credential: CredentialDoc): Promise<boolean> {
    return this.#keyring.opens(credential, credential.key);
  }

  /** @returns false, and writes nothing, when it was changed or removed since it was read */
  async replace(
    work: Work,
    credential: CredentialDoc,
    change: Patch<CredentialDoc>,
    commit: CommitCredential = this.#commitAlone,
  ): Promise<boolean> {
    const next = { ...mergePatch(credential, change), version: credential.version + 1 };
    return commit(work, this.#collection.toReplace(next, credential.version), next);
  }

  /**
   * Writes the result of a renewal, also where the credential was sealed again meanwhile.
   *
   * @param commit other than a commit of the write alone
   * @returns undefined when it was removed
   */
  async settle(
    work: Work,
    key: string,
    change: Patch<CredentialDoc>,
    tokens?: Tokens,
    commit?: CommitCredential,
  ): Promise<CredentialDoc | undefined> {
    const sealed = tokens && (await this.#sealed(key, tokens));
    for (;;) {
      const doc = await this.#collection.get(work, key);
      if (!doc) return undefined;
      const settled = { ...change, ...sealed, renewingUntil: null };
      if (await this.replace(work, doc, settled, commit)) {
        return { ...mergePatch(doc, settled), version: doc.version + 1 };
      }
    }
  }

  readonly #commitAlone: CommitCredential = async (work, write) =>
    (await this.#store.commit(work, [write])).committed;

  async #sealed(key: string, tokens: Tokens) {
    const { expiresAt = null, refreshToken } = tokens;
    const sealed = await this.#keyring.seal(JSON.stringify(tokens), key);
    return { ...sealed, renewable: refreshToken !== undefined, expiresAt };
  }
}
