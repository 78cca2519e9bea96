import type { Effects } from '../domain/effects.ts';
import { URL_SAFE_ALPHABET } from '../domain/ids.ts';
import { type Collection, collectionSpec, type Doc } from '../store/port.ts';
import { displayPrefix, hashApiKey, isWellFormed, looksLikeApiKey, mintApiKey } from './api-key.ts';
import type { AuthStrategy } from './authenticate.ts';
import { rejected } from './authenticate.ts';
import { LastUse } from './last-use.ts';
import { effectiveScopes, type Role, type Scope } from './rights.ts';

/** As stored. The key is `org/id`; of the secret itself only a hash is kept. */
export interface ApiKeyDoc extends Doc {
  readonly org: string;
  readonly id: string;
  readonly uid: string;
  readonly name: string;
  readonly description?: string;
  readonly hash: string;
  readonly prefix: string;
  /** The role that its issuer held: the floors it meets. */
  readonly role: Role;
  /** As the issuer chose them. */
  readonly scopes: readonly Scope[];
  readonly expiresAt?: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export const API_KEYS = collectionSpec<ApiKeyDoc>('apiKeys', {
  byOrg: { eq: ['org'], order: 'uid' },
  byHash: { eq: ['hash'], order: 'uid' },
});

/** When a key was last used, apart from the key, so that use never changes its version. */
export interface ApiKeyUseDoc extends Doc {
  readonly lastUsedAt: string;
}

export const API_KEY_USES = collectionSpec<ApiKeyUseDoc>('apiKeyUses');

export interface NewApiKey {
  readonly name: string;
  readonly description?: string;
  readonly role: Role;
  readonly scopes: readonly Scope[];
  readonly expiresAt?: string;
}

export class ApiKeyService {
  readonly #keys: Collection<ApiKeyDoc>;
  readonly #effects: Effects;
  readonly lastUse: LastUse;

  constructor(keys: Collection<ApiKeyDoc>, uses: Collection<ApiKeyUseDoc>, effects: Effects) {
    this.#keys = keys;
    this.#effects = effects;
    this.lastUse = new LastUse(uses);
  }

  /**
   * Makes a key.
   *
   * @param secret the whole key, when it is given rather than minted; well-formed
   * @returns the key's document, and its secret, which is told nowhere else
   */
  async mint(
    org: string,
    input: NewApiKey,
    secret = mintApiKey(this.#effects.random),
  ): Promise<{ doc: ApiKeyDoc; secret: string }> {
    const now = this.#effects.now().toISOString();
    const id = `key_${this.#effects.random(URL_SAFE_ALPHABET, 20)}`;
    const doc: ApiKeyDoc = {
      ...input,
      key: `${org}/${id}`,
      org,
      id,
      uid: this.#effects.uid(),
      version: 1,
      hash: hashApiKey(secret),
      prefix: displayPrefix(secret),
      createdAt: now,
      updatedAt: now,
    };
    await this.#keys.insert(doc);
    return { doc, secret };
  }

  /** Takes bearer tokens that are API keys. */
  strategy(): AuthStrategy {
    return async (token) => {
      if (!looksLikeApiKey(token)) return null;
      if (!isWellFormed(token)) throw rejected('the API key is mistyped: its checksum is wrong');
      const hash = hashApiKey(token);
      const { docs } = await this.#keys.walk({ index: 'byHash', eq: [hash], limit: 1 });
      const [key] = docs;
      if (!key) throw rejected('the API key is unknown or was deleted');
      const now = this.#effects.now().toISOString();
      if (key.expiresAt !== undefined && key.expiresAt <= now) {
        throw rejected('the API key has expired');
      }
      this.lastUse.note(key.key, now);
      const membership = { role: key.role, scopes: effectiveScopes(key.scopes) };
      return {
        kind: 'apiKey',
        id: key.id,
        name: key.name,
        memberships: new Map([[key.org, membership]]),
      };
    };
  }
}
