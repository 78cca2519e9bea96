import { LRUCache } from 'lru-cache';
import type { ApiKeyDoc } from '../api-keys/collection.ts';
import type { ApiKeyService } from '../api-keys/service.ts';
import { hashApiKey, isWellFormed, looksLikeApiKey } from '../api-keys/token.ts';
import { type AuthStrategy, rejected } from './authenticate.ts';
import type { Principal } from './principal.ts';
import { effectiveScopes } from './rights.ts';

const MAX_KNOWN = 1_000;

/** A key that was used before: where it is stored, which never changes, and its principal at a version. */
interface Known {
  readonly key: string;
  readonly uid: string;
  readonly version: number;
  readonly principal: Principal;
}

/**
 * Accepts bearer tokens that are API keys. The key is read on every request, so a deleted or
 * changed key takes effect at once, in every process.
 */
export function apiKeyStrategy(apiKeys: ApiKeyService, now: () => Date): AuthStrategy {
  const known = new LRUCache<string, Known>({ max: MAX_KNOWN });
  return async (work, token) => {
    if (!looksLikeApiKey(token)) return null;
    if (!isWellFormed(token)) throw rejected('the API key is mistyped: its checksum is wrong');
    const hash = hashApiKey(token);
    const before = known.get(hash);
    const key = before
      ? await apiKeys.find(work, before.key)
      : await apiKeys.findByHash(work, hash);
    if (key?.hash !== hash) {
      known.delete(hash);
      throw rejected('the API key is unknown or was deleted');
    }
    const at = now().toISOString();
    if (key.expiresAt !== undefined && key.expiresAt <= at) {
      throw rejected('the API key has expired');
    }
    apiKeys.lastUse.note(key.key, at);
    if (before?.uid === key.uid && before.version === key.version) return before.principal;
    const principal = principalOf(key);
    known.set(hash, { key: key.key, uid: key.uid, version: key.version, principal });
    return principal;
  };
}

function principalOf({ id, name, org, role, scopes }: ApiKeyDoc): Principal {
  const membership = { role, scopes: effectiveScopes(scopes) };
  return { kind: 'apiKey', id, name, memberships: new Map([[org, membership]]) };
}
