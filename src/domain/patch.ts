import { invalid, type Problem } from './errors.ts';

/** The input of a merge patch: an absent or undefined field is left unchanged, `null` clears it. */
export type Patch<T> = { [K in keyof T]?: T[K] | null | undefined };

/**
 * JSON Merge Patch (RFC 7396) of one level: the fields of `patch` replace those of
 * `current`, `null` removes a field, absent fields are kept.
 */
export function mergePatch<T extends object>(current: T, patch: Patch<T>): T {
  // A Map stores any key, `__proto__` too.
  const merged = new Map<string, unknown>(Object.entries(current));
  for (const [field, value] of Object.entries(patch)) {
    if (value === undefined) continue;
    if (value === null) merged.delete(field);
    else merged.set(field, value);
  }
  return Object.fromEntries(merged) as T;
}

/** The fields that are set, without those that are `null` or undefined. */
export function setFields<T extends object>(
  input: {
    [K in keyof T]?: T[K] | null | undefined;
  },
): T {
  return mergePatch({} as T, input as Patch<T>);
}

/** @throws DomainError `request.invalid` if an input clears one of these fields */
export function assertNotCleared<T extends object>(
  input: T,
  fields: readonly (keyof T & string)[],
) {
  const problems = clearedProblems(input, fields);
  if (problems.length > 0) throw invalid(problems);
}

/** Each of these fields that is `null` in an input, which would clear it. */
export function clearedProblems<T extends object>(
  input: T,
  fields: readonly (keyof T & string)[],
): Problem[] {
  const cleared = fields.filter((field) => input[field] === null);
  return cleared.map((path) => ({ path, message: 'cannot be cleared' }));
}
