import { GraphQLError, type GraphQLErrorOptions } from 'graphql';
import type { ShownConflict } from '../src/domain/conflicts.ts';
import { DomainError, type ErrorCode, type Problem } from '../src/domain/errors.ts';
import { setFields } from '../src/domain/patch.ts';
import { StoreUnavailable } from '../src/store/port.ts';

/** The `extensions` of every GraphQL error. */
export interface CodedExtensions {
  readonly code: ErrorCode;
  readonly statusCode: number;
  readonly details?: readonly Problem[];
  readonly conflicts?: readonly ShownConflict[];
}

/** The field's position and path, as both executors give them. */
interface Located extends Pick<GraphQLErrorOptions, 'nodes' | 'source' | 'positions' | 'path'> {
  readonly message: string;
  /** graphql-jit's errors have no nodes. */
  readonly locations?: GraphQLError['locations'];
  readonly originalError?: unknown;
  readonly extensions?: unknown;
}

export interface ErrorTranslation {
  statusOf(code: ErrorCode): number;
  readonly onFailure: OnFailure;
}

/**
 * Logs an error that the caller did not cause.
 *
 * @param requestId undefined where it is not known for which request the error occurred
 * @returns the id under which it is logged: that of the request, if it is known
 */
export type OnFailure = (error: unknown, requestId: string | undefined) => string;

/** Makes an answer's error of anything that was thrown. It leaves a translated error unchanged. */
export type Translate = (error: unknown, requestId: string | undefined) => GraphQLError;

/** Returns the function that translates every error for callers. */
export function errorTranslator({ statusOf, onFailure }: ErrorTranslation): Translate {
  return (error, requestId) => {
    const located = error as Located;
    if (isCoded(located)) return located as GraphQLError;
    const cause = causeOf(error);
    const refused = refusalOf(cause, (it) => onFailure(it, requestId), located);
    const { nodes, source, positions, path, locations } = located;
    const translated = new GraphQLError(refused.message, {
      ...setFields<GraphQLErrorOptions>({ nodes, source, positions, path }),
      extensions: {
        code: refused.code,
        statusCode: statusOf(refused.code),
        ...(refused.problems.length > 0 && { details: refused.problems }),
        ...(refused.conflicts.length > 0 && { conflicts: refused.conflicts }),
      },
    });
    return locations ? Object.assign(translated, { locations }) : translated;
  };
}

function isCoded(error: Located): boolean {
  // graphql-jit's errors are instances of GraphQLError but have no extensions.
  const extensions = error.extensions as Partial<CodedExtensions> | undefined;
  return error instanceof GraphQLError && typeof extensions?.statusCode === 'number';
}

/** The error that a resolver threw, without the wrappers of the executor. */
function causeOf(error: unknown): unknown {
  const inner = (error as Located | null)?.originalError;
  return inner ? causeOf(inner) : error;
}

/** The error as the caller sees it. */
export function refusalOf(
  cause: unknown,
  onFailure: (error: unknown) => string,
  located?: Located,
): DomainError {
  if (cause instanceof DomainError) return cause;
  if (cause instanceof StoreUnavailable) {
    onFailure(cause);
    return new DomainError('store.unavailable', 'the store does not answer; try again shortly');
  }
  const code = located && codeOfRequest(located, cause);
  if (code) return new DomainError(code, located.message);
  return new DomainError(
    'internal',
    `an internal error, logged with the request id ${onFailure(cause)}`,
  );
}

/** The code of an error with which the GraphQL libraries reject a request; undefined for a bug. */
function codeOfRequest(located: Located, cause: unknown): ErrorCode | undefined {
  const { http } = (located.extensions ?? {}) as { http?: { status?: unknown } };
  const status = http?.status;
  // The HTTP layer rejects the request: its error may wrap that of a parser.
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return CODES[status] ?? 'request.invalid';
  }
  // GraphQL itself rejects the document: syntax, validation, variables.
  return cause === located && isGraphQLs(cause) ? 'request.invalid' : undefined;
}

const CODES: Readonly<Record<number, ErrorCode>> = {
  400: 'request.malformed',
  405: 'route.method_not_allowed',
  406: 'request.not_acceptable',
  413: 'request.too_large',
  415: 'request.media_type',
};

function isGraphQLs(error: unknown): boolean {
  return error instanceof Error && error.name === 'GraphQLError';
}
