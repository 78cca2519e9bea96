import type { Effects } from '../domain/effects.ts';
import type { CredentialState } from '../domain/oauth.ts';
import { mergePatch, type Patch, setFields } from '../domain/patch.ts';
import { purgeAll } from '../records/purge.ts';
import type { Keyring } from '../secrets/keyring.ts';
import { type SealedDoc, sealedSpec } from '../secrets/sealed.ts';
import type { Collection } from '../store/port.ts';
import type { Work } from '../work.ts';
import type { Tokens } from './provider-client.ts';

/**
 * An OAuth credential, as stored. The key is `owner/id`; a binding in the
 * owner's document refers to it by its id. What is sealed are the tokens.
 */
export interface CredentialDoc extends SealedDoc, CredentialState {
  readonly owner: string;
  readonly id: string;
  readonly provider: string;
  readonly createdAt: string;
  /** While one process renews it, the others leave it alone. ISO-8601. */
  readonly renewingUntil?: string;
}

export const CREDENTIALS = sealedSpec<CredentialDoc>('oauthCredentials', {
  byOwner: { eq: ['owner'], order: 'createdAt' },
});

export function credentialKey(owner: string, id: string): string {
  return `${owner}/${id}`;
}

/** Longer than a grant takes to complete: what nobody refers to by then, nobody will. */
const GRACE_MS = 3_600_000;
const BATCH = 200;

/** Credentials at rest. Their order of writes is that of `SecretStore`: the binding is the truth. */
export class CredentialStore {
  readonly #collection: Collection<CredentialDoc>;
  readonly #keyring: Keyring;
  readonly #effects: Effects;

  constructor(collection: Collection<CredentialDoc>, keyring: Keyring, effects: Effects) {
    this.#collection = collection;
    this.#keyring = keyring;
    this.#effects = effects;
  }

  /** @returns the id by which a binding of the owner refers to it */
  async add(work: Work, owner: string, provider: string, tokens: Tokens): Promise<string> {
    const id = `cred_${this.#effects.uid()}`;
    const key = credentialKey(owner, id);
    const createdAt = this.#effects.now().toISOString();
    const fields = { key, version: 1, owner, id, provider, createdAt };
    await this.#collection.insert(
      work,
      setFields<CredentialDoc>({ ...fields, ...(await this.#sealed(key, tokens)) }),
    );
    return id;
  }

  async find(work: Work, key: string): Promise<CredentialDoc | undefined> {
    return this.#collection.get(work, key);
  }

  async getMany(work: Work, keys: readonly string[]): Promise<(CredentialDoc | undefined)[]> {
    return this.#collection.getMany(work, keys);
  }

  /** @throws SecretUnreadable */
  async tokens(credential: CredentialDoc): Promise<Tokens> {
    return JSON.parse(await this.#keyring.open(credential, credential.key)) as Tokens;
  }

  /** False, and nothing written, when it was changed or removed since it was read. */
  replace(work: Work, credential: CredentialDoc, change: Patch<CredentialDoc>): Promise<boolean> {
    const next = { ...mergePatch(credential, change), version: credential.version + 1 };
    return this.#collection.replace(work, next, credential.version);
  }

  /**
   * Writes what a renewal came to, also where the credential was sealed anew
   * meanwhile. Undefined when it was removed.
   */
  async settle(
    work: Work,
    key: string,
    change: Patch<CredentialDoc>,
    tokens?: Tokens,
  ): Promise<CredentialDoc | undefined> {
    const sealed = tokens && (await this.#sealed(key, tokens));
    for (;;) {
      const doc = await this.#collection.get(work, key);
      if (!doc) return undefined;
      const settled = { ...change, ...sealed, renewingUntil: null };
      if (await this.replace(work, doc, settled)) {
        return { ...mergePatch(doc, settled), version: doc.version + 1 };
      }
    }
  }

  async remove(work: Work, key: string): Promise<void> {
    await this.#collection.delete(work, key);
  }

  /**
   * Removes what a write that died left behind.
   *
   * @param referred the ids that the owner refers to; asked after the old ones were found
   */
  async sweep(
    work: Work,
    owner: string,
    referred: () => Promise<ReadonlySet<string>>,
  ): Promise<void> {
    const before = new Date(this.#effects.now().getTime() - GRACE_MS).toISOString();
    const old = { index: 'byOwner', eq: [owner], before, limit: BATCH, fields: ['id'] };
    const { docs } = await this.#collection.scan(work, old);
    if (docs.length === 0) return;
    const kept = await referred();
    await Promise.all(
      docs.filter(({ id }) => !kept.has(id)).map(({ key }) => this.remove(work, key)),
    );
  }

  purge(work: Work, owner: string): Promise<void> {
    return purgeAll(work, this.#collection, 'byOwner', [owner]);
  }

  async #sealed(key: string, tokens: Tokens) {
    const { expiresAt = null, refreshToken } = tokens;
    const sealed = await this.#keyring.seal(JSON.stringify(tokens), key);
    return { ...sealed, renewable: refreshToken !== undefined, expiresAt };
  }
}
