import type { ShownConflict } from '../domain/conflicts.ts';
import { DomainError, type ErrorCode, type Problem } from '../domain/errors.ts';
import { STATUS } from './status.ts';

/** What a request is answered with. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Left out where the status has no body. */
  readonly body?: string | Buffer;
  /** The body's bytes belong to the process: an answer that is not read holds none of its own. */
  readonly shared?: true;
}

/** What an error answer says; `details` where a body is invalid, `conflicts` where a merge clashes. */
export interface Refusal {
  readonly code: ErrorCode;
  readonly message: string;
  readonly problems: readonly Problem[];
  readonly conflicts?: readonly ShownConflict[];
  readonly retryAfterSeconds?: number | undefined;
}

/** Where it is not known when a request can succeed. */
const SECONDS_TO_RETRY: Readonly<Record<number, number>> = { 429: 60, 503: 2 };

/** Answers are private, and are revalidated before they are used again. */
export const PRIVATE = 'private, no-cache';

export function jsonAnswer(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return jsonTextAnswer(status, JSON.stringify(body), headers);
}

/** As `jsonAnswer`, of what is written already. */
export function jsonTextAnswer(
  status: number,
  body: string | Buffer,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return textAnswer(status, body, {
    'Content-Type': 'application/json; charset=utf-8',
    ...headers,
  });
}

/** A text, of the media type that its headers name. */
export function textAnswer(
  status: number,
  body: string | Buffer,
  headers: Readonly<Record<string, string>>,
): Answer {
  return { status, headers: { 'Cache-Control': PRIVATE, ...headers }, body };
}

/**
 * An error as decisions, section 3, has it.
 *
 * @param messageAlsoAs the field that repeats the message of a 400
 */
export function refusalAnswer(
  requestId: string,
  refusal: Refusal | DomainError,
  headers: Readonly<Record<string, string>> = {},
  messageAlsoAs?: string,
): Answer {
  const { code, message, problems, conflicts = [] } = refusal;
  const statusCode = STATUS[code];
  return jsonAnswer(
    statusCode,
    {
      statusCode,
      code,
      message,
      ...(messageAlsoAs && statusCode === 400 && { [messageAlsoAs]: message }),
      requestId,
      ...(problems.length > 0 && { details: problems }),
      ...(conflicts.length > 0 && { conflicts }),
    },
    { ...refusalHeaders(refusal), ...headers },
  );
}

/** The refusal of a method, naming those that the path accepts. */
export function methodRefusal(requestId: string, methods: readonly string[]): Answer {
  const allowed = methods.join(', ');
  const refused = new DomainError('route.method_not_allowed', `this path accepts ${allowed}`);
  return refusalAnswer(requestId, refused, { Allow: allowed });
}

/** The headers that an error's status calls for. */
export function refusalHeaders({
  code,
  retryAfterSeconds,
}: Pick<Refusal, 'code' | 'retryAfterSeconds'>): Record<string, string> {
  const status = STATUS[code];
  const retryAfter = retryAfterSeconds ?? SECONDS_TO_RETRY[status];
  return {
    ...(status === 401 && { 'WWW-Authenticate': 'Bearer' }),
    ...(retryAfter !== undefined && { 'Retry-After': String(retryAfter) }),
    // What is left of the body is not read.
    ...(status === 413 && { Connection: 'close' }),
  };
}
