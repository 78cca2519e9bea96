import type { Membership } from '../auth/principal.ts';
import { meetsFloor, type Role, scopesOfRole } from '../auth/rights.ts';
import type { ChangeLog } from '../changes/change-log.ts';
import type { Effects } from '../domain/effects.ts';
import { DomainError, invalid } from '../domain/errors.ts';
import { FORMATS } from '../domain/formats.ts';
import { assertNotCleared } from '../domain/patch.ts';
import { assertRoom } from '../orgs/room.ts';
import { allDocs } from '../paging/all-docs.ts';
import type { PageRequest, Pager, TokenPage } from '../paging/pager.ts';
import { Records } from '../records/records.ts';
import type { Collection, Doc } from '../store/port.ts';
import type { Write } from '../store/writes.ts';
import { systemWork, type Work, workUntil } from '../work.ts';
import { type MemberDoc, memberId, uidOfMember } from './collection.ts';
import { assertMayChange, assertMayGrant, type UpdateMemberInput } from './rules.ts';

/** Who signed in, as the issuer says. */
export interface SignedIn {
  readonly issuer: string;
  readonly sub: string;
  /** Only an address that the issuer has verified. */
  readonly verifiedEmail?: string;
}

export interface MemberServiceParts {
  readonly members: Collection<MemberDoc>;
  readonly ownerLocks: Collection<Doc>;
  readonly pager: Pager;
  readonly effects: Effects;
  readonly log: ChangeLog;
}

const MAX_ORGS = 200;
const OWNER = 'owner' satisfies Role;

/** Who belongs to which org, and as what. */
export class MemberService {
  readonly #parts: MemberServiceParts;
  readonly #records: Records<MemberDoc>;

  constructor(parts: MemberServiceParts) {
    this.#parts = parts;
    this.#records = new Records({
      log: parts.log,
      collection: parts.members,
      type: 'member',
      // An e-mail address is personal data: the change log names a member by an id.
      resourceOf: ({ org, uid }) => ({ org, id: memberId({ uid }), uid }),
      notFound: (key) => notFound(key.slice(0, key.indexOf('/')), key.slice(key.indexOf('/') + 1)),
    });
  }

  /**
   * Makes someone a member on behalf of a caller.
   *
   * @param caller the caller's role
   * @throws DomainError `auth.role_insufficient`, `member.email_taken`, `request.invalid` on what
   *   is no e-mail address, `org.limit_reached`
   */
  async add(
    work: Work,
    org: string,
    caller: Role,
    { email, role }: Pick<MemberDoc, 'email' | 'role'>,
  ): Promise<MemberDoc> {
    assertMayGrant(caller, role);
    const address = addressOf(email);
    const created = await this.#create(work, org, address, role);
    if (created) return created;
    throw new DomainError('member.email_taken', `'${address}' is already a member`, [
      { path: 'email', message: 'is already a member' },
    ]);
  }

  /**
   * Changes a member on behalf of a caller; it holds at once.
   *
   * @param caller the caller's role
   * @throws DomainError `member.not_found`, `auth.role_insufficient`, `member.last_owner`,
   *   `version.mismatch`, `request.invalid`
   */
  async update(
    work: Work,
    org: string,
    id: string,
    caller: Role,
    expectedVersion: number | null | undefined,
    input: UpdateMemberInput,
  ): Promise<MemberDoc> {
    assertNotCleared(input, ['role']);
    const key = await this.#keyOf(work, org, id);
    return this.#change(work, key, expectedVersion ?? undefined, (member) => {
      assertIs(member, org, id);
      assertMayChange(caller, member);
      if (input.role == null) return member;
      assertMayGrant(caller, input.role);
      return { ...member, role: input.role };
    });
  }

  /**
   * Ends a membership at once, on behalf of a caller. API keys that the member issued stay.
   *
   * @param caller the caller's role
   * @returns its last state
   * @throws DomainError `member.not_found`, `auth.role_insufficient`, `member.last_owner`,
   *   `version.mismatch`
   */
  async remove(
    work: Work,
    org: string,
    id: string,
    caller: Role,
    expectedVersion: number | null | undefined,
  ): Promise<MemberDoc> {
    const key = await this.#keyOf(work, org, id);
    return this.#remove(work, key, expectedVersion ?? undefined, (member) => {
      assertIs(member, org, id);
      assertMayChange(caller, member);
    });
  }

  /**
   * For operators: makes someone a member, or gives a member another role.
   *
   * @throws DomainError `request.invalid` on what is no e-mail address, `org.limit_reached`,
   *   `member.last_owner`
   */
  async set(work: Work, org: string, email: string, role: Role): Promise<MemberDoc> {
    const address = addressOf(email);
    const created = await this.#create(work, org, address, role);
    if (created) return created;
    return this.#change(work, keyOf(org, address), undefined, (it) => ({ ...it, role }));
  }

  /**
   * For operators: as `remove`, by e-mail.
   *
   * @throws DomainError `member.not_found`, `member.last_owner`
   */
  removeByEmail(work: Work, org: string, email: string): Promise<MemberDoc> {
    return this.#remove(work, keyOf(org, normalized(email)), undefined, () => undefined);
  }

  /** By e-mail. */
  async all(work: Work, org: string): Promise<MemberDoc[]> {
    const members: MemberDoc[] = [];
    const scan = { index: 'byOrg', eq: [org] };
    for await (const member of allDocs(work, this.#parts.members, scan)) members.push(member);
    return members;
  }

  /** By e-mail. */
  page(work: Work, org: string, page: PageRequest): Promise<TokenPage<MemberDoc>> {
    const { pager, members } = this.#parts;
    return pager.page(work, members, 'members', { index: 'byOrg', eq: [org] }, page);
  }

  /**
   * The memberships of who signed in, by org. A membership that nobody has
   * taken up yet is bound to the first who comes with its e-mail, verified; one
   * that is bound stays with its holder, also if another user presents the e-mail later.
   */
  async membershipsOf(work: Work, signedIn: SignedIn): Promise<ReadonlyMap<string, Membership>> {
    const subject = `${signedIn.issuer} ${signedIn.sub}`;
    const [bound, bindable] = await Promise.all([
      this.#allBy(work, 'bySubject', subject),
      signedIn.verifiedEmail === undefined
        ? []
        : this.#allBy(work, 'byEmail', normalized(signedIn.verifiedEmail)),
    ]);
    const open = bindable.filter((member) => member.subject === undefined);
    const taken = await Promise.all(open.map((member) => this.#bind(work, member, subject)));
    const roles = new Map<string, Role>();
    for (const { org, role } of [...bound, ...taken.filter((it) => it?.subject === subject)].filter(
      (it) => it !== undefined,
    )) {
      const other = roles.get(org);
      if (!other || meetsFloor(role, other)) roles.set(org, role);
    }
    return new Map([...roles].map(([org, role]) => [org, membershipOf(role)]));
  }

  async #allBy(work: Work, index: string, value: string): Promise<MemberDoc[]> {
    return (await this.#parts.members.scan(work, { index, eq: [value], limit: MAX_ORGS })).docs;
  }

  /** @throws DomainError `member.not_found` */
  async #keyOf(work: Work, org: string, id: string): Promise<string> {
    const uid = uidOfMember(id);
    if (uid === undefined) throw notFound(org, id);
    const scan = { index: 'byUid', eq: [org], from: uid, limit: 1, fields: ['uid'] };
    const [found] = (await this.#parts.members.scan(work, scan)).docs;
    if (found?.uid !== uid) throw notFound(org, id);
    return found.key;
  }

  /** Undefined if the address is a member already. */
  async #create(
    work: Work,
    org: string,
    email: string,
    role: Role,
  ): Promise<MemberDoc | undefined> {
    const { members, effects } = this.#parts;
    const key = keyOf(org, email);
    if (!(await this.#records.find(work, key))) await assertRoom(work, members, org, 'members');
    const now = effects.now().toISOString();
    const dates = { createdAt: now, updatedAt: now };
    const doc = { key, version: 1, org, uid: effects.uid(), email, role, ...dates };
    return (await this.#records.create(work, doc)) ? doc : undefined;
  }

  #change(
    work: Work,
    key: string,
    expectedVersion: number | undefined,
    fn: (member: MemberDoc) => MemberDoc,
  ): Promise<MemberDoc> {
    return this.#records.change(work, key, expectedVersion, fn, {
      also: (before, after) =>
        before.role === OWNER && after.role !== OWNER ? this.#withoutOwner(work, before) : [],
    });
  }

  #remove(
    work: Work,
    key: string,
    expectedVersion: number | undefined,
    assertMay: (member: MemberDoc) => void,
  ): Promise<MemberDoc> {
    return this.#records.remove(work, key, expectedVersion, undefined, (last) => {
      assertMay(last);
      return last.role === OWNER ? this.#withoutOwner(work, last) : [];
    });
  }

  /**
   * What a commit that takes the role owner from a member writes besides. It conflicts with any
   * other such commit since the owners were read here.
   *
   * @throws DomainError `member.last_owner`
   */
  async #withoutOwner(work: Work, { org, key }: MemberDoc): Promise<readonly Write[]> {
    const { members, ownerLocks } = this.#parts;
    // Read before the owners: a commit in between then conflicts.
    const lock = await ownerLocks.get(work, org);
    const scan = { index: 'byRole', eq: [org, OWNER], limit: 2, fields: [] };
    const owners = (await members.scan(work, scan)).docs;
    if (!owners.some((it) => it.key !== key)) {
      throw new DomainError(
        'member.last_owner',
        'this is the only owner of the org; give another member the role owner first',
      );
    }
    if (!lock) return [ownerLocks.toInsert({ key: org, version: 1 })];
    return [ownerLocks.toReplace({ ...lock, version: lock.version + 1 }, lock.version)];
  }

  /** Undefined where the membership has just ended. */
  async #bind(work: Work, member: MemberDoc, subject: string): Promise<MemberDoc | undefined> {
    try {
      return await this.#records.change(bindingWork(work), member.key, undefined, (it) =>
        it.subject === undefined ? { ...it, subject } : it,
      );
    } catch (error) {
      if (error instanceof DomainError && error.code === 'member.not_found') return undefined;
      throw error;
    }
  }
}

/** The sign-in's own work: who signs in is not known before the membership is. */
function bindingWork({ signal, deadline }: Work): Work {
  return workUntil(signal, deadline, systemWork('sign-in').origin);
}

function membershipOf(role: Role): Membership {
  return { role, scopes: new Set(scopesOfRole(role)) };
}

function normalized(email: string): string {
  return email.trim().toLowerCase();
}

/** @throws DomainError `request.invalid` */
function addressOf(email: string): string {
  const address = normalized(email);
  const { parse, problem } = FORMATS.email;
  if (parse(address) === undefined) throw invalid([{ path: 'email', message: problem }]);
  return address;
}

function keyOf(org: string, email: string): string {
  return `${org}/${email}`;
}

/** @throws DomainError `member.not_found` if a later membership has taken the e-mail's place */
function assertIs(member: MemberDoc, org: string, id: string): void {
  if (memberId(member) !== id) throw notFound(org, id);
}

/** @param name an id or an e-mail */
function notFound(org: string, name: string): DomainError {
  return new DomainError('member.not_found', `there is no member '${name}' in '${org}'`);
}
