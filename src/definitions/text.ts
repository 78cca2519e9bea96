import { DomainError, invalid } from '../domain/errors.ts';
import { parseJsonText } from '../domain/json-text.ts';
import type { YamlThread } from '../yaml/thread.ts';

/** A definition that was read from its text. */
export interface ReadText {
  /** Undefined for a blank text. */
  readonly value: unknown;
  /** The error with each problem's line and column; of JSON, the error itself. */
  withPlaces(refused: DomainError): Promise<DomainError>;
}

/**
 * Reads the text of a definition, JSON or YAML, as either export writes it.
 *
 * @param caller the caller that YAML is parsed for
 * @throws DomainError `request.malformed`, `request.too_complex`, `request.invalid` on a number
 *   that is not finite, `server.busy`
 */
export async function readDefinitionText(
  text: string,
  yaml: YamlThread,
  caller: string,
): Promise<ReadText> {
  if (text.trim() === '') return { value: undefined, withPlaces: async (it) => it };
  const json = jsonIn(text);
  if (json) return { value: json.value, withPlaces: async (it) => it };
  const value = await yaml.parse(text, caller);
  return {
    value,
    async withPlaces(refused) {
      if (refused.problems.length === 0) return refused;
      const paths = refused.problems.map(({ path }) => path);
      const places = await yaml.placesOf(text, paths, caller);
      const problems = refused.problems.map(({ path, message }, i) => {
        const place = places[i];
        return { path, message: place ? `${message} (${place})` : message };
      });
      if (refused.code === 'request.invalid') return invalid(problems);
      return new DomainError(refused.code, refused.message, problems);
    },
  };
}

/** Undefined if the text is no JSON object. Some YAML begins like one. */
function jsonIn(text: string): { readonly value: unknown } | undefined {
  if (!text.trimStart().startsWith('{')) return undefined;
  try {
    return { value: parseJsonText(text) };
  } catch (error) {
    if (error instanceof DomainError && error.code === 'request.malformed') return undefined;
    throw error;
  }
}
