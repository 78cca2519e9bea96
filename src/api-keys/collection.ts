import type { Role, Scope } from '../auth/rights.ts';
import type { Actor } from '../domain/origin.ts';
import { collectionSpec, type Doc } from '../store/port.ts';

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
  /** Unset for a key from before creators were stored. */
  readonly createdBy?: Actor;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export const API_KEYS = collectionSpec<ApiKeyDoc>('apiKeys', {
  /** Newest first, read in reverse. */
  byOrg: { eq: ['org'], order: 'uid' },
  byHash: { eq: ['hash'], order: 'uid' },
});

/** When a key was last used, apart from the key, so that use never changes its version. */
export interface ApiKeyUseDoc extends Doc {
  readonly lastUsedAt: string;
}

export const API_KEY_USES = collectionSpec<ApiKeyUseDoc>('apiKeyUses');
