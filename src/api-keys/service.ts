import type { Membership } from '../auth/principal.ts';
import type { Role } from '../auth/rights.ts';
import type { ChangeLog } from '../changes/change-log.ts';
import type { Effects } from '../domain/effects.ts';
import { DomainError } from '../domain/errors.ts';
import type { EventType } from '../domain/events.ts';
import { URL_SAFE_ALPHABET } from '../domain/ids.ts';
import { assertRoom } from '../orgs/room.ts';
import type { PageRequest, Pager, TokenPage } from '../paging/pager.ts';
import { Records } from '../records/records.ts';
import type { MaybePromise } from '../store/bounds.ts';
import type { Collection, Store } from '../store/port.ts';
import type { Work } from '../work.ts';
import type { ApiKeyDoc, ApiKeyUseDoc } from './collection.ts';
import { LastUse } from './last-use.ts';
import {
  type ApiKeyContent,
  assertMayChange,
  type CreateApiKeyInput,
  newApiKey,
  type UpdateApiKeyInput,
  updateApiKey,
} from './rules.ts';
import { displayPrefix, hashApiKey, mintApiKey } from './token.ts';

const ID_LENGTH = 20;

export interface ApiKeyServiceParts {
  readonly store: Pick<Store, 'commit'>;
  readonly keys: Collection<ApiKeyDoc>;
  readonly uses: Collection<ApiKeyUseDoc>;
  readonly pager: Pager;
  readonly effects: Effects;
  readonly log: ChangeLog;
}

export class ApiKeyService {
  readonly #keys: Collection<ApiKeyDoc>;
  readonly #uses: Collection<ApiKeyUseDoc>;
  readonly #records: Records<ApiKeyDoc>;
  readonly #pager: Pager;
  readonly #effects: Effects;
  readonly lastUse: LastUse;

  constructor({ store, keys, uses, pager, effects, log }: ApiKeyServiceParts) {
    this.#keys = keys;
    this.#uses = uses;
    this.#records = new Records({
      log,
      collection: keys,
      type: 'api_key',
      resourceOf: ({ org, id, uid }) => ({ org, id, uid }),
      notFound,
    });
    this.#pager = pager;
    this.#effects = effects;
    this.lastUse = new LastUse(store, uses, keys);
  }

  /**
   * Creates a key on behalf of a caller.
   *
   * @returns the key, and its secret, which is shown only here
   * @throws DomainError `auth.scope_missing`, `request.invalid`, `org.limit_reached`
   */
  async create(
    work: Work,
    org: string,
    issuer: Membership,
    input: CreateApiKeyInput,
  ): Promise<{ doc: ApiKeyDoc; secret: string }> {
    const content = newApiKey(issuer, input, this.#effects.now());
    await assertRoom(work, this.#keys, org, 'apiKeys');
    return this.mint(work, org, content);
  }

  /**
   * Creates a key on the operator's own behalf.
   *
   * @param given the whole key, when it is given rather than minted; well-formed. One that is
   *   there stays as it is: a secret is of one key
   * @returns the key, and its secret, which is shown only here
   */
  async mint(
    work: Work,
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
      createdBy: work.origin.actor,
      createdAt: now,
      updatedAt: now,
    };
    if (await this.#records.create(work, doc, { events: [event('api_key.created', doc)] }))
      return { doc, secret };
    return { doc: await this.get(work, org, id), secret };
  }

  /** @throws DomainError `api_key.not_found` */
  get(work: Work, org: string, id: string): MaybePromise<ApiKeyDoc> {
    return this.#records.get(work, keyOf(org, id));
  }

  /** Newest first. */
  list(work: Work, org: string, page: PageRequest): Promise<TokenPage<ApiKeyDoc>> {
    return this.#pager.page(
      work,
      this.#keys,
      'apiKeys',
      { index: 'byOrg', eq: [org], reverse: true },
      page,
    );
  }

  /**
   * @throws DomainError `api_key.not_found`, `auth.role_insufficient`, `auth.scope_missing`,
   *   `request.invalid`
   */
  update(
    work: Work,
    org: string,
    id: string,
    editor: Membership,
    input: UpdateApiKeyInput,
  ): Promise<ApiKeyDoc> {
    return this.#records.change(
      work,
      keyOf(org, id),
      undefined,
      (key) => updateApiKey(key, editor, input, this.#effects.now()),
      { describe: (_, after) => ({ events: [event('api_key.updated', after)] }) },
    );
  }

  /**
   * Removes a key on behalf of a caller; it is refused from now on.
   *
   * @param caller the caller's role
   * @returns its last state
   * @throws DomainError `api_key.not_found`, `auth.role_insufficient`
   */
  remove(work: Work, org: string, id: string, caller: Role): Promise<ApiKeyDoc> {
    return this.#remove(work, keyOf(org, id), (key) => assertMayChange(caller, key));
  }

  /**
   * For operators: as `remove`, whatever the key's role.
   *
   * @throws DomainError `api_key.not_found`
   */
  delete(work: Work, org: string, id: string): Promise<ApiKeyDoc> {
    return this.#remove(work, keyOf(org, id), () => undefined);
  }

  async #remove(work: Work, key: string, assertMay: (last: ApiKeyDoc) => void): Promise<ApiKeyDoc> {
    const last = await this.#records.remove(
      work,
      key,
      undefined,
      (it) => ({ events: [event('api_key.deleted', it)] }),
      (it) => {
        assertMay(it);
        return [this.#uses.toDelete(key)];
      },
    );
    this.lastUse.forget(key);
    return last;
  }

  /** Undefined when there is none. @param key where it is stored, as `ApiKeyDoc.key` */
  find(work: Work, key: string): MaybePromise<ApiKeyDoc | undefined> {
    return this.#records.find(work, key);
  }

  /** Undefined when there is none. @param hash as `hashApiKey` returns it */
  async findByHash(work: Work, hash: string): Promise<ApiKeyDoc | undefined> {
    const { docs } = await this.#keys.scan(work, { index: 'byHash', eq: [hash], limit: 1 });
    return docs[0];
  }
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
