import { isDeepStrictEqual } from 'node:util';

/** Whether two values are the same JSON. The order of an object's fields does not count. */
export function isSameJson(one: unknown, other: unknown): boolean {
  // A clone has plain prototypes: parsers and GraphQL make objects without one.
  return one === other || isDeepStrictEqual(structuredClone(one), structuredClone(other));
}
