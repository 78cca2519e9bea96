import { weightsOf } from './preferences.ts';

/** The content codings that answers are sent in; of those with the same weight, the last is chosen. */
export const ENCODINGS = ['identity', 'gzip', 'br'] as const;
export type Encoding = (typeof ENCODINGS)[number];

/**
 * The coding that a client prefers (RFC 9110, section 12.5.3).
 *
 * @param accepted the request's `Accept-Encoding`
 * @param exists whether the answer exists in this coding; `identity` always does
 * @returns `identity` also if the client refuses every coding: an answer is better than a 406
 */
export function encodingOf(
  accepted: string | undefined,
  exists: (encoding: Encoding) => boolean = () => true,
): Encoding {
  if (accepted === undefined || accepted === '') return 'identity';
  const weights = weightsOf(accepted);
  // A client that does not name it accepts it, but prefers every coding that it names.
  let best = { encoding: 'identity' as Encoding, weight: weights.get('identity') ?? 0 };
  for (const encoding of ENCODINGS) {
    if (encoding === 'identity' || !exists(encoding)) continue;
    const weight = weights.get(encoding) ?? weights.get('*') ?? 0;
    if (weight > 0 && weight >= best.weight) best = { encoding, weight };
  }
  return best.encoding;
}
