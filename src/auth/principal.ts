import { DomainError } from '../domain/errors.ts';
import {
  EVERYONES_SCOPES,
  meetsFloor,
  type Right,
  type Role,
  type Scope,
  scopesOf,
} from './rights.ts';

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
  const scopes = scopesOf(right);
  if (scopes.length === 0 || scopes.some((scope) => membership.scopes.has(scope))) return undefined;
  const [scope] = scopes;
  const lacked = scopes.length === 1 ? `the scope ${scope}` : `all of ${scopes.join(', ')}`;
  return new DomainError('auth.scope_missing', `the token lacks ${lacked}`);
}

/** Outside of any org nobody has a role, and a token holds what every token holds. */
function refusalOutsideOrgs(right: Right): DomainError | undefined {
  const { role } = right;
  if (role)
    return new DomainError('auth.role_insufficient', `this takes the role ${role} in an org`);
  const scopes = scopesOf(right);
  if (scopes.length === 0 || scopes.some((scope) => EVERYONES_SCOPES.has(scope))) return undefined;
  const message = `this takes the scope ${scopes.join(' or ')} in an org`;
  return new DomainError('auth.scope_missing', message);
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
