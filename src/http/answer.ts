import type { ServerResponse } from 'node:http';
import { DomainError, type ErrorCode, type Problem } from '../domain/errors.ts';
import { STATUS } from './status.ts';

/** What an error answer says; `details` where a body is invalid. */
export interface Refusal {
  readonly code: ErrorCode;
  readonly message: string;
  readonly problems: readonly Problem[];
}

const SECONDS_TO_RETRY = '2';

/** Sends a JSON answer. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  sendText(response, status, JSON.stringify(body), {
    'Content-Type': 'application/json; charset=utf-8',
    ...headers,
  });
}

/** Sends a text, of whatever media type its headers say. */
export function sendText(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Readonly<Record<string, string>>,
): void {
  response.writeHead(status, {
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'private, no-cache',
    ...headers,
  });
  response.end(text);
}

/**
 * Sends an error as decisions, section 3, has it.
 *
 * @param messageAlsoAs the field that says a 400's message a second time
 */
export function sendRefusal(
  response: ServerResponse,
  requestId: string,
  refusal: Refusal | DomainError,
  headers: Readonly<Record<string, string>> = {},
  messageAlsoAs?: string,
): void {
  const { code, message, problems } = refusal;
  const statusCode = STATUS[code];
  sendJson(
    response,
    statusCode,
    {
      statusCode,
      code,
      message,
      ...(messageAlsoAs && statusCode === 400 && { [messageAlsoAs]: message }),
      requestId,
      ...(problems.length > 0 && { details: problems }),
    },
    { ...refusalHeaders(code), ...headers },
  );
}

/** Sends that a path takes other methods. */
export function refuseMethod(
  response: ServerResponse,
  requestId: string,
  methods: readonly string[],
): void {
  const allowed = methods.join(', ');
  const refused = new DomainError('route.method_not_allowed', `this path takes ${allowed}`);
  sendRefusal(response, requestId, refused, { Allow: allowed });
}

/** The headers that an error's status calls for. */
export function refusalHeaders(code: ErrorCode): Record<string, string> {
  const status = STATUS[code];
  return {
    ...(status === 401 && { 'WWW-Authenticate': 'Bearer' }),
    ...(status === 503 && { 'Retry-After': SECONDS_TO_RETRY }),
    // What is left of the body is not read.
    ...(status === 413 && { Connection: 'close' }),
  };
}
