import type { Role } from '../auth/rights.ts';
import { collectionSpec, type Doc } from '../store/port.ts';

/** A person in an org. The key is `org/e-mail`; a person may be in many orgs. */
export interface MemberDoc extends Doc {
  readonly org: string;
  /** No later membership of the same e-mail has it. */
  readonly uid: string;
  /** In lower case. */
  readonly email: string;
  readonly role: Role;
  /** The issuer and `sub` of who signed in first with this e-mail, verified; bound for good. */
  readonly subject?: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export const MEMBERS = collectionSpec<MemberDoc>('members', {
  byOrg: { eq: ['org'], order: 'email' },
  byRole: { eq: ['org', 'role'], order: 'email' },
  byUid: { eq: ['org'], order: 'uid' },
  byEmail: { eq: ['email'], order: 'org' },
  bySubject: { eq: ['subject'], order: 'org' },
});

/**
 * One document per org, written by every commit that takes the role owner from a member. So two
 * such commits conflict, and each checks that an owner remains. The key is the org's id.
 */
export const OWNER_LOCKS = collectionSpec<Doc>('ownerLocks');

const ID_PREFIX = 'member_';

/** The id of a membership in the API. It is URL-safe, stable, and contains no personal data. */
export function memberId({ uid }: Pick<MemberDoc, 'uid'>): string {
  return `${ID_PREFIX}${uid}`;
}

/** The `uid` of the membership with this id; undefined if no membership can have the id. */
export function uidOfMember(id: string): string | undefined {
  return id.startsWith(ID_PREFIX) ? id.slice(ID_PREFIX.length) : undefined;
}
