import type { Membership } from '../session/viewer.tsx';
import { isAtLeast } from './roles.ts';
import { RIGHTS } from './table.ts';

/** A mutation, or a field that requires a right of its own, as `Type.field`. */
export type Guarded = keyof typeof RIGHTS;

/** Whether the caller may use a field in an org. The server decides; the console only offers. */
export function can(
  { role, scopes }: Pick<Membership, 'role' | 'scopes'>,
  field: Guarded,
): boolean {
  const right: { readonly role: Membership['role'] | null; readonly scopes: readonly string[] } =
    RIGHTS[field];
  const isHighEnough = right.role === null || isAtLeast(role, right.role);
  return (
    isHighEnough && (right.scopes.length === 0 || scopes.some((it) => right.scopes.includes(it)))
  );
}
