/** The formats of an answer that is a text: the variable that chooses one, and the media type of each of its values. The first value is the default. */
export interface Formats {
  readonly variable: string;
  readonly types: Readonly<Record<string, string>>;
  /** The input type that accepts the text again. It describes every form. */
  readonly acceptedBy: string;
}

/** The format that an `Accept` header prefers; the default if it names none of the formats. */
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
