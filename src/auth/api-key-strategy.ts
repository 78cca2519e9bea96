import { LRUCache } from 'lru-cache';
import type { ApiKeyDoc } from '../api-keys/collection.ts';
import type { ApiKeyService } from '../api-keys/service.ts';
import { hashApiKey, isWellFormed, looksLikeApiKey } from '../api-keys/token.ts';
import type { DocumentVersion, ReadLog } from '../store/bounds.ts';
import { notedBy, type Work } from '../work.ts';
import { type AuthStrategy, type Recalled, rejected } from './authenticate.ts';
import type { Principal } from './principal.ts';
import { effectiveScopes } from './rights.ts';

const MAX_KNOWN = 10_000;

/** A key that was accepted before. */
interface Known extends Recalled {
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/**
 * Accepts bearer tokens that are API keys. The key, or its version, is read on every request, so
 * a deleted or changed key takes effect at once, in every process.
 *
 * @param now milliseconds since 1970
 */
export function apiKeyStrategy(apiKeys: ApiKeyService, now: () => number): AuthStrategy {
  const known = new LRUCache<string, Known>({ max: MAX_KNOWN });
  return {
    recall(token) {
      if (!looksLikeApiKey(token)) return undefined;
      const found = known.get(hashApiKey(token));
      if (!found) return undefined;
      const at = now();
      if (found.expiresAt <= at) return undefined;
      apiKeys.lastUse.note(found.proof.key, at);
      return found;
    },
    async authenticate(work, token) {
      if (!looksLikeApiKey(token)) return null;
      if (!isWellFormed(token)) throw rejected('the API key is mistyped: its checksum is wrong');
      const hash = hashApiKey(token);
      const name = known.get(hash)?.proof.key ?? (await apiKeys.findByHash(work, hash))?.key;
      const { key, proof } = name === undefined ? NOTHING : await readKey(apiKeys, work, name);
      if (key?.hash !== hash) {
        known.delete(hash);
        throw rejected('the API key is unknown or was deleted');
      }
      const at = now();
      const expiresAt =
        key.expiresAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(key.expiresAt);
      if (expiresAt <= at) throw rejected('the API key has expired');
      apiKeys.lastUse.note(key.key, at);
      const principal = principalOf(key);
      if (proof) known.set(hash, { principal, proof, expiresAt });
      return principal;
    },
  };
}

const NOTHING = { key: undefined, proof: undefined };

/** A key as it is stored, and the state that it was read in. */
async function readKey(apiKeys: ApiKeyService, work: Work, name: string) {
  let proof: DocumentVersion | undefined;
  const reads: ReadLog = {
    document(collection, key, version) {
      proof = { collection, key, version };
    },
    other: () => undefined,
  };
  const key = await apiKeys.find(notedBy(work, reads), name);
  return { key, proof };
}

function principalOf({ id, uid, version, name, org, role, scopes }: ApiKeyDoc): Principal {
  const membership = { role, scopes: effectiveScopes(scopes) };
  return {
    kind: 'apiKey',
    id,
    name,
    memberships: new Map([[org, membership]]),
    stamp: `key ${uid} ${version}`,
  };
}
