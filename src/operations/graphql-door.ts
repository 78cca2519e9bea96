import type { IncomingMessage } from 'node:http';
import type { ExecutionResult, GraphQLError, OperationTypeNode } from 'graphql';
import type { CodedExtensions } from '../../schema/errors.ts';
import type { Recalled } from '../auth/authenticate.ts';
import { type Principal, refusal } from '../auth/principal.ts';
import { DomainError, type ErrorCode, invalid, type Problem } from '../domain/errors.ts';
import { type Answer, PRIVATE, refusalHeaders } from '../http/answer.ts';
import { parseJson, readJsonText } from '../http/body.ts';
import type { Exchange } from '../http/exchange.ts';
import { type KeptAnswer, type KeptAnswers, ReadNotes } from '../http/kept-answers.ts';
import { idempotencyKeyOf, type Once, type Outcome, outcomeOf } from '../http/once.ts';
import { andThen, type MaybePromise, UNBOUNDED } from '../store/bounds.ts';
import type { OpenWork, Work } from '../work.ts';
import { kindOf, MUTATION, QUERY, SUBSCRIPTION } from './documents.ts';
import { operationNote } from './operation-note.ts';
import type { Asked, Pipeline } from './pipeline.ts';
import type { TrustedDocuments } from './trusted-documents.ts';

export const ENDPOINT = '/graphql';

/** Who asks, in what work, and for what. */
export interface GraphqlCaller {
  readonly principal: Principal;
  readonly work: OpenWork;
  readonly body: GraphqlRequest;
}

/** Answers by a stream: server-sent events. */
export type StreamedGraphql = (exchange: Exchange, caller: GraphqlCaller) => Promise<void>;

export interface GraphqlDoorParts {
  readonly pipeline: Pipeline;
  readonly kept: KeptAnswers;
  readonly once: Once;
  readonly stream: StreamedGraphql;
  /** Undefined where the server has none. */
  readonly trusted: TrustedDocuments | undefined;
}

const GRAPHQL_RESPONSE = 'application/graphql-response+json';
const JSON_TYPE = 'application/json';
type ResponseType = typeof GRAPHQL_RESPONSE | typeof JSON_TYPE;

/** A longer request is not looked up among the kept answers. */
const MAX_KEPT_REQUEST = 8_192;
const MAX_ANONYMOUS_BODY_BYTES = 16 * 1024;

/**
 * `/graphql`: GraphQL over HTTP, by POST and, for queries, by GET. Only streams are left to
 * another. Every error has GraphQL's form.
 */
export class GraphqlDoor {
  readonly name = 'graphql';
  readonly #parts: GraphqlDoorParts;

  constructor(parts: GraphqlDoorParts) {
    this.#parts = parts;
  }

  /** @returns undefined when the answer was sent already */
  async handle(exchange: Exchange): Promise<Answer | undefined> {
    exchange.enter();
    const accepted = acceptedBy(exchange.request.headers.accept);
    const recalled = exchange.recall();
    if (!recalled) return this.#identified(exchange, accepted);
    // Before the body is read: it may never come.
    exchange.countFor(recalled.principal);
    const text = await textOf(exchange);
    const found = await this.#found(exchange, recalled, accepted, text);
    if (found) return found;
    const work = exchange.begin();
    const principal = await exchange.identify(work, 'graphql');
    return this.#measured(exchange, { principal, work, text, accepted });
  }

  /** A refusal in GraphQL's form. */
  refuse(error: DomainError): Answer {
    const { message, extensions } = this.#parts.pipeline.translate(error, undefined);
    const { code, statusCode, details } = extensions as unknown as CodedExtensions;
    const shown = { message, extensions: { code, statusCode, ...(details && { details }) } };
    const body = JSON.stringify({ errors: [shown] });
    return typed(JSON_TYPE, statusCode, body, refusalHeaders(error));
  }

  /** Of a token that was not seen before, or of none: who asks is known before the body is read. */
  async #identified(exchange: Exchange, accepted: Accepted): Promise<Answer | undefined> {
    const work = exchange.begin();
    const principal = await exchange.identify(work, 'graphql');
    const text = await textOf(exchange, principal ? undefined : MAX_ANONYMOUS_BODY_BYTES);
    const found = principal && (await this.#found(exchange, { principal }, accepted, text));
    return found ?? this.#measured(exchange, { principal, work, text, accepted });
  }

  #measured(exchange: Exchange, asking: Asking): MaybePromise<Answer | undefined> {
    return exchange.measured(asking.principal, () => this.#answer(exchange, asking));
  }

  /** The answer that was kept for the same request, if it is still current. */
  #found(
    { request, notes }: Exchange,
    { principal, proof }: Pick<Recalled, 'principal'> & Partial<Recalled>,
    { type }: Accepted,
    text: string,
  ): MaybePromise<Answer | undefined> {
    const { kept } = this.#parts;
    const found = type && kept.find(keyOf(principal, type, request, text));
    if (!found) return undefined;
    const documents = proof ? [proof, ...found.reads] : found.reads;
    return andThen(kept.areCurrent(UNBOUNDED, documents), (current) => {
      if (!current) return undefined;
      notes.hit(found.operation, principal);
      return found.answer;
    });
  }

  async #answer(exchange: Exchange, asking: Asking): Promise<Answer | undefined> {
    const { pipeline } = this.#parts;
    const { accepted, text } = asking;
    const body = this.#known(requestOf(exchange.request, text));
    const prepared = await asking.work.inTurn(() => pipeline.prepare(body.query));
    if (prepared.errors) {
      noteErrors(exchange, prepared.errors);
      return accepted.type
        ? resultAnswer(exchange, asking.work, { errors: prepared.errors }, accepted.type)
        : this.#stream(exchange, asking, body);
    }
    const asked = { ...body, document: prepared.document, hash: prepared.hash };
    const operation = operationNote(asked.document, asked.operationName, prepared.hash);
    exchange.notes.operation = operation;
    const kind = kindOf(asked.document, asked.operationName);
    if (kind === MUTATION && exchange.request.method !== 'POST') return this.#mutationByGet();
    if (kind === MUTATION) return this.#mutate(exchange, asking, asked, body);
    if (accepted.type && kind !== SUBSCRIPTION) {
      return this.#run(exchange, asking, { ...asked, operation }, kind);
    }
    // A stream of events may last for days: what it does is not traced.
    if (kind === SUBSCRIPTION) asking.work.span = undefined;
    return this.#stream(exchange, asking, body);
  }

  /** The request with its document, which it may have named by its id. */
  #known({ documentId, ...request }: NamedRequest): GraphqlRequest {
    if (documentId === undefined) return request;
    const { trusted } = this.#parts;
    if (trusted) return { ...request, query: trusted.textOf(documentId) };
    throw invalid([{ path: 'documentId', message: 'this server has no trusted documents' }]);
  }

  async #stream(
    exchange: Exchange,
    { principal, work, accepted }: Asking,
    body: GraphqlRequest,
  ): Promise<undefined> {
    if (!accepted.stream) {
      throw new DomainError(
        'request.not_acceptable',
        'a subscription is answered as text/event-stream; accept that',
      );
    }
    if (!principal) throw refusal(null, undefined, NO_RIGHT);
    await this.#parts.trusted?.assertMayExecute(work, principal, body.query);
    await this.#parts.stream(exchange, { principal, work, body });
    return undefined;
  }

  async #mutate(
    exchange: Exchange,
    asking: Asking,
    asked: Asked,
    body: GraphqlRequest,
  ): Promise<Answer | undefined> {
    const { pipeline, once, trusted } = this.#parts;
    const { principal, work, accepted } = asking;
    const { type } = accepted;
    const key = idempotencyKeyOf(exchange.request);
    if (!type) {
      if (key === undefined) return this.#stream(exchange, asking, body);
      throw new DomainError(
        'request.not_acceptable',
        `a mutation with an Idempotency-Key is answered as ${JSON_TYPE}; accept that`,
      );
    }
    await trusted?.assertMayExecute(work, principal, body.query);
    return once.answer(exchange, { principal, work, key }, async (work) => {
      const result = await pipeline.execute(asked, this.#context(exchange, principal, work));
      const answer = await resultAnswer(exchange, work, result, type);
      return { answer, outcome: mutationOutcome(result) };
    });
  }

  #context(exchange: Exchange, principal: Principal | null, work: Work) {
    return this.#parts.pipeline.context({
      principal,
      work,
      requestId: exchange.requestId,
      identify: (later) => exchange.authenticate(later),
    });
  }

  #mutationByGet(): Answer {
    const refused = new DomainError(
      'route.method_not_allowed',
      'a mutation is sent by POST; by GET only queries are answered',
    );
    const answer = this.refuse(refused);
    return { ...answer, headers: { ...answer.headers, Allow: 'POST' } };
  }

  async #run(
    exchange: Exchange,
    { principal, work, text, accepted }: Asking,
    asked: Asked & GraphqlRequest & Pick<KeptAnswer, 'operation'>,
    kind: OperationTypeNode | undefined,
  ): Promise<Answer> {
    const { pipeline, kept } = this.#parts;
    const type = accepted.type ?? JSON_TYPE;
    const reads = principal && kind === QUERY ? new ReadNotes() : undefined;
    work.reads = reads;
    await this.#parts.trusted?.assertMayExecute(work, principal, asked.query);
    const standard = pipeline.introspection.answerTo(asked.document);
    if (standard) return { ...typed(type, 200, standard), shared: true };
    const context = this.#context(exchange, principal, work);
    const result = await pipeline.execute(asked, context);
    if (!result.errors) {
      const { counted } = context.fields;
      exchange.notes.fields = { estimated: pipeline.estimateOf(asked), counted };
    }
    const answer = await resultAnswer(exchange, work, result, type);
    const documents = result.errors ? undefined : reads?.documents;
    if (!documents || !principal || text.length > MAX_KEPT_REQUEST) return answer;
    const { body = '' } = answer;
    const bytes = { ...answer, body: typeof body === 'string' ? Buffer.from(body) : body };
    kept.keep(keyOf(principal, type, exchange.request, text), {
      answer: bytes,
      revalidates: false,
      reads: documents,
      operation: asked.operation,
    });
    return bytes;
  }
}

/** A request whose caller is known. */
interface Asking {
  readonly principal: Principal | null;
  readonly work: OpenWork;
  /** As `textOf` returns it. */
  readonly text: string;
  readonly accepted: Accepted;
}

const NO_RIGHT = { role: null, scope: null } as const;

/** The text that holds the request: the body of a POST, the query of a GET. */
async function textOf(exchange: Exchange, maxBytes?: number): Promise<string> {
  const { request } = exchange;
  if (request.method === 'POST') return readJsonText(exchange, maxBytes);
  const { url = '' } = request;
  const start = url.indexOf('?');
  return start < 0 ? '' : url.slice(start + 1);
}

/** @throws DomainError `request.malformed`, `request.invalid`, `request.too_complex` */
function requestOf({ method }: IncomingMessage, text: string): NamedRequest {
  return requestIn(method === 'POST' ? parseJson(text).value : requestInQuery(text));
}

/** Of a GET: `variables` and `extensions` are JSON. */
function requestInQuery(text: string): unknown {
  const search = new URLSearchParams(text);
  const parsed = (name: string) => {
    const json = search.get(name);
    if (json === null || json === '') return undefined;
    try {
      return JSON.parse(json) as unknown;
    } catch {
      throw new DomainError('request.malformed', `the query parameter '${name}' is not JSON`);
    }
  };
  return {
    query: search.get('query') ?? undefined,
    documentId: search.get('documentId') ?? undefined,
    variables: parsed('variables'),
    extensions: parsed('extensions'),
    operationName: search.get('operationName'),
  };
}

export interface GraphqlRequest {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly operationName?: string | null;
}

/** A request that may name a trusted document in place of a query. */
interface NamedRequest extends GraphqlRequest {
  readonly documentId: string | undefined;
}

/** @throws DomainError `request.malformed`, `request.invalid` */
function requestIn(body: unknown): NamedRequest {
  if (typeof body !== 'object' || body === null || Object.keys(body).length === 0) {
    throw new DomainError('request.malformed', 'send a GraphQL request: { "query": "…" }');
  }
  const { query, documentId, variables, operationName, extensions } = body as Readonly<
    Record<string, unknown>
  >;
  const problems: Problem[] = [];
  if (documentId != null && typeof documentId !== 'string') {
    problems.push({ path: 'documentId', message: 'must be a string' });
  } else if (documentId == null && typeof query !== 'string') {
    problems.push({ path: 'query', message: 'must be a string' });
  } else if (documentId != null && query != null) {
    problems.push({ path: 'documentId', message: 'takes the place of a query; send one of them' });
  }
  if (!isObjectOrUnset(variables))
    problems.push({ path: 'variables', message: 'must be an object' });
  if (!isObjectOrUnset(extensions)) {
    problems.push({ path: 'extensions', message: 'must be an object' });
  }
  if (operationName != null && typeof operationName !== 'string') {
    problems.push({ path: 'operationName', message: 'must be a string' });
  }
  if (problems.length > 0) throw invalid(problems);
  return {
    query: (query ?? '') as string,
    documentId: (documentId ?? undefined) as string | undefined,
    variables: (variables ?? {}) as Readonly<Record<string, unknown>>,
    operationName: (operationName ?? null) as string | null,
  };
}

function isObjectOrUnset(value: unknown): boolean {
  return value == null || (typeof value === 'object' && !Array.isArray(value));
}

/** The forms of an answer that the caller accepts. */
interface Accepted {
  /** Of an answer as a whole; undefined when the caller accepts neither media type. */
  readonly type: ResponseType | undefined;
  /** Whether the answer may be a stream. */
  readonly stream: boolean;
}

const ONLY_JSON: Accepted = { type: JSON_TYPE, stream: false };

/** @throws DomainError `request.not_acceptable` */
function acceptedBy(accept: string | undefined): Accepted {
  if (accept === undefined || accept === '*/*' || accept === JSON_TYPE) return ONLY_JSON;
  const stream = accept.includes('text/event-stream') || accept.includes('multipart/mixed');
  const json = /application\/(?:json|\*)|\*\/\*/.test(accept) ? JSON_TYPE : undefined;
  const type = accept.includes(GRAPHQL_RESPONSE) ? GRAPHQL_RESPONSE : json;
  if (type || stream) return { type, stream };
  throw new DomainError(
    'request.not_acceptable',
    `answers are ${JSON_TYPE}, ${GRAPHQL_RESPONSE} or text/event-stream; accept one of them`,
  );
}

function keyOf(
  { stamp }: Principal,
  type: ResponseType,
  { method }: IncomingMessage,
  text: string,
): string {
  return `graphql ${stamp}\n${type}\n${method === 'POST' ? 'POST' : 'GET'}\n${text}`;
}

/** A result as GraphQL over HTTP has it: with the newer media type, an error without data is a 400. */
function resultAnswer(
  exchange: Exchange,
  work: Work,
  { data, errors }: ExecutionResult,
  type: ResponseType,
): MaybePromise<Answer> {
  noteErrors(exchange, errors);
  const unauthenticated = errors?.some(({ extensions }) => extensions.statusCode === 401);
  const shown = {
    ...(errors && { errors: unauthenticated ? errors.map(shownError) : errors }),
    ...(data !== undefined && { data }),
  };
  const failed = data === undefined && type === GRAPHQL_RESPONSE;
  const status = unauthenticated ? 401 : failed ? statusIn(errors) : 200;
  const headers = unauthenticated ? refusalHeaders({ code: 'auth.unauthenticated' }) : {};
  return andThen(exchange.json(shown, work), (text) => typed(type, status, text, headers));
}

function noteErrors({ notes }: Exchange, errors: ExecutionResult['errors']): void {
  notes.code = errors?.[0]?.extensions.code as ErrorCode | undefined;
}

/** A mutation is refused if each of its root fields is: one that was executed has changed something. */
function mutationOutcome({ data, errors = [] }: ExecutionResult): Outcome {
  const isRefused = errors.length > 0 && Object.values(data ?? {}).every((it) => it === null);
  if (!isRefused) return 'executed';
  return outcomeOf(errors.map(({ extensions }) => extensions.code as ErrorCode));
}

/** An error without `http`, by which Yoga alone chooses a status and headers. */
function shownError(error: GraphQLError): object {
  const { http: _, ...extensions } = error.extensions;
  return { ...error.toJSON(), extensions };
}

function statusIn(errors: readonly GraphQLError[] | undefined): number {
  const status = errors?.[0]?.extensions.statusCode;
  return typeof status === 'number' ? status : 400;
}

function typed(
  type: ResponseType,
  status: number,
  body: string | Buffer,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return {
    status,
    headers: { 'Content-Type': `${type}; charset=utf-8`, 'Cache-Control': PRIVATE, ...headers },
    body,
  };
}
