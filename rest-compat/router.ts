import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  type DocumentNode,
  type ExecutionResult,
  GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLSchema,
  getNullableType,
  isScalarType,
} from 'graphql';
import type { CodedExtensions } from '../schema/errors.ts';
import { InputReader } from '../schema/input.ts';
import type { Identify } from '../src/auth/authenticate.ts';
import { originOf } from '../src/auth/origin.ts';
import { type Principal, refusal } from '../src/auth/principal.ts';
import { DomainError, invalid, type Problem } from '../src/domain/errors.ts';
import { refuseMethod, sendJson, sendRefusal, sendText } from '../src/http/answer.ts';
import { type RequestBody, readJson, readYaml } from '../src/http/body.ts';
import { etagOf, expectedVersion, matchesNone } from '../src/http/conditions.ts';
import { sendPage } from '../src/http/page.ts';
import type { OpenWork } from '../src/work.ts';
import { type CompiledRoute, compileRoute, revalidates } from './compile.ts';
import { acceptedFormat, type Formats } from './formats.ts';
import { Matcher, type Params } from './match.ts';
import type { PageRoute, Pages, Route } from './route.ts';
import { at, enveloped, shaped } from './shape.ts';

export const PREFIX = '/v1';

/** One request, as whoever runs the operations needs it. */
export interface Caller {
  readonly principal: Principal | null;
  readonly identify: Identify;
  readonly requestId: string;
  readonly work: OpenWork;
}

/** Runs a compiled operation through the same pipeline as a GraphQL request. */
export type Execute = (
  document: DocumentNode,
  variables: Readonly<Record<string, unknown>>,
  caller: Caller,
) => Promise<ExecutionResult>;

/**
 * Translates the documented REST paths into operations. It decides nothing:
 * rights, shapes and rules are the schema's and the domain's.
 */
export class Router {
  readonly routes: readonly CompiledRoute[];
  readonly #matcher: Matcher<CompiledRoute | PageRoute>;
  readonly #execute: Execute;
  readonly #pages: Pages;

  /** @throws Error when a row's operation does not fit the schema, or two rows clash */
  constructor(
    schema: GraphQLSchema,
    table: { readonly routes: readonly Route[]; readonly pageRoutes: readonly PageRoute[] },
    execute: Execute,
    pages: Pages,
  ) {
    this.routes = table.routes.map((route) => compileRoute(schema, route));
    this.#matcher = new Matcher([...this.routes, ...table.pageRoutes]);
    this.#execute = execute;
    this.#pages = pages;
  }

  /**
   * Answers a request under `/v1`.
   *
   * @param identify tells who asks; throws `auth.unauthenticated` on a bad token
   */
  async handle(
    request: IncomingMessage,
    response: ServerResponse,
    requestId: string,
    identify: Identify,
    work: OpenWork,
  ): Promise<void> {
    const [path = '', search = ''] = splitOnce(request.url ?? '', '?');
    const method = request.method === 'HEAD' ? 'GET' : (request.method ?? 'GET');
    const match = this.#matcher.match(method, path.slice(PREFIX.length));
    if (match.kind === 'none') {
      const unknown = new DomainError('route.not_found', `there is nothing at ${path}`);
      return sendRefusal(response, requestId, unknown);
    }
    if (match.kind === 'method') return refuseMethod(response, requestId, match.allowed);
    const { row, params } = match;
    if ('page' in row) {
      // A page may do something, and HEAD must not.
      if (request.method !== row.method) return refuseMethod(response, requestId, [row.method]);
      work.attributeTo({ actor: { kind: 'system', id: row.page }, door: 'rest', requestId });
      sendPage(response, await this.#pages[row.page](work, new URLSearchParams(search)));
      return;
    }
    const principal = await identify(work);
    if (principal) work.attributeTo(originOf(principal, 'rest', requestId));
    assertRights(row, principal, params);
    let body: RequestBody | undefined;
    try {
      if (row.variables.has('input')) body = await readInput(row, request);
      else if (row.method === 'POST') await readNothing(request);
      const variables = readVariables(row, params, new URLSearchParams(search), request, body);
      const data = await this.#run(row, variables, { principal, identify, requestId, work });
      if (row.formats) answerText(row, row.formats, variables, data, request, response);
      else answer(row, data, request, response, path);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      sendRefusal(response, requestId, withPlaces(error, body), {}, row.messageAlsoAs);
    }
  }

  /** @throws DomainError with which the operation was refused */
  async #run(
    row: CompiledRoute,
    variables: Readonly<Record<string, unknown>>,
    caller: Caller,
  ): Promise<unknown> {
    const { data, errors: [error] = [] } = await this.#execute(row.document, variables, caller);
    if (error) {
      const { code, details = [] } = error.extensions as unknown as CodedExtensions;
      throw inQueryWords(row, new DomainError(code, error.message, details));
    }
    if (row.unset && at(data, row.pickPath) === null) {
      throw new DomainError(row.unset.code, row.unset.message);
    }
    return data;
  }
}

/** The rights that the operation's fields declare: the fields check again what is checked here. */
function assertRights(row: CompiledRoute, principal: Principal | null, params: Params): void {
  for (const right of row.rights) {
    const refused = refusal(principal, params.org, right);
    if (refused) throw refused;
  }
}

function readInput(row: CompiledRoute, request: IncomingMessage): Promise<RequestBody> {
  return row.takesYaml ? readYaml(request) : readJson(request);
}

/** An action takes no body; a client that sends an empty object all the same is served. */
const NOTHING = new GraphQLInputObjectType({ name: 'Nothing', fields: {} });

/** @throws DomainError `request.invalid` on what a body holds, and as `readJson` */
async function readNothing(request: IncomingMessage): Promise<void> {
  const { 'content-length': length = '0', 'transfer-encoding': chunked } = request.headers;
  // Some clients name the media type of a body that they do not send.
  if (Number(length) === 0 && chunked === undefined) return;
  const { value } = await readJson(request);
  const reader = new InputReader('values');
  reader.read(value, NOTHING, []);
  if (reader.problems.length > 0) throw invalid(reader.problems);
}

function readVariables(
  row: CompiledRoute,
  params: Params,
  search: URLSearchParams,
  request: IncomingMessage,
  body: RequestBody | undefined,
): Record<string, unknown> {
  const reader = new InputReader('values');
  const variables: Record<string, unknown> = { ...params };
  if (row.variables.has('expectedVersion')) {
    variables.expectedVersion = expectedVersion(request.headers['if-match']);
  }
  for (const [parameter, variable] of Object.entries(row.query ?? {})) {
    const text = search.get(parameter);
    const type = row.variables.get(variable);
    if (type) variables[variable] = reader.read(fromQuery(text, type), type, [parameter]);
  }
  const input = row.variables.get('input');
  if (input) variables.input = reader.read(body?.value, input, []);
  if (row.formats) {
    variables[row.formats.variable] ??= acceptedFormat(row.formats, request.headers.accept);
  }
  if (reader.problems.length > 0) throw invalid(reader.problems);
  return variables;
}

/** A query parameter as the JSON value that its text stands for; as it is where it stands for none. */
function fromQuery(text: string | null, type: GraphQLInputType): unknown {
  if (text === null) return undefined;
  const nullable = getNullableType(type);
  if (!isScalarType(nullable)) return text;
  if (nullable.name === 'Int' && /^-?\d+$/.test(text)) return Number(text);
  if (nullable.name === 'Boolean' && /^(true|false)$/.test(text)) return text === 'true';
  return text;
}

/** A problem with a variable, told by the query parameter that it came from. */
function inQueryWords(row: CompiledRoute, refused: DomainError): DomainError {
  const { query } = row;
  if (!query || refused.problems.length === 0) return refused;
  const parameterOf = new Map(Object.entries(query).map(([name, variable]) => [variable, name]));
  const problems: Problem[] = refused.problems.map(({ path, message }) => ({
    path: parameterOf.get(path) ?? path,
    message,
  }));
  if (refused.code === 'request.invalid') return invalid(problems);
  return new DomainError(refused.code, refused.message, problems);
}

/** Each problem with its place in the body's text, where that can be told. */
function withPlaces(refused: DomainError, body: RequestBody | undefined): DomainError {
  if (!body?.placeOf || refused.problems.length === 0) return refused;
  const problems = refused.problems.map(({ path, message }) => {
    const place = body.placeOf?.(path);
    return { path, message: place ? `${message} (${place})` : message };
  });
  if (refused.code === 'request.invalid') return invalid(problems);
  return new DomainError(refused.code, refused.message, problems);
}

function answerText(
  row: CompiledRoute,
  { variable, types }: Formats,
  variables: Readonly<Record<string, unknown>>,
  data: unknown,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const format = String(variables[variable]);
  const version = Number(row.versionPath && at(data, row.versionPath));
  const [usual] = Object.keys(types);
  const etag = etagOf(version, format === usual ? undefined : format.toLowerCase());
  const headers = { ETag: etag, Vary: 'Accept' };
  if (matchesNone(request.headers['if-none-match'], etag)) {
    response.writeHead(304, headers).end();
    return;
  }
  const type = `${types[format]}; charset=utf-8`;
  sendText(response, 200, String(at(data, row.pickPath)), { 'Content-Type': type, ...headers });
}

function answer(
  row: CompiledRoute,
  data: unknown,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
): void {
  const version = row.versionPath && at(data, row.versionPath);
  const etag = typeof version === 'number' ? etagOf(version) : undefined;
  const headers: Record<string, string> = {
    ...(etag && { ETag: etag }),
    // The answer to a write may hold a secret that is told once.
    ...(row.method !== 'GET' && { 'Cache-Control': 'no-store' }),
  };
  if (row.status === 204) {
    response.writeHead(204, headers).end();
    return;
  }
  if (etag && revalidates(row) && matchesNone(request.headers['if-none-match'], etag)) {
    response.writeHead(304, headers).end();
    return;
  }
  const picked = shaped(at(data, row.pickPath), row.shape, row.keepsNulls);
  const content = enveloped(row.oneOf ? Object.values(picked as object)[0] : picked);
  const body = row.envelope ? { ...row.envelope, ...(content as object) } : content;
  if (row.status === 201) {
    headers.Location = `${path}/${encodeURIComponent((body as { id: string }).id)}`;
  }
  sendJson(response, row.status ?? 200, body, headers);
}

function splitOnce(text: string, separator: string): [string, string] {
  const i = text.indexOf(separator);
  return i < 0 ? [text, ''] : [text.slice(0, i), text.slice(i + separator.length)];
}
