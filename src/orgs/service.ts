import type { ChangeLog } from '../changes/change-log.ts';
import type { Effects } from '../domain/effects.ts';
import { DomainError, invalid } from '../domain/errors.ts';
import { isSlug } from '../domain/ids.ts';
import {
  type EntitleOrgInput,
  entitleOrg,
  type Org,
  TRUSTED_DOCUMENTS_ONLY,
  type UpdateOrgInput,
  updateOrg,
} from '../domain/orgs.ts';
import { allDocs } from '../paging/all-docs.ts';
import { Records } from '../records/records.ts';
import type { MaybePromise } from '../store/bounds.ts';
import type { Collection } from '../store/port.ts';
import type { Work } from '../work.ts';
import type { OrgDoc } from './collection.ts';

export class OrgService {
  readonly #collection: Collection<OrgDoc>;
  readonly #records: Records<OrgDoc>;
  readonly #effects: Effects;

  constructor(collection: Collection<OrgDoc>, effects: Effects, log: ChangeLog) {
    this.#collection = collection;
    this.#records = new Records({
      log,
      collection,
      type: 'org',
      resourceOf: ({ id }) => ({ org: id, id, uid: id }),
      notFound: (id) => new DomainError('org.not_found', `there is no org '${id}'`),
    });
    this.#effects = effects;
  }

  /** Whether the store holds no org yet. */
  async isEmpty(work: Work): Promise<boolean> {
    const { docs } = await this.#collection.scan(work, { index: 'byId', eq: [], limit: 1 });
    return docs.length === 0;
  }

  /** Every org, by id. */
  all(work: Work): AsyncGenerator<Org> {
    return allDocs(work, this.#collection, { index: 'byId', eq: [] });
  }

  /** @throws DomainError `org.id_taken`, `request.invalid` when the id is not a slug */
  async create(work: Work, id: string, name: string): Promise<Org> {
    const org = await this.#insert(work, id, name);
    if (!org) throw new DomainError('org.id_taken', `there is an org '${id}' already`);
    return org;
  }

  /**
   * Creates an org, unless there is one of that id.
   *
   * @throws DomainError `request.invalid` when the id is not a slug
   */
  async ensure(work: Work, id: string, name: string): Promise<Org> {
    return (await this.#insert(work, id, name)) ?? this.get(work, id);
  }

  /** Undefined when the id is taken. */
  async #insert(work: Work, id: string, name: string): Promise<Org | undefined> {
    if (!isSlug(id)) throw invalid([{ path: 'id', message: 'is not a URL-safe slug' }]);
    const now = this.#effects.now().toISOString();
    const doc = {
      key: id,
      id,
      version: 1,
      name,
      features: [],
      products: [],
      createdAt: now,
      updatedAt: now,
    };
    return (await this.#records.create(work, doc)) ? doc : undefined;
  }

  /** @throws DomainError `org.not_found` */
  get(work: Work, id: string): MaybePromise<Org> {
    return this.#records.get(work, id);
  }

  /** In the order of `ids`, undefined where there is none; one read. */
  async getMany(work: Work, ids: readonly string[]): Promise<(Org | undefined)[]> {
    return this.#records.getMany(work, ids);
  }

  /** Those of the orgs whose tokens may execute trusted documents only. */
  async trustsDocumentsOnly(work: Work, ids: readonly string[]): Promise<readonly string[]> {
    const orgs = await this.#records.getMany(work, ids);
    return orgs.flatMap((org) => (org?.features.includes(TRUSTED_DOCUMENTS_ONLY) ? org.id : []));
  }

  /** @throws DomainError `org.not_found`, `version.mismatch`, `request.invalid` */
  update(
    work: Work,
    id: string,
    expectedVersion: number | null | undefined,
    input: UpdateOrgInput,
  ): Promise<Org> {
    return this.#change(work, id, expectedVersion ?? undefined, (org) => updateOrg(org, input));
  }

  /** For the operators of this service. @throws DomainError `org.not_found`, `request.invalid` */
  entitle(work: Work, id: string, input: EntitleOrgInput): Promise<Org> {
    return this.#change(work, id, undefined, (org) => entitleOrg(org, input));
  }

  #change(
    work: Work,
    id: string,
    expectedVersion: number | undefined,
    fn: (org: OrgDoc) => OrgDoc,
  ): Promise<Org> {
    return this.#records.change(work, id, expectedVersion, fn, {
      describe: () => ({ events: [{ type: 'org.updated', data: { id, orgId: id } }] }),
    });
  }
}
