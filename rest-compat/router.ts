import type { IncomingMessage } from 'node:http';
import {
  type DocumentNode,
  type ExecutionResult,
  GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLSchema,
  getNullableType,
  isScalarType,
} from 'graphql';
import type { Context } from '../schema/context.ts';
import type { CodedExtensions } from '../schema/errors.ts';
import { InputReader } from '../schema/input.ts';
import { type Principal, refusal } from '../src/auth/principal.ts';
import { DomainError, invalid, type Problem } from '../src/domain/errors.ts';
import { MergeConflict } from '../src/domain/merge-import.ts';
import {
  type Answer,
  jsonTextAnswer,
  methodRefusal,
  refusalAnswer,
  textAnswer,
} from '../src/http/answer.ts';
import { readDocument, readJson } from '../src/http/body.ts';
import { etagOf, expectedVersion, matchedTag } from '../src/http/conditions.ts';
import type { Exchange } from '../src/http/exchange.ts';
import { type KeptAnswer, type KeptAnswers, ReadNotes } from '../src/http/kept-answers.ts';
import { idempotencyKeyOf, type Once } from '../src/http/once.ts';
import { pageAnswer } from '../src/http/page.ts';
import { andThen, type MaybePromise, UNBOUNDED } from '../src/store/bounds.ts';
import type { Work } from '../src/work.ts';
import { type CompiledRoute, compileRoute, revalidates } from './compile.ts';
import { acceptedFormat, type Formats } from './formats.ts';
import { Matcher, type Params } from './match.ts';
import { MODE, type PageRoute, type Pages, PLAN_MODE, type Route } from './route.ts';
import { at, enveloped, shaped } from './shape.ts';

export const PREFIX = '/v1';

/** Executes a compiled operation through the same pipeline as a GraphQL request. */
export type Execute = (
  document: DocumentNode,
  variables: Readonly<Record<string, unknown>>,
  caller: Pick<Context, 'principal' | 'identify' | 'requestId' | 'work'>,
) => MaybePromise<ExecutionResult>;

export interface RouterParts {
  readonly execute: Execute;
  readonly pages: Pages;
  readonly kept: KeptAnswers;
  readonly once: Once;
}

/**
 * Translates the documented REST paths into operations. It decides nothing:
 * rights, shapes and rules are the schema's and the domain's.
 */
export class Router {
  readonly name = 'rest';
  readonly routes: readonly CompiledRoute[];
  readonly #matcher: Matcher<CompiledRoute | PageRoute>;
  readonly #parts: RouterParts;

  /** @throws Error when a row's operation does not fit the schema, or two rows clash */
  constructor(
    schema: GraphQLSchema,
    table: { readonly routes: readonly Route[]; readonly pageRoutes: readonly PageRoute[] },
    parts: RouterParts,
  ) {
    this.routes = table.routes.map((route) => compileRoute(schema, route));
    this.#matcher = new Matcher([...this.routes, ...table.pageRoutes]);
    this.#parts = parts;
  }

  /** Answers a request under `/v1`. */
  handle(exchange: Exchange): MaybePromise<Answer> {
    const recalled = isRead(exchange.request) ? exchange.recall() : undefined;
    const kept = recalled && this.#parts.kept.find(keyOf(recalled.principal, exchange.request));
    if (!kept) return this.#handle(exchange);
    const current = this.#parts.kept.areCurrent(UNBOUNDED, [recalled.proof, ...kept.reads]);
    const hit = () => {
      exchange.notes.hit(kept.operation, recalled.principal);
      return conditional(kept, exchange.request);
    };
    if (current === true) return hit();
    if (current === false) return this.#handle(exchange);
    return current.then((it) => (it ? hit() : this.#handle(exchange)));
  }

  /** A refusal as REST has it. */
  refuse(error: DomainError, requestId: string): Answer {
    return refusalAnswer(requestId, error);
  }

  async #handle(exchange: Exchange): Promise<Answer> {
    const { request, requestId } = exchange;
    const [path = '', search = ''] = splitOnce(request.url ?? '', '?');
    const method = request.method === 'HEAD' ? 'GET' : (request.method ?? 'GET');
    const match = this.#matcher.match(method, path.slice(PREFIX.length));
    if (match.kind === 'none') {
      throw new DomainError('route.not_found', `there is nothing at ${path}`);
    }
    if (match.kind === 'method') return methodRefusal(requestId, match.allowed);
    const { row, params } = match;
    const operation = { label: `${row.method} ${row.path}`, org: params.org };
    exchange.notes.operation = operation;
    if ('page' in row) return this.#page(exchange, row, search);
    const work = exchange.begin();
    const principal = await exchange.identify(work, 'rest');
    assertRights(row, principal, params);
    const reads = isRead(request) ? new ReadNotes() : undefined;
    work.reads = reads;
    try {
      const { run, query } = asked(row, new URLSearchParams(search));
      const isWrite = !reads && run === row;
      const key = isWrite ? idempotencyKeyOf(request) : undefined;
      const body = await readBody(row, exchange);
      const read = readVariables({ row, run }, params, query, request, body);
      // A plan has the fields of the body as arguments.
      const variables = run === row ? read : { ...read, ...(read.input as object | undefined) };
      const make = (work: Work) => {
        const identify = (later: Work) => exchange.authenticate(later);
        const caller = { principal, work, requestId, identify };
        return exchange.measured(principal, () =>
          andThen(this.#run(run, variables, caller), (data) =>
            run.formats
              ? textOf(run, run.formats, variables, data, (text) => exchange.text(text))
              : answerOf(run, data, path, (value) => exchange.json(value, work)),
          ),
        );
      };
      if (isWrite) {
        return await this.#parts.once.answer(exchange, { principal, work, key }, async (work) => ({
          answer: (await make(work)).answer,
          outcome: 'executed',
        }));
      }
      const made = { ...(await make(work)), operation };
      if (!reads) return made.answer;
      return conditional(this.#keep(made, row, principal, request, reads), request);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      exchange.notes.code = error.code;
      return refusalAnswer(requestId, error, {}, row.messageAlsoAs);
    }
  }

  async #page(exchange: Exchange, row: PageRoute, search: string): Promise<Answer> {
    const { request, requestId } = exchange;
    // A page may do something, and HEAD must not.
    if (request.method !== row.method) return methodRefusal(requestId, [row.method]);
    exchange.admitAnonymous();
    const work = exchange.begin();
    const actor = { kind: 'system', id: row.page } as const;
    work.attributeTo({ actor, door: 'rest', ...exchange.trace });
    return pageAnswer(await this.#parts.pages[row.page](work, new URLSearchParams(search)));
  }

  /** Keeps an answer that consists of single documents. */
  #keep(
    made: Made & Pick<KeptAnswer, 'operation'>,
    row: CompiledRoute,
    principal: Principal | null,
    request: IncomingMessage,
    reads: ReadNotes,
  ): Made {
    const { documents } = reads;
    if (!documents || !principal || made.answer.status !== 200) return made;
    const { answer, operation } = made;
    const kept = {
      operation,
      answer: { ...answer, body: bytesOf(answer.body) },
      revalidates: revalidates(row),
      reads: documents,
    };
    this.#parts.kept.keep(keyOf(principal, request), kept);
    return kept;
  }

  /** @throws DomainError with which the operation was refused */
  #run(
    row: CompiledRoute,
    variables: Readonly<Record<string, unknown>>,
    caller: Parameters<Execute>[2],
  ): MaybePromise<unknown> {
    const result = this.#parts.execute(row.document, variables, caller);
    return andThen<ExecutionResult, unknown>(result, ({ data, errors: [error] = [] }) => {
      if (error) {
        const { code, details = [], conflicts } = error.extensions as unknown as CodedExtensions;
        if (conflicts) throw new MergeConflict(error.message, conflicts);
        throw inQueryWords(row, new DomainError(code, error.message, details));
      }
      if (row.unset && at(data, row.pickPath) === null) {
        throw new DomainError(row.unset.code, row.unset.message);
      }
      return data;
    });
  }
}

/** An answer, and whether a 304 may replace it. */
type Made = Pick<KeptAnswer, 'revalidates'> & { readonly answer: Answer };

function isRead({ method }: IncomingMessage): boolean {
  return method === 'GET' || method === 'HEAD';
}

/** What an answer depends on beside the documents that it consists of. */
function keyOf({ stamp }: Principal, { url = '', headers }: IncomingMessage): string {
  return `rest ${stamp}\n${url}\n${headers.accept ?? ''}`;
}

/** The answer, or a 304 when the caller has it. */
function conditional({ answer, revalidates }: Made, { headers }: IncomingMessage): Answer {
  const { ETag: etag, Vary: vary } = answer.headers;
  if (!revalidates || etag === undefined) return answer;
  const matched = matchedTag(headers['if-none-match'], etag);
  if (matched === undefined) return answer;
  return { status: 304, headers: { ETag: matched, ...(vary !== undefined && { Vary: vary }) } };
}

/** The rights that the operation's fields declare: the fields check again what is checked here. */
function assertRights(row: CompiledRoute, principal: Principal | null, params: Params): void {
  for (const right of row.rights) {
    const refused = refusal(principal, params.org, right);
    if (refused) throw refused;
  }
}

/**
 * The route that a request runs, with its query: the plan of a change with `mode=plan`.
 *
 * @throws DomainError `request.invalid`
 */
function asked(
  row: CompiledRoute,
  query: URLSearchParams,
): { readonly run: CompiledRoute; readonly query: URLSearchParams } {
  const mode = query.get(MODE);
  if (!row.planned || mode === null) return { run: row, query };
  if (mode !== PLAN_MODE) throw invalid([{ path: MODE, message: `must be ${PLAN_MODE}` }]);
  if (query.has('plan')) {
    throw invalid([{ path: 'plan', message: `cannot be combined with ${MODE}=${PLAN_MODE}` }]);
  }
  query.delete(MODE);
  return { run: row.planned, query };
}

/** What the body of a request holds: the value of its `$input`, or the text of its `$document`. */
interface Body {
  readonly value?: unknown;
  readonly document?: string;
}

/** @throws DomainError as `readJson`, `readDocument`, `readNothing` */
async function readBody(row: CompiledRoute, exchange: Exchange): Promise<Body> {
  if (row.takesDefinition) return { document: await readDocument(exchange) };
  if (row.variables.has('input')) return readJson(exchange);
  if (row.method === 'POST') await readNothing(exchange);
  return {};
}

/** An action takes no body; a client that sends an empty object all the same is served. */
const NOTHING = new GraphQLInputObjectType({ name: 'Nothing', fields: {} });

/** @throws DomainError `request.invalid` on what a body holds, and as `readJson` */
async function readNothing(exchange: Exchange): Promise<void> {
  const { 'content-length': length = '0', 'transfer-encoding': chunked } = exchange.request.headers;
  // Some clients name the media type of a body that they do not send.
  if (Number(length) === 0 && chunked === undefined) return;
  const { value } = await readJson(exchange);
  const reader = new InputReader('values');
  reader.read(value, NOTHING, []);
  if (reader.problems.length > 0) throw invalid(reader.problems);
}

/** @param run the query parameters are those of its operation, and the rest is that of the route */
function readVariables(
  { row, run }: { readonly row: CompiledRoute; readonly run: CompiledRoute },
  params: Params,
  search: URLSearchParams,
  request: IncomingMessage,
  body: Body,
): Record<string, unknown> {
  const reader = new InputReader('values');
  // A reader may add what it likes; a writer that means something by it must not be ignored.
  if (row.method !== 'GET') refuseUnknown(search, run);
  const variables: Record<string, unknown> = {};
  for (const [name, text] of Object.entries(params)) {
    const type = row.variables.get(name);
    if (!type) continue;
    variables[name] = reader.read(fromQuery(text, type), type, [name], row.bounds.of(name));
  }
  if (row.variables.has('expectedVersion')) {
    variables.expectedVersion = expectedVersion(request.headers['if-match']);
  }
  for (const [parameter, variable] of Object.entries(run.query ?? {})) {
    const text = search.get(parameter);
    const type = run.variables.get(variable);
    const bounds = run.bounds.of(variable);
    if (!type) continue;
    const value = reader.read(fromQuery(text, type), type, [parameter], bounds);
    // A variable that is not set has its default.
    if (value !== undefined) variables[variable] = value;
  }
  const input = row.variables.get('input');
  const given = input && reader.read(body.value, input, []);
  if (row.bodyArguments) Object.assign(variables, given);
  else if (input) variables.input = given;
  if (body.document !== undefined) variables.document = body.document;
  if (row.formats) {
    variables[row.formats.variable] ??= acceptedFormat(row.formats, request.headers.accept);
  }
  if (reader.problems.length > 0) throw invalid(reader.problems);
  return variables;
}

/** @throws DomainError `request.invalid`, naming every parameter that the route does not have */
function refuseUnknown(search: URLSearchParams, { query = {}, planned }: CompiledRoute): void {
  const unknown = [...new Set(search.keys())].filter((name) => !Object.hasOwn(query, name));
  if (unknown.length === 0) return;
  throw invalid(
    unknown.map((path) => {
      const hint =
        planned && REHEARSALS.test(path)
          ? `; ${MODE}=${PLAN_MODE} answers what the change would do, and changes nothing`
          : '';
      return { path, message: `is not a query parameter here${hint}` };
    }),
  );
}

/** What other APIs call a rehearsal of a change. */
const REHEARSALS = /^(dry[-_]?run|validate[-_]?only|preview)$/i;

/** A query parameter as the JSON value that its text represents; the text itself if it represents none. */
function fromQuery(text: string | null, type: GraphQLInputType): unknown {
  if (text === null) return undefined;
  const nullable = getNullableType(type);
  if (!isScalarType(nullable)) return text;
  if (nullable.name === 'Int' && /^-?\d+$/.test(text)) return Number(text);
  if (nullable.name === 'Boolean' && /^(true|false)$/i.test(text)) {
    return text.toLowerCase() === 'true';
  }
  // A `+` that is not encoded is read as a space, and a time has none.
  if (nullable.name === 'Instant') return text.replaceAll(' ', '+');
  return text;
}

/** A problem with a variable, under the name of the query parameter that it came from. */
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

function textOf(
  row: CompiledRoute,
  { variable, types }: Formats,
  variables: Readonly<Record<string, unknown>>,
  data: unknown,
  bounded: (text: string) => string,
): Made {
  const format = String(variables[variable]);
  const version = Number(row.versionPath && at(data, row.versionPath));
  const [usual] = Object.keys(types);
  const etag = etagOf(version, format === usual ? undefined : format.toLowerCase());
  const answer = textAnswer(200, bounded(String(at(data, row.pickPath))), {
    'Content-Type': `${types[format]}; charset=utf-8`,
    ETag: etag,
    Vary: 'Accept',
  });
  return { answer, revalidates: true };
}

function answerOf(
  row: CompiledRoute,
  data: unknown,
  path: string,
  json: (value: unknown) => MaybePromise<string | Buffer>,
): MaybePromise<Made> {
  const version = row.versionPath && at(data, row.versionPath);
  const headers: Record<string, string> = {
    ...(typeof version === 'number' && { ETag: etagOf(version) }),
    // The answer to a write may hold a secret that is shown once.
    ...(row.method !== 'GET' && { 'Cache-Control': 'no-store' }),
  };
  if (row.status === 204) return { answer: { status: 204, headers }, revalidates: false };
  const picked = shaped(at(data, row.pickPath), row.shape, row.keepsNulls);
  const content = enveloped(row.oneOf ? Object.values(picked as object)[0] : picked);
  const body = row.envelope ? { ...row.envelope, ...(content as object) } : content;
  if (row.status === 201) {
    headers.Location = `${path}/${encodeURIComponent((body as { id: string }).id)}`;
  }
  return andThen(json(body), (text) => ({
    answer: jsonTextAnswer(row.status ?? 200, text, headers),
    revalidates: revalidates(row),
  }));
}

function bytesOf(body: string | Buffer = ''): Buffer {
  return typeof body === 'string' ? Buffer.from(body) : body;
}

function splitOnce(text: string, separator: string): [string, string] {
  const i = text.indexOf(separator);
  return i < 0 ? [text, ''] : [text.slice(0, i), text.slice(i + separator.length)];
}
