import { LRUCache } from 'lru-cache';
import type { Effects } from '../domain/effects.ts';
import { DomainError } from '../domain/errors.ts';
import type { EventType } from '../domain/event.ts';
import { URL_SAFE_ALPHABET } from '../domain/ids.ts';
import type { PageRequest, Pager, TokenPage } from '../paging/pager.ts';
import type { Outbox } from '../records/outbox.ts';
import { Records } from '../records/records.ts';
import type { Collection } from '../store/port.ts';
import { displayPrefix, hashApiKey, isWellFormed, looksLikeApiKey, mintApiKey } from './api-key.ts';
import type { ApiKeyDoc, ApiKeyUseDoc } from './api-key-collection.ts';
import {
  type ApiKeyContent,
  type CreateApiKeyInput,
  newApiKey,
  type UpdateApiKeyInput,
  updateApiKey,
} from './api-key-rules.ts';
import { type AuthStrategy, rejected } from './authenticate.ts';
import { LastUse } from './last-use.ts';
import type { Membership, Principal } from './principal.ts';
import { effectiveScopes } from './rights.ts';

const ID_LENGTH = 20;
const KNOWN_AT_MOST = 1_000;

export interface ApiKeyServiceParts {
  readonly keys: Collection<ApiKeyDoc>;
  readonly uses: Collection<ApiKeyUseDoc>;
  readonly pager: Pager;
  readonly effects: Effects;
  readonly outbox: Outbox;
}

export class ApiKeyService {
  readonly #keys: Collection<ApiKeyDoc>;
  readonly #records: Records<ApiKeyDoc>;
  readonly #pager: Pager;
  readonly #effects: Effects;
  readonly lastUse: LastUse;

  constructor({ keys, uses, pager, effects, outbox }: ApiKeyServiceParts) {
    this.#keys = keys;
    this.#records = new Records(keys, effects.now, notFound, {
      outbox,
      remains: ({ key }) => key,
      purge: async (key) => {
        await uses.delete(key as string);
      },
    });
    this.#pager = pager;
    this.#effects = effects;
    this.lastUse = new LastUse(uses, keys);
  }

  /**
   * Makes a key on behalf of someone.
   *
   * @returns the key, and its secret, which is told nowhere else
   * @throws DomainError `auth.scope_missing`, `request.invalid`
   */
  create(
    org: string,
    issuer: Membership,
    input: CreateApiKeyInput,
  ): Promise<{ doc: ApiKeyDoc; secret: string }> {
    return this.mint(org, newApiKey(issuer, input, this.#effects.now()));
  }

  /**
   * Makes a key on the operator's own behalf.
   *
   * @param given the whole key, when it is given rather than minted; well-formed. One that is
   *   there stays as it is: a secret is of one key
   * @returns the key, and its secret, which is told nowhere else
   */
  async mint(
    org: string,
    input: ApiKeyContent,
    given?: string,
  ): Promise<{ doc: ApiKeyDoc; secret: string }> {
    const now = this.#effects.now().toISOString();
    const secret = given ?? mintApiKey(this.#effects.random);
    const hash = hashApiKey(secret);
    const id = `key_${given ? hash.slice(0, ID_LENGTH) : this.#effects.random(URL_SAFE_ALPHABET, ID_LENGTH)}`;
    const doc: ApiKeyDoc = {
      ...input,
      key: keyOf(org, id),
      org,
      id,
      uid: this.#effects.uid(),
      version: 1,
      hash,
      prefix: displayPrefix(secret),
      createdAt: now,
      updatedAt: now,
    };
    if (await this.#records.create(doc, [event('api_key.created', doc)])) return { doc, secret };
    return { doc: await this.get(org, id), secret };
  }

  /** @throws DomainError `api_key.not_found` */
  get(org: string, id: string): Promise<ApiKeyDoc> {
    return this.#records.get(keyOf(org, id));
  }

  /** Newest first. */
  list(org: string, page: PageRequest): Promise<TokenPage<ApiKeyDoc>> {
    return this.#pager.page(
      this.#keys,
      'apiKeys',
      { index: 'byOrg', eq: [org], reverse: true },
      page,
    );
  }

  /** @throws DomainError `api_key.not_found`, `auth.scope_missing`, `request.invalid` */
  update(
    org: string,
    id: string,
    editor: Membership,
    input: UpdateApiKeyInput,
  ): Promise<ApiKeyDoc> {
    return this.#records.change(
      keyOf(org, id),
      undefined,
      (key) => updateApiKey(key, editor, input, this.#effects.now()),
      (_, after) => [event('api_key.updated', after)],
    );
  }

  /**
   * Removes a key; it is refused from now on.
   *
   * @returns its last state
   * @throws DomainError `api_key.not_found`
   */
  async delete(org: string, id: string): Promise<ApiKeyDoc> {
    const key = keyOf(org, id);
    const last = await this.#records.remove(key, undefined, (it) => [event('api_key.deleted', it)]);
    this.lastUse.forget(key);
    return last;
  }

  /** Takes bearer tokens that are API keys. The key is read each time: it may have been deleted. */
  strategy(): AuthStrategy {
    const known = new LRUCache<string, Known>({ max: KNOWN_AT_MOST });
    return async (token) => {
      if (!looksLikeApiKey(token)) return null;
      if (!isWellFormed(token)) throw rejected('the API key is mistyped: its checksum is wrong');
      const hash = hashApiKey(token);
      const before = known.get(hash);
      const key = before ? await this.#records.find(before.key) : await this.#byHash(hash);
      if (key?.hash !== hash) {
        known.delete(hash);
        throw rejected('the API key is unknown or was deleted');
      }
      const now = this.#effects.now().toISOString();
      if (key.expiresAt !== undefined && key.expiresAt <= now) {
        throw rejected('the API key has expired');
      }
      this.lastUse.note(key.key, now);
      if (before?.uid === key.uid && before.version === key.version) return before.principal;
      const principal = principalOf(key);
      known.set(hash, { key: key.key, uid: key.uid, version: key.version, principal });
      return principal;
    };
  }

  async #byHash(hash: string): Promise<ApiKeyDoc | undefined> {
    const { docs } = await this.#keys.walk({ index: 'byHash', eq: [hash], limit: 1 });
    return docs[0];
  }
}

/** Where a key that was used here is, which never changes, and whom it stands for at a version. */
interface Known {
  readonly key: string;
  readonly uid: string;
  readonly version: number;
  readonly principal: Principal;
}

function principalOf({ id, name, org, role, scopes }: ApiKeyDoc): Principal {
  const membership = { role, scopes: effectiveScopes(scopes) };
  return { kind: 'apiKey', id, name, memberships: new Map([[org, membership]]) };
}

function keyOf(org: string, id: string): string {
  return `${org}/${id}`;
}

function event<T extends Extract<EventType, `api_key.${string}`>>(type: T, doc: ApiKeyDoc) {
  return { type, data: { id: doc.id, orgId: doc.org } };
}

function notFound(key: string): DomainError {
  return new DomainError(
    'api_key.not_found',
    `there is no API key '${key.slice(key.indexOf('/') + 1)}'`,
  );
}
