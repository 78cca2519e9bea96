import { DomainError } from '../domain/errors.ts';
import { EVERYONES_SCOPES, meetsFloor, type Right, type Role, type Scope } from './rights.ts';

/** What a principal is and may do in one org. `scopes` are the effective ones. */
export interface Membership {
  readonly role: Role;
  readonly scopes: ReadonlySet<Scope>;
}

/** Who asks. */
export interface Principal {
  readonly kind: 'apiKey' | 'user';
  /** The key's id, or the user's `sub`. */
  readonly id: string;
  readonly name?: string;
  /** Differs whenever the rights may differ: answers are kept under it. */
  readonly stamp: string;
  /** By org id. */
  readonly memberships: ReadonlyMap<string, Membership>;
}

/**
 * The one place that decides who may do what: undefined when the principal may,
 * or the refusal, in the order of decisions, section 2: token, org, role, scope.
 *
 * @param org the org that is asked of; undefined for what belongs to no org
 */
export function refusal(
  principal: Principal | null,
  org: string | undefined,
  right: Right,
): DomainError | undefined {
  if (!principal) {
    return new DomainError(
      'auth.unauthenticated',
      'a bearer token is required: send "Authorization: Bearer <API key or session token>"',
    );
  }
  if (org === undefined) return refusalOutsideOrgs(right);
  const membership = principal.memberships.get(org);
  if (!membership) return new DomainError('org.not_found', `there is no org '${org}'`);
  if (right.role && !meetsFloor(membership.role, right.role)) {
    return new DomainError(
      'auth.role_insufficient',
      `this takes the role ${right.role} or above; the token's role is ${membership.role}`,
    );
  }
  if (right.scope && !membership.scopes.has(right.scope)) {
    return new DomainError('auth.scope_missing', `the token lacks the scope ${right.scope}`);
  }
  return undefined;
}

/** Outside of any org nobody has a role, and a token holds what every token holds. */
function refusalOutsideOrgs({ role, scope }: Right): DomainError | undefined {
  if (role)
    return new DomainError('auth.role_insufficient', `this takes the role ${role} in an org`);
  if (!scope || EVERYONES_SCOPES.has(scope)) return undefined;
  return new DomainError('auth.scope_missing', `this takes the scope ${scope} in an org`);
}

/**
 * What the principal is in an org whose right has been checked.
 *
 * @throws DomainError as `refusal` where it has not
 */
export function membershipIn(principal: Principal | null, org: string): Membership {
  const membership = principal?.memberships.get(org);
  if (membership) return membership;
  throw (
    refusal(principal, org, { role: null, scope: null }) ?? new Error(`no membership in ${org}`)
  );
}
