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
  byEmail: { eq: ['email'], order: 'org' },
  bySubject: { eq: ['subject'], order: 'org' },
});
