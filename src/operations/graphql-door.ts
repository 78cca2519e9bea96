import type { ExecutionResult, GraphQLError } from 'graphql';
import type { CodedExtensions } from '../../schema/errors.ts';
import type { Principal } from '../auth/principal.ts';
import { DomainError, invalid, type Problem } from '../domain/errors.ts';
import { type Answer, PRIVATE, refusalHeaders } from '../http/answer.ts';
import { declaresJson, parseJson } from '../http/body.ts';
import type { Exchange } from '../http/exchange.ts';
import { type KeptAnswer, type KeptAnswers, ReadNotes } from '../http/kept-answers.ts';
import { UNBOUNDED } from '../store/bounds.ts';
import type { OpenWork } from '../work.ts';
import { kindOf, QUERY, SUBSCRIPTION } from './documents.ts';
import type { Asked, Pipeline } from './pipeline.ts';

export const ENDPOINT = '/graphql';

/** Who asks, in what work, and the body of a POST where it has been read. */
export interface GraphqlCaller {
  readonly principal: Principal | null;
  readonly work: OpenWork;
  readonly body?: unknown;
}

/** Answers what is not a plain `POST` of JSON: queries by GET, subscriptions, other media types. */
export type OtherGraphql = (exchange: Exchange, caller: GraphqlCaller) => Promise<void>;

export interface GraphqlDoorParts {
  readonly pipeline: Pipeline;
  readonly kept: KeptAnswers;
  readonly other: OtherGraphql;
}

const GRAPHQL_RESPONSE = 'application/graphql-response+json';
const JSON_TYPE = 'application/json';
type ResponseType = typeof GRAPHQL_RESPONSE | typeof JSON_TYPE;

/** A longer body is not looked up among the kept answers. */
const MAX_KEPT_BODY = 8_192;
const MAX_ANONYMOUS_BODY_BYTES = 16 * 1024;

/** `/graphql`: JSON by POST goes straight into the pipeline. Every error has GraphQL's form. */
export class GraphqlDoor {
  readonly #parts: GraphqlDoorParts;

  constructor(parts: GraphqlDoorParts) {
    this.#parts = parts;
  }

  /** @returns undefined when the answer was sent already */
  async handle(exchange: Exchange): Promise<Answer | undefined> {
    const { request } = exchange;
    exchange.enter();
    const type =
      request.method === 'POST' && declaresJson(request) && typeOf(request.headers.accept);
    if (!type) return this.#other(exchange);
    const recalled = exchange.recall();
    if (!recalled) return this.#identified(exchange, type);
    const text = await exchange.readText();
    const kept = this.#parts.kept.find(keyOf(recalled.principal, type, text));
    if (kept && (await this.#areCurrent([recalled.proof, ...kept.reads]))) return kept.answer;
    const work = exchange.begin();
    const principal = await exchange.identify(work, 'graphql');
    return this.#answer(exchange, { principal, work }, text, type);
  }

  #areCurrent(documents: KeptAnswer['reads']) {
    return this.#parts.kept.areCurrent(UNBOUNDED, documents);
  }

  /** A refusal in GraphQL's form. */
  refuse(error: unknown): Answer {
    const { message, extensions } = this.#parts.pipeline.translate(error);
    const { code, statusCode, details } = extensions as unknown as CodedExtensions;
    const shown = { message, extensions: { code, statusCode, ...(details && { details }) } };
    const body = JSON.stringify({ errors: [shown] });
    return { ...typed(JSON_TYPE, statusCode, body, refusalHeaders(code)) };
  }

  /** Of a token that was not seen before, or of none: who asks is known before the body is read. */
  async #identified(exchange: Exchange, type: ResponseType): Promise<Answer | undefined> {
    const work = exchange.begin();
    const principal = await exchange.identify(work, 'graphql');
    const text = await exchange.readText(principal ? undefined : MAX_ANONYMOUS_BODY_BYTES);
    const kept = principal && this.#parts.kept.find(keyOf(principal, type, text));
    if (kept && (await this.#areCurrent(kept.reads))) return kept.answer;
    return this.#answer(exchange, { principal, work }, text, type);
  }

  async #other(exchange: Exchange): Promise<undefined> {
    const work = exchange.begin();
    const principal = await exchange.identify(work, 'graphql');
    await this.#parts.other(exchange, { principal, work });
    return undefined;
  }

  async #answer(
    exchange: Exchange,
    caller: GraphqlCaller,
    text: string,
    type: ResponseType,
  ): Promise<Answer | undefined> {
    const { pipeline, kept } = this.#parts;
    const { principal, work } = caller;
    const body = requestIn(parseJson(text).value);
    const prepared = pipeline.prepare(body.query);
    if (prepared.errors) return resultAnswer({ errors: prepared.errors }, type);
    const asked: Asked = { ...body, document: prepared.document };
    const kind = kindOf(asked.document, asked.operationName);
    if (kind === SUBSCRIPTION) {
      await this.#parts.other(exchange, { ...caller, body });
      return undefined;
    }
    const standard = pipeline.introspection.answerTo(asked.document);
    if (standard) return typed(type, 200, standard);
    const reads = principal && kind === QUERY ? new ReadNotes() : undefined;
    work.reads = reads;
    const context = pipeline.context({
      principal,
      work,
      requestId: exchange.requestId,
      identify: (later) => exchange.authenticate(later),
    });
    const result = await pipeline.execute(asked, context);
    const answer = resultAnswer(result, type);
    const documents = result.errors ? undefined : reads?.documents;
    if (!documents || !principal || text.length > MAX_KEPT_BODY) return answer;
    const bytes = { ...answer, body: Buffer.from(String(answer.body)) };
    kept.keep(keyOf(principal, type, text), {
      answer: bytes,
      revalidates: false,
      reads: documents,
    });
    return bytes;
  }
}

export interface GraphqlRequest {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly operationName?: string | null;
}

/** @throws DomainError `request.malformed`, `request.invalid` */
export function requestIn(body: unknown): GraphqlRequest {
  if (typeof body !== 'object' || body === null || Object.keys(body).length === 0) {
    throw new DomainError('request.malformed', 'send a GraphQL request: { "query": "…" }');
  }
  const { query, variables, operationName, extensions } = body as Readonly<Record<string, unknown>>;
  const problems: Problem[] = [];
  if (typeof query !== 'string') problems.push({ path: 'query', message: 'must be a string' });
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
    query: query as string,
    variables: (variables ?? {}) as Readonly<Record<string, unknown>>,
    operationName: (operationName ?? null) as string | null,
  };
}

function isObjectOrUnset(value: unknown): boolean {
  return value == null || (typeof value === 'object' && !Array.isArray(value));
}

/** The media type of the answer; undefined when the caller accepts neither of them. */
function typeOf(accept: string | undefined): ResponseType | undefined {
  if (accept === undefined || accept === '*/*' || accept === JSON_TYPE) return JSON_TYPE;
  if (accept.includes('text/event-stream') || accept.includes('multipart/')) return undefined;
  if (accept.includes(GRAPHQL_RESPONSE)) return GRAPHQL_RESPONSE;
  return /application\/(?:json|\*)|\*\/\*/.test(accept) ? JSON_TYPE : undefined;
}

function keyOf({ stamp }: Principal, type: ResponseType, body: string): string {
  return `graphql ${stamp}\n${type}\n${body}`;
}

/** A result as GraphQL over HTTP has it: with the newer media type, an error without data is a 400. */
function resultAnswer(result: ExecutionResult, type: ResponseType): Answer {
  const { data, errors } = result;
  const unauthenticated = errors?.some(({ extensions }) => extensions.statusCode === 401);
  const shown = {
    ...(errors && { errors: unauthenticated ? errors.map(shownError) : errors }),
    ...(data !== undefined && { data }),
  };
  const failed = data === undefined && type === GRAPHQL_RESPONSE;
  const status = unauthenticated ? 401 : failed ? statusIn(errors) : 200;
  const headers = unauthenticated ? refusalHeaders('auth.unauthenticated') : {};
  return typed(type, status, JSON.stringify(shown), headers);
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
