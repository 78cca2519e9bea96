import { EVERYONES_SCOPES, ROLES, scopesOf } from '../../src/auth/rights.ts';
import type { ErrorCode } from '../../src/domain/errors.ts';
import { STATUS } from '../../src/http/status.ts';
import type { CompiledRoute } from '../compile.ts';
import { PAGING } from '../route.ts';
import { exampleOf } from './error-examples.ts';
import type { OpenApi } from './operation.ts';

/** What each status of an error means. */
const MEANING: Readonly<Record<number, string>> = {
  400: 'The request is not valid.',
  401: 'The token is missing or not valid.',
  403: 'The token lacks the right, or nobody has it.',
  404: 'The resource does not exist, or not for this caller.',
  409: 'The request conflicts with the current state.',
  412: 'The resource is at another version.',
  413: 'The body is too large.',
  422: 'The request differs from the first one under its `Idempotency-Key`.',
  415: 'The media type of the body is not accepted.',
  429: 'Too many requests of this caller; try again after `Retry-After`.',
  500: 'An error of the server. The message names the log entry.',
  502: 'Another server failed.',
  503: 'The server cannot answer now; try again. The outcome of a write is unknown.',
};

/** The codes of every error that a route can answer with, by status. */
export function refusalsOf(route: CompiledRoute): ReadonlyMap<number, readonly ErrorCode[]> {
  const codes = new Set<ErrorCode>([
    ...requestCodes(route),
    ...rightCodes(route),
    ...route.fails,
    ...(route.planned?.fails ?? []),
    ...(route.unset ? [route.unset.code] : []),
    ...serverCodes(route),
  ]);
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of [...codes].sort((a, b) => STATUS[a] - STATUS[b])) {
    byStatus.set(STATUS[code], [...(byStatus.get(STATUS[code]) ?? []), code]);
  }
  return byStatus;
}

const IDEMPOTENCY: readonly ErrorCode[] = [
  'idempotency.in_flight',
  'idempotency.not_replayable',
  'idempotency.key_reused',
];

function requestCodes({ method, variables, body, query = {} }: CompiledRoute): ErrorCode[] {
  const codes: ErrorCode[] = [];
  // An org that is too long is none of the caller's, which is found first.
  const accepts = method !== 'GET' || [...variables.keys()].some((name) => name !== 'org');
  // A POST without an input accepts an empty object, and refuses any other body.
  const hasBody = body !== undefined || method === 'POST';
  if (accepts) codes.push('request.invalid');
  if (hasBody || variables.has('expectedVersion')) codes.push('request.malformed');
  if (Object.values(query).includes(PAGING.pageToken)) {
    codes.push('request.page_token', 'request.too_complex');
  }
  if (hasBody) codes.push('request.too_large', 'request.media_type');
  if (method !== 'GET') codes.push(...IDEMPOTENCY);
  return codes;
}

function rightCodes({ rights, path }: CompiledRoute): ErrorCode[] {
  const [lowest] = ROLES;
  return [
    'auth.unauthenticated',
    ...(rights.some(({ role }) => role !== null && role !== lowest)
      ? (['auth.role_insufficient'] as const)
      : []),
    ...(rights.some((right) => scopesOf(right).some((scope) => !EVERYONES_SCOPES.has(scope)))
      ? (['auth.scope_missing'] as const)
      : []),
    ...(path.includes('{org}') ? (['org.not_found'] as const) : []),
  ];
}

function serverCodes({ method }: CompiledRoute): ErrorCode[] {
  const contended: ErrorCode[] = method === 'GET' ? [] : ['version.contended'];
  return [
    'internal',
    'request.rate_limited',
    'request.timeout',
    'store.unavailable',
    'server.busy',
    ...contended,
  ];
}

/** The responses of a route to requests that it rejects: references to components. */
export function errorResponses(route: CompiledRoute): OpenApi {
  return Object.fromEntries(
    [...refusalsOf(route)].map(([status, codes]) => [
      status,
      { $ref: `#/components/responses/${nameOf(codes)}` },
    ]),
  );
}

/** The components that the error responses of these routes refer to. */
export function errorComponents(routes: readonly CompiledRoute[]) {
  const refusals = routes.flatMap((route) => [...refusalsOf(route)]);
  const codes = new Set(refusals.flatMap(([, some]) => some));
  const responses = new Map(
    refusals.map(([status, some]) => [nameOf(some), errorResponse(status, some)]),
  );
  return {
    responses: sorted(responses),
    examples: sorted(new Map([...codes].map((code) => [code, exampleOf(code)]))),
  };
}

function nameOf(codes: readonly ErrorCode[]): string {
  return codes.join('-');
}

function sorted(components: ReadonlyMap<string, OpenApi>): OpenApi {
  return Object.fromEntries([...components].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function errorResponse(status: number, codes: readonly ErrorCode[]): OpenApi {
  const header = (name: string) => ({ [name]: { $ref: `#/components/headers/${name}` } });
  return {
    description: `${MEANING[status]} ${codes.map((code) => `\`${code}\``).join(', ')}.`,
    headers: {
      ...header('X-Request-Id'),
      ...(status === 401 && header('WWW-Authenticate')),
      ...((status === 429 || status === 503) && header('Retry-After')),
      ...(status === 429 && header('RateLimit')),
      ...(status === 429 && header('RateLimit-Policy')),
    },
    content: {
      'application/json': {
        schema: { $ref: '#/components/schemas/Error' },
        examples: Object.fromEntries(
          codes.map((code) => [code, { $ref: `#/components/examples/${code}` }]),
        ),
      },
    },
  };
}
