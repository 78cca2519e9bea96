import { meetsFloor, type Role } from '../auth/rights.ts';
import { DomainError } from '../domain/errors.ts';

/** What callers write of a membership. The e-mail address is fixed. */
export interface UpdateMemberInput {
  readonly role?: Role | null | undefined;
}

/** @throws DomainError `auth.role_insufficient` if the role is above the caller's */
export function assertMayGrant(caller: Role, role: Role): void {
  if (meetsFloor(caller, role)) return;
  throw new DomainError(
    'auth.role_insufficient',
    `your role is ${caller}: you cannot grant the role ${role}`,
    [{ path: 'role', message: `is above your role, ${caller}` }],
  );
}

/** @throws DomainError `auth.role_insufficient` if the member's role is above the caller's */
export function assertMayChange(caller: Role, { role }: { readonly role: Role }): void {
  if (meetsFloor(caller, role)) return;
  throw new DomainError(
    'auth.role_insufficient',
    `your role is ${caller}: you cannot change or remove a member whose role is ${role}`,
  );
}
