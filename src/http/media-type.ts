import { weightsOf } from './preferences.ts';

/**
 * The media type that a client prefers (RFC 9110, section 12.5.1); of those with the same weight,
 * the first.
 *
 * @param accepted the request's `Accept`
 * @param types those that the answer exists in
 * @returns the first also if the client accepts none of them: an answer is better than a 406
 */
export function mediaTypeOf<T extends string>(
  accepted: string | undefined,
  types: readonly [T, ...T[]],
): T {
  const [first] = types;
  if (accepted === undefined || types.length === 1) return first;
  const weights = weightsOf(accepted);
  const weightOf = (type: T) =>
    weights.get(type) ?? weights.get(type.replace(/\/.*/, '/*')) ?? weights.get('*/*') ?? 0;
  return types.reduce((best, type) => (weightOf(type) > weightOf(best) ? type : best), first);
}
