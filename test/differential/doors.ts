import type { GraphQLInputType } from 'graphql';
import { getNullableType, isScalarType } from 'graphql';
import { Pool } from 'undici';
import type { CompiledRoute } from '../../rest-compat/compile.ts';
import { acceptedFormat } from '../../rest-compat/formats.ts';
import { at, enveloped, shaped } from '../../rest-compat/shape.ts';
import { InputReader, variableProblems } from '../../schema/input.ts';
import { invalid, type Problem } from '../../src/domain/errors.ts';
import { type Call, routeOf, schema } from './history.ts';

/** An answer, with what must be the same in every answer to the same request. */
export interface Outcome {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The headers that belong to an answer, not to a connection or a moment. */
const COMPARED = [
  ...['content-type', 'etag', 'vary', 'cache-control', 'location', 'allow'],
  ...['www-authenticate', 'retry-after', 'content-encoding', 'content-length'],
];

/** A process that serves the store. */
export interface Served {
  readonly url: string;
  readonly pool: Pool;
}

export function serve(url: string): Served {
  return { url, pool: new Pool(url, { connections: 16 }) };
}

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
}

async function send({ pool }: Served, { method, path, headers, body }: Sent): Promise<Outcome> {
  const response = await pool.request({
    method: method as 'GET',
    path,
    headers,
    ...(body !== undefined && { body }),
  });
  const text = await response.body.text();
  const compared: Record<string, string> = {};
  for (const name of COMPARED) {
    const value = response.headers[name];
    if (typeof value === 'string') compared[name] = value;
  }
  const shown = withoutUse(text);
  // Its length depends on whether this process knows when each key was last used.
  if (shown !== text || path.includes('/api-keys')) delete compared['content-length'];
  return { status: response.statusCode, headers: compared, body: shown };
}

/** When a key was last used is stored a moment later, and is not compared. */
function withoutUse(text: string): string {
  return text.replace(/"lastUsedAt":(?:null|"[^"]*"),?/g, '');
}

/** A call whose placeholders have been filled in, by a caller whose token is known. */
export interface Resolved extends Call {
  readonly token: string | undefined;
  /** The same for all variants: errors repeat it. */
  readonly requestId: string;
}

function headersOf({ token, requestId }: Resolved): Record<string, string> {
  return {
    'x-request-id': requestId,
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  };
}

/** Sends the call as REST has it. @param extra headers such as `If-None-Match` */
export function byRest(
  served: Served,
  call: Resolved,
  extra: Readonly<Record<string, string>> = {},
  method?: 'HEAD',
): Promise<Outcome> {
  const route = routeOf(call);
  const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(call.params[name] ?? ''),
  );
  const search = new URLSearchParams(call.query).toString();
  return send(served, {
    method: method ?? route.method,
    path: `/v1${path}${search && `?${search}`}`,
    headers: {
      ...headersOf(call),
      ...(call.body !== undefined && { 'content-type': 'application/json' }),
      ...(call.ifMatch !== undefined && { 'if-match': call.ifMatch }),
      ...(call.accept !== undefined && { accept: call.accept }),
      ...extra,
    },
    ...(call.body !== undefined && { body: JSON.stringify(call.body) }),
  });
}

let documents = 0;

/**
 * Sends the operation of the call's route. A document that repeats is executed by graphql-jit,
 * and a new one by graphql-js: each use of `js` sends a document that was never sent before.
 */
export function byGraphql(
  served: Served,
  call: Resolved,
  variables: Readonly<Record<string, unknown>>,
  executor: 'jit' | 'js',
): Promise<Outcome> {
  documents += 1;
  const { operation } = routeOf(call);
  const query = executor === 'jit' ? operation : `${operation} # ${documents}`;
  return send(served, {
    method: 'POST',
    path: '/graphql',
    headers: { ...headersOf(call), 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
}

/** Sends the operation by GET, which Yoga answers. */
export async function byYoga(
  served: Served,
  call: Resolved,
  variables: Readonly<Record<string, unknown>>,
): Promise<Outcome> {
  const { operation } = routeOf(call);
  const search = new URLSearchParams({ query: operation, variables: JSON.stringify(variables) });
  return send(served, {
    method: 'GET',
    path: `/graphql?${search}`,
    headers: { ...headersOf(call), accept: 'application/json' },
  });
}

/** What a GraphQL client sends for a call; `valid` where the values fit their types. */
export interface Variables {
  readonly values: Readonly<Record<string, unknown>>;
  readonly valid: boolean;
}

export function variablesOf(call: Call): Variables {
  const route = routeOf(call);
  const reader = new InputReader('values');
  const values: Record<string, unknown> = {};
  for (const [name, text] of Object.entries(call.params)) {
    const type = route.variables.get(name);
    values[name] = type ? jsonOf(text, type) : text;
  }
  for (const [parameter, variable] of Object.entries(route.query ?? {})) {
    const type = route.variables.get(variable);
    const given = call.query[parameter];
    if (!type || given === undefined) continue;
    const value = jsonOf(given, type);
    values[variable] = reader.read(value, type, [parameter]) ?? given;
  }
  const input = route.variables.get('input');
  const given = input && reader.read(call.body, input, []);
  if (route.bodyArguments) Object.assign(values, given);
  else if (input) values.input = given;
  if (route.takesDefinition) values.document = JSON.stringify(call.body) ?? '';
  const tag = /^"(-?\d+)"$/.exec(call.ifMatch ?? '')?.[1];
  if (tag !== undefined) values.expectedVersion = Number(tag);
  if (route.formats) values[route.formats.variable] ??= acceptedFormat(route.formats, call.accept);
  const valid =
    reader.problems.length === 0 &&
    variableProblems(schema, route.document, undefined, values).length === 0;
  if (!valid && input && !route.bodyArguments) values.input = overlaid(call.body, values.input);
  return { values, valid };
}

/** A refused value with its valid parts in GraphQL's spelling. */
function overlaid(given: unknown, read: unknown): unknown {
  if (read === undefined || read === null) return given;
  if (typeof given !== 'object' || given === null) return read;
  if (Array.isArray(given) !== Array.isArray(read)) return read;
  const parts = read as Readonly<Record<string, unknown>>;
  if (Array.isArray(given)) return given.map((item, at) => overlaid(item, parts[at]));
  return Object.fromEntries(
    Object.entries(given).map(([key, item]) => [key, overlaid(item, parts[key])]),
  );
}

function jsonOf(text: string, type: GraphQLInputType): unknown {
  const bare = getNullableType(type);
  if (!isScalarType(bare)) return text;
  if (bare.name === 'Int' && /^-?\d+$/.test(text)) return Number(text);
  if (bare.name === 'Boolean' && /^(true|false)$/.test(text)) return text === 'true';
  return text;
}

interface GraphqlBody {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions: {
      readonly code: string;
      readonly statusCode: number;
      readonly details?: unknown;
    };
  }[];
}

export function graphqlBody({ body }: Outcome): GraphqlBody {
  return JSON.parse(body) as GraphqlBody;
}

/** The parts of an answer that both doors promise to agree on. */
export interface Common {
  readonly status: number;
  readonly etag?: string | undefined;
  readonly body: unknown;
}

/** The REST answer that follows from a GraphQL answer. */
export function expectedOfRest(call: Resolved, outcome: Outcome): Common {
  const route = routeOf(call);
  const { data, errors: [error] = [] } = graphqlBody(outcome);
  if (error) {
    const { code, statusCode, details } = error.extensions;
    return refused(route, statusCode, code, error.message, details, call.requestId);
  }
  if (route.unset && at(data, route.pickPath) === null) {
    return refused(route, 404, route.unset.code, route.unset.message, undefined, call.requestId);
  }
  const version = route.versionPath && at(data, route.versionPath);
  if (route.formats) {
    const format = variablesOf(call).values[route.formats.variable];
    const variant = format === 'YAML' ? '' : `-${String(format).toLowerCase()}`;
    return { status: 200, etag: `"${version}${variant}"`, body: at(data, route.pickPath) };
  }
  const picked = enveloped(shaped(at(data, route.pickPath), route.shape, route.keepsNulls));
  return {
    status: 200,
    etag: version === undefined ? undefined : `"${version}"`,
    body: JSON.stringify(route.envelope ? { ...route.envelope, ...(picked as object) } : picked),
  };
}

function refused(
  route: CompiledRoute,
  statusCode: number,
  code: string,
  message: string,
  details: unknown,
  requestId: string,
): Common {
  // REST names the parameter, and the body as a whole by no path.
  const parameters = new Map(Object.entries(route.query ?? {}).map(([to, from]) => [from, to]));
  parameters.set('input', '');
  const problems = (details as Problem[] | undefined)?.map(({ path, message: text }) => ({
    path: parameters.get(path) ?? path,
    message: text,
  }));
  const shown = problems && code === 'request.invalid' ? invalid(problems).message : message;
  return {
    status: statusCode,
    body: {
      statusCode,
      code,
      message: shown,
      ...(route.messageAlsoAs && statusCode === 400 && { [route.messageAlsoAs]: shown }),
      requestId,
      ...(problems && { details: problems }),
    },
  };
}

/** A REST answer's part that both doors promise. */
export function commonOf(outcome: Outcome): Common {
  const { status, headers, body } = outcome;
  if (status >= 400) return { status, body: JSON.parse(body) };
  return { status, etag: headers.etag, body };
}
