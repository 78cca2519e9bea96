import { type AgentKey, type AgentOwner, ownerKey } from '../agents/collection.ts';
import type { AgentService } from '../agents/service.ts';
import type { ChangeLog } from '../changes/change-log.ts';
import type { Effects } from '../domain/effects.ts';
import { DomainError, invalid } from '../domain/errors.ts';
import { URL_SAFE_ALPHABET } from '../domain/ids.ts';
import {
  newPerson,
  PERSON_STATUSES,
  type PersonInput,
  type PersonStatus,
  updatePerson,
} from '../domain/people.ts';
import { HIGHEST, searchText } from '../domain/search-text.ts';
import { batched } from '../paging/batched.ts';
import type { PagedQuery, PageRequest, Pager, Scanner, TokenPage } from '../paging/pager.ts';
import { type ChangeOptions, type Described, Records } from '../records/records.ts';
import type { MaybePromise } from '../store/bounds.ts';
import type { Collection } from '../store/port.ts';
import type { Work } from '../work.ts';
import {
  type AppointmentDoc,
  linkOf,
  type PersonDoc,
  type PersonLinkDoc,
  personKey,
  phoneDigits,
  SEARCHED,
  searchFields,
  sharedWithin,
  withoutSearchFields,
} from './collection.ts';

export interface PeopleQuery extends PageRequest {
  readonly status?: PersonStatus | null | undefined;
  readonly q?: string | null | undefined;
}

const ID_LENGTH = 20;
/** What a list reads of every person, whatever is selected of it. */
const IDENTITY = ['org', 'id', 'agentId', 'status', ...SEARCHED];

/** The CRM of each agent: one record per end-user. */
export class PeopleService {
  readonly #people: Collection<PersonDoc>;
  readonly #records: Records<PersonDoc>;
  readonly #appointments: Collection<AppointmentDoc>;
  readonly #links: Collection<PersonLinkDoc>;
  readonly #agents: AgentService;
  readonly #pager: Pager;
  readonly #effects: Effects;

  constructor(
    people: Collection<PersonDoc>,
    appointments: Collection<AppointmentDoc>,
    links: Collection<PersonLinkDoc>,
    agents: AgentService,
    pager: Pager,
    effects: Effects,
    log: ChangeLog,
  ) {
    this.#people = people;
    this.#appointments = appointments;
    this.#links = links;
    this.#agents = agents;
    this.#pager = pager;
    this.#effects = effects;
    this.#records = new Records({
      log,
      collection: people,
      type: 'person',
      resourceOf: ({ org, id, uid, agentId }) => ({ org, id, uid, agentId }),
      notFound: personNotFound,
    });
    log.purgeWith('person', (_, { key }, purge) => purge(appointments, 'byPerson', [key]));
    agents.purgeWith(async (_, agent, purge) => {
      await purge(appointments, 'byOwner', [ownerKey(agent)]);
      await purge(links, 'byOwner', [ownerKey(agent)]);
      await purge(people, 'byOwner', [ownerKey(agent)]);
    });
  }

  /** @throws DomainError `agent.not_found`, `request.invalid` */
  async create(work: Work, ref: AgentKey, input: PersonInput): Promise<PersonDoc> {
    const agent = await this.#agents.owner(work, ref);
    const content = newPerson(input);
    const now = this.#effects.now().toISOString();
    const id = `person_${this.#effects.random(URL_SAFE_ALPHABET, ID_LENGTH)}`;
    const doc: PersonDoc = {
      ...content,
      ...searchFields(content),
      key: personKey(agent, id),
      owner: ownerKey(agent),
      org: agent.org,
      agentId: agent.id,
      id,
      uid: this.#effects.uid(),
      version: 1,
      createdAt: now,
      updatedAt: now,
    };
    await this.#records.create(work, doc, described('person.created', doc));
    return doc;
  }

  /** @throws DomainError `person.not_found` */
  get(work: Work, owner: Pick<AgentOwner, 'org' | 'uid'>, id: string): MaybePromise<PersonDoc> {
    return this.#records.get(work, personKey(owner, id));
  }

  /** The person of each key, in their order, undefined where there is none; one read. */
  async getMany(work: Work, keys: readonly string[]): Promise<(PersonDoc | undefined)[]> {
    return this.#records.getMany(work, keys);
  }

  /**
   * Newest first; with `q`, those whose name, last name, e-mail, phone or company starts
   * with it, in this order, each by that text.
   *
   * @param fields the parts of a person to read
   * @param scanner reads the people; gathers the reads of many agents into one
   * @throws DomainError `request.invalid`, `request.page_token`
   */
  list(
    work: Work,
    owner: AgentOwner,
    { status, q, ...page }: PeopleQuery,
    fields?: readonly string[],
    scanner: Scanner<PersonDoc> = this.#people,
  ): Promise<TokenPage<PersonDoc>> {
    const scan =
      q == null ? listing(ownerKey(owner), status) : searching(ownerKey(owner), q, status);
    return this.#pager.query(
      work,
      scanner,
      'people',
      { ...scan, fields: fields && [...IDENTITY, ...fields] },
      page,
    );
  }

  /** @throws DomainError `agent.not_found`, `person.not_found`, `version.mismatch`, `request.invalid` */
  update(
    work: Work,
    ref: AgentKey,
    id: string,
    expectedVersion: number | null | undefined,
    input: PersonInput,
  ): Promise<PersonDoc> {
    return this.change(work, ref, id, expectedVersion, (person) => updatePerson(person, input));
  }

  /**
   * The only way a person is written after it was created.
   *
   * @param fn pure; may run more than once
   * @param also other writes of the same commit
   * @throws DomainError `agent.not_found`, `person.not_found`, `version.mismatch`, and what `fn` throws
   */
  async change(
    work: Work,
    ref: AgentKey,
    id: string,
    expectedVersion: number | null | undefined,
    fn: (person: PersonDoc) => PersonDoc,
    also?: ChangeOptions<PersonDoc>['also'],
  ): Promise<PersonDoc> {
    const agent = await this.#agents.owner(work, ref);
    return this.#records.change(
      work,
      personKey(agent, id),
      expectedVersion ?? undefined,
      (doc) => {
        const changed = fn(doc);
        if (changed === doc) return doc;
        return { ...withoutSearchFields(changed), ...searchFields(changed) };
      },
      { describe: (_, after) => described('person.updated', after), also },
    );
  }

  /** @throws DomainError `agent.not_found`, `person.not_found` */
  async find(work: Work, ref: AgentKey, id: string): Promise<PersonDoc> {
    return this.get(work, await this.#agents.owner(work, ref), id);
  }

  /**
   * Removes a person with the links to users of channels, and in the background the person's
   * appointments.
   *
   * @returns its last state
   * @throws DomainError `agent.not_found`, `person.not_found`, `version.mismatch`
   */
  async delete(
    work: Work,
    ref: AgentKey,
    id: string,
    expectedVersion: number | null | undefined,
  ): Promise<PersonDoc> {
    const agent = await this.#agents.owner(work, ref);
    return this.#records.remove(
      work,
      personKey(agent, id),
      expectedVersion ?? undefined,
      (doc) => described('person.deleted', doc),
      (last) =>
        (last.linkedUsers ?? []).map((user) => this.#links.toDelete(linkOf(last, user).key)),
    );
  }

  /** The people for one request: scans that come together are one read. */
  batched(work: Work): Scanner<PersonDoc> {
    return batched(work, this.#people);
  }

  /** The appointments for one request: scans that come together are one read. */
  batchedAppointments(work: Work): Scanner<AppointmentDoc> {
    return batched(work, this.#appointments);
  }

  /**
   * Newest first, cancelled ones included.
   *
   * @param scanner reads the appointments; gathers the reads of many people into one
   */
  appointments(
    work: Work,
    { key }: Pick<PersonDoc, 'key'>,
    page: PageRequest,
    scanner: Scanner<AppointmentDoc> = this.#appointments,
  ): Promise<TokenPage<AppointmentDoc>> {
    const scan = { index: 'byPerson', eq: [key], reverse: true };
    return this.#pager.page(work, scanner, 'appointments', scan, page);
  }
}

function listing(owner: string, status: PersonStatus | null | undefined): PagedQuery<PersonDoc> {
  const scan = status
    ? { index: 'byStatus', eq: [owner, status] }
    : { index: 'byOwner', eq: [owner] };
  return { scans: [{ ...scan, reverse: true }] };
}

/**
 * One scan for each searched field. Its index leaves out those whom an earlier field has shown; a
 * filter does so where the index has rounded, which it does for texts of more than 8 characters.
 */
function searching(
  owner: string,
  q: string,
  status: PersonStatus | null | undefined,
): PagedQuery<PersonDoc> {
  const text = searchText(q);
  if (text === '') throw invalid([{ path: 'q', message: 'must not be blank' }]);
  // `(415) 555` finds +1…, but also whatever is written so: digits alone decide for the phone.
  const digits = /^[+\d\s().-]+$/.test(q) ? phoneDigits(q) : '';
  const scans = SEARCHED.map((field) => ({ field, prefix: field === 'qPhone' ? digits : text }))
    .filter(({ prefix }) => prefix !== '')
    .map(({ field, prefix }) => ({
      index: field,
      // Any of them where none is named: the index merges them in its order.
      eq: [
        owner,
        status ?? PERSON_STATUSES,
        field === 'qName' ? '0' : sharedWithin(prefix.length).values,
      ],
      from: prefix,
      before: prefix + HIGHEST,
    }));
  const matches = (doc: PersonDoc, scan: (typeof scans)[number]) =>
    doc[scan.index]?.startsWith(scan.from) ?? false;
  const exact = scans.every(({ from }) => from === text && sharedWithin(from.length).exact);
  if (exact) return { scans };
  return {
    scans,
    keep: (doc, at) => !scans.slice(0, at).some((earlier) => matches(doc, earlier)),
  };
}

function described(
  type: 'person.created' | 'person.updated' | 'person.deleted',
  { org, id, agentId }: PersonDoc,
): Described {
  return { events: [{ type, data: { id, orgId: org, agentId } }] };
}

/** The error of a person who does not exist. */
export function personNotFound(key: string): DomainError {
  const id = key.slice(key.lastIndexOf('/') + 1);
  return new DomainError('person.not_found', `there is no person '${id}'`);
}
