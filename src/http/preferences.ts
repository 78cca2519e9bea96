/**
 * The weights of a header such as `Accept` or `Accept-Encoding`, by its values in lower case. A
 * weight that is not a number counts as 0: the value is not chosen by mistake.
 */
export function weightsOf(header: string): ReadonlyMap<string, number> {
  const weights = new Map<string, number>();
  for (const part of header.split(',')) {
    const [value = '', ...parameters] = part.split(';').map((it) => it.trim().toLowerCase());
    if (value !== '') weights.set(value, weightIn(parameters));
  }
  return weights;
}

function weightIn(parameters: readonly string[]): number {
  const given = parameters.find((it) => /^q *=/.test(it));
  if (given === undefined) return 1;
  const weight = Number(given.slice(given.indexOf('=') + 1) || Number.NaN);
  return weight >= 0 && weight <= 1 ? weight : 0;
}
