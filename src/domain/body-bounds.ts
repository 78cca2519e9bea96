import { DomainError } from './errors.ts';
import type { JsonBounds } from './json-bounds.ts';

type BodyBound = 'maxLevels' | 'maxValues' | 'maxListLength';

/**
 * Bounds of the body of a request. They are wider than what is stored: a list of an agent has at
 * most 200 items, and a definition has at most 10,000 in all. Fields of one object count as items.
 */
export const BODY_BOUNDS = {
  maxLevels: 100,
  maxValues: 50_000,
  maxListLength: 1_000,
} as const satisfies Required<Pick<JsonBounds, BodyBound>>;

const MESSAGES: Readonly<Record<BodyBound, string>> = {
  maxLevels: `the body nests deeper than ${BODY_BOUNDS.maxLevels} levels`,
  maxValues: `a body may contain at most ${BODY_BOUNDS.maxValues} values`,
  maxListLength: `a list or an object of a body may have at most ${BODY_BOUNDS.maxListLength} items`,
};

/** The refusal of a body that exceeds a bound. */
export function excessiveBody(bound: BodyBound): DomainError {
  const code = bound === 'maxLevels' ? 'request.malformed' : 'request.too_complex';
  return new DomainError(code, MESSAGES[bound]);
}
