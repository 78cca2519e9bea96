import { builder } from './builder.ts';

/**
 * Creates an enum. Its internal values are the reference's words, as REST spells them; their
 * names follow GraphQL: `omit-sentence` is `OMIT_SENTENCE`, `agents:read` is `AGENTS_READ`,
 * `appleMessages` is `APPLE_MESSAGES`, the descending order `-name` is `NAME_DESC`.
 *
 * @param describe the description of each value
 */
export function enumOf<const V extends string>(
  name: string,
  description: string,
  values: readonly V[],
  describe: Readonly<Record<NoInfer<V>, string>>,
) {
  const entries = values.map(
    (value) => [enumName(value), { value, description: describe[value] }] as const,
  );
  return builder.enumType(name, {
    description,
    values: Object.fromEntries(entries) as Record<string, { value: V }>,
  });
}

function enumName(value: string): string {
  return value
    .replace(/^-(.*)$/, '$1_DESC')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .toUpperCase();
}
