import { invalid } from './errors.ts';

/** The input of a merge patch: absent (or undefined) leaves, `null` clears. */
export type Patch<T> = { [K in keyof T]?: T[K] | null | undefined };

/**
 * JSON Merge Patch (RFC 7396) of one level: fields in `patch` replace, `null`
 * clears, absent ones stay.
 */
export function mergePatch<T extends object>(current: T, patch: Patch<T>): T {
  // A Map takes any key as a key, `__proto__` too.
  const merged = new Map<string, unknown>(Object.entries(current));
  for (const [field, value] of Object.entries(patch)) {
    if (value === undefined) continue;
    if (value === null) merged.delete(field);
    else merged.set(field, value);
  }
  return Object.fromEntries(merged) as T;
}

/** A record of the fields that are set: `null` and undefined ones are left out. */
export function setFields<T extends object>(
  input: {
    [K in keyof T]?: T[K] | null | undefined;
  },
): T {
  return mergePatch({} as T, input as Patch<T>);
}

/** @throws DomainError `request.invalid` where a patch would clear a field that must be there */
export function assertNotCleared<T extends object>(
  patch: T,
  fields: readonly (keyof T & string)[],
) {
  const cleared = fields.filter((field) => patch[field] === null);
  if (cleared.length === 0) return;
  throw invalid(cleared.map((path) => ({ path, message: 'cannot be cleared' })));
}
