import type { ErrorCode } from '../src/domain/errors.ts';

/** The HTTP status of every code: a new code does not compile without one. */
export const STATUS: Readonly<Record<ErrorCode, number>> = {
  'auth.unauthenticated': 401,
  'auth.role_insufficient': 403,
  'auth.scope_missing': 403,
  'request.invalid': 400,
  'request.malformed': 400,
  'request.media_type': 415,
  'request.too_large': 413,
  'request.too_complex': 400,
  'request.page_token': 400,
  'route.not_found': 404,
  'route.method_not_allowed': 405,
  'org.not_found': 404,
  'catalog.not_found': 404,
  'api_key.not_found': 404,
  'agent.not_found': 404,
  'agent.id_taken': 409,
  'agent.too_large': 400,
  'version.mismatch': 412,
  'version.contended': 503,
  'store.unavailable': 503,
  internal: 500,
};
