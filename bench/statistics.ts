/** @throws RangeError for an empty list */
export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/**
 * The value at a rank between 0 and 100, interpolated between neighbours.
 *
 * @throws RangeError for an empty list
 */
export function percentile(values: readonly number[], rank: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const place = (rank / 100) * (sorted.length - 1);
  const low = sorted[Math.floor(place)];
  const high = sorted[Math.ceil(place)];
  if (low === undefined || high === undefined) throw new RangeError('no value');
  return low + (high - low) * (place - Math.floor(place));
}

/** The distance between the quartiles as a share of the median: how far to trust the median. */
export function spread(values: readonly number[]): number {
  return (percentile(values, 75) - percentile(values, 25)) / median(values);
}
