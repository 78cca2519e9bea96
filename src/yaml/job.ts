import { DomainError, type ErrorCode, type Problem } from '../domain/errors.ts';
import { parseYaml } from './parse.ts';

/** What the thread does. Values cross as JSON, which is faster to copy than objects. */
export type YamlJob =
  | { readonly kind: 'parse'; readonly text: string }
  | { readonly kind: 'places'; readonly text: string; readonly paths: readonly string[] };

/** A text, places, or why there are none. */
export type YamlOutcome =
  | { readonly text: string }
  | { readonly places: readonly (string | undefined)[] }
  | { readonly refused: Refused };

/** A `DomainError`, as it crosses. */
interface Refused {
  readonly code: ErrorCode;
  readonly message: string;
  readonly problems: readonly Problem[];
}

/** Does a job; what it is refused with is part of the outcome. */
export function outcomeOf(job: YamlJob): YamlOutcome {
  try {
    const { value, placeOf } = parseYaml(job.text);
    if (job.kind === 'parse') return { text: JSON.stringify(value) };
    return { places: job.paths.map(placeOf) };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const { code, message, problems } = error;
    return { refused: { code, message, problems } };
  }
}
