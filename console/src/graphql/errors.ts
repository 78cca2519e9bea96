/** One problem of an input. */
export interface Detail {
  readonly path: string;
  readonly message: string;
}

/** An error as the server reports it. `code` is one of the documented codes. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: string;
  readonly status: number;
  readonly details: readonly Detail[];
  /** The field of the answer that it belongs to, e.g. `org.agent.people`; empty for all of it. */
  readonly field: string;

  constructor(message: string, code: string, status: number, more: Partial<ApiErrorParts> = {}) {
    super(message);
    this.code = code;
    this.status = status;
    this.details = more.details ?? [];
    this.field = more.field ?? '';
  }

  /** Whether the caller lacks a right. */
  get isDenied(): boolean {
    return this.status === 403;
  }
}

interface ApiErrorParts {
  readonly details: readonly Detail[];
  readonly field: string;
}

/** The server did not answer, or something before it answered in its place. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

/** The token is not, or no longer, valid. */
export class TokenRefused extends Error {
  override readonly name = 'TokenRefused';
}

/** An error of the answer, as GraphQL has it. */
export interface GraphqlError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: {
    readonly code?: string;
    readonly statusCode?: number;
    readonly details?: readonly Detail[];
  };
}

export function apiError({ message, path = [], extensions = {} }: GraphqlError): ApiError {
  return new ApiError(message, extensions.code ?? 'internal', extensions.statusCode ?? 500, {
    details: extensions.details ?? [],
    field: path.filter((it) => typeof it === 'string').join('.'),
  });
}
