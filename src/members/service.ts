import type { Membership } from '../auth/principal.ts';
import { meetsFloor, type Role, scopesOfRole } from '../auth/rights.ts';
import type { ChangeLog } from '../changes/change-log.ts';
import type { Effects } from '../domain/effects.ts';
import { DomainError, invalid } from '../domain/errors.ts';
import { FORMATS } from '../domain/formats.ts';
import { assertRoom } from '../orgs/room.ts';
import { allDocs } from '../paging/all-docs.ts';
import { Records } from '../records/records.ts';
import type { Collection } from '../store/port.ts';
import { systemWork, type Work, workUntil } from '../work.ts';
import type { MemberDoc } from './collection.ts';

/** Who signed in, as the issuer says. */
export interface SignedIn {
  readonly issuer: string;
  readonly sub: string;
  /** Only an address that the issuer has verified. */
  readonly verifiedEmail?: string;
}

const MAX_ORGS = 200;

/** Who belongs to which org, and as what. */
export class MemberService {
  readonly #members: Collection<MemberDoc>;
  readonly #records: Records<MemberDoc>;
  readonly #effects: Effects;

  constructor(members: Collection<MemberDoc>, effects: Effects, log: ChangeLog) {
    this.#members = members;
    this.#records = new Records({
      log,
      collection: members,
      type: 'member',
      // An e-mail address is personal data: the change log names a member by an id.
      resourceOf: ({ org, uid }) => ({ org, id: uid, uid }),
      notFound,
    });
    this.#effects = effects;
  }

  /**
   * Makes someone a member, or gives a member another role, which holds at once.
   *
   * @throws DomainError `request.invalid` on what is no e-mail address, `org.limit_reached`
   */
  async set(work: Work, org: string, email: string, role: Role): Promise<MemberDoc> {
    const address = normalized(email);
    const { parse, problem } = FORMATS.email;
    if (parse(address) === undefined) throw invalid([{ path: 'email', message: problem }]);
    const now = this.#effects.now().toISOString();
    const key = keyOf(org, address);
    if (!(await this.#records.find(work, key))) {
      await assertRoom(work, this.#members, org, 'members');
    }
    const uid = this.#effects.uid();
    const dates = { createdAt: now, updatedAt: now };
    const created = { key, version: 1, org, uid, email: address, role, ...dates };
    if (await this.#records.create(work, created)) return created;
    return this.#records.change(work, key, undefined, (member) =>
      member.role === role ? member : { ...member, role },
    );
  }

  /** By e-mail. */
  async list(work: Work, org: string): Promise<MemberDoc[]> {
    const members: MemberDoc[] = [];
    const scan = { index: 'byOrg', eq: [org] };
    for await (const member of allDocs(work, this.#members, scan)) members.push(member);
    return members;
  }

  /**
   * Ends a membership at once. API keys that the member issued stay.
   *
   * @throws DomainError `member.not_found`
   */
  remove(work: Work, org: string, email: string): Promise<MemberDoc> {
    return this.#records.remove(work, keyOf(org, normalized(email)), undefined);
  }

  /**
   * The memberships of who signed in, by org. A membership that nobody has
   * taken up yet is bound to the first who comes with its e-mail, verified; one
   * that is bound stays with its holder, also if another user presents the e-mail later.
   */
  async membershipsOf(work: Work, signedIn: SignedIn): Promise<ReadonlyMap<string, Membership>> {
    const subject = `${signedIn.issuer} ${signedIn.sub}`;
    const [bound, bindable] = await Promise.all([
      this.#all(work, 'bySubject', subject),
      signedIn.verifiedEmail === undefined
        ? []
        : this.#all(work, 'byEmail', normalized(signedIn.verifiedEmail)),
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

  async #all(work: Work, index: string, value: string): Promise<MemberDoc[]> {
    return (await this.#members.scan(work, { index, eq: [value], limit: MAX_ORGS })).docs;
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

function keyOf(org: string, email: string): string {
  return `${org}/${email}`;
}

function notFound(key: string): DomainError {
  const at = key.indexOf('/');
  return new DomainError(
    'member.not_found',
    `'${key.slice(at + 1)}' is no member of '${key.slice(0, at)}'`,
  );
}
