/** The formats of an answer that is a text: each value of the variable that chooses, and its media type; the default first. */
export interface Formats {
  readonly variable: string;
  readonly types: Readonly<Record<string, string>>;
}

/**
 * The format that an `Accept` header asks for: the best of those that it names, the first
 * where it names none.
 */
export function acceptedFormat({ types }: Formats, accept: string | undefined): string | undefined {
  const ranges = rangesOf(accept ?? '');
  const rank = (type: string) => ranges.find(({ range }) => range === type)?.quality ?? 0;
  const [fallback, ...others] = Object.keys(types);
  return others.reduce((best, format) => {
    const better = rank(types[format] ?? '') > rank(types[best ?? ''] ?? '');
    return better ? format : best;
  }, fallback);
}

function rangesOf(accept: string): { readonly range: string; readonly quality: number }[] {
  return accept.split(',').map((part) => {
    const [range = '', ...parameters] = part.split(';').map((one) => one.trim().toLowerCase());
    const weight = parameters.find((one) => one.startsWith('q='))?.slice('q='.length);
    const quality = weight === undefined ? 1 : Number(weight);
    return { range, quality: Number.isFinite(quality) ? quality : 0 };
  });
}
