import type { Membership } from '../session/viewer.tsx';

type Role = Membership['role'];

/** Lowest first. */
const ROLES = ['VIEWER', 'EDITOR', 'ADMIN', 'OWNER'] as const satisfies readonly Role[];

export function isAtLeast(role: Role, floor: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(floor);
}

/** The roles that a caller can give: those that are not above their own. */
export function rolesUpTo(role: Role): readonly Role[] {
  return ROLES.filter((it) => isAtLeast(role, it));
}

export function isRole(value: string): value is Role {
  return ROLES.some((it) => it === value);
}
