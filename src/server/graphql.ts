import type { IncomingMessage, ServerResponse } from 'node:http';
import type { GraphQLSchema } from 'graphql';
import { createYoga, type YogaServerInstance } from 'graphql-yoga';
import type { Execute } from '../../rest-compat/router.ts';
import type { Context } from '../../schema/context.ts';
import { type CodedExtensions, errorTranslator } from '../../schema/errors.ts';
import type { Identify } from '../auth/authenticate.ts';
import { originOf } from '../auth/origin.ts';
import { DomainError, invalid, type Problem } from '../domain/errors.ts';
import { refusalHeaders, sendJson } from '../http/answer.ts';
import { readJson } from '../http/body.ts';
import { STATUS } from '../http/status.ts';
import type { Services } from '../services.ts';
import type { OpenWork } from '../work.ts';
import { CompiledDocuments } from './compiled.ts';
import { createContext, type RequestContext } from './context.ts';
import { FIRST_QUERY } from './first-query.ts';
import { assertDocumentLength, documentCaches, limitsPlugin } from './limits.ts';
import { type Logger, noteFailure } from './log.ts';

export const ENDPOINT = '/graphql';

type Server = YogaServerInstance<RequestContext, Context>;

/** The one GraphQL pipeline, and the two ways into it. */
export interface Gateway {
  /** `/graphql` and GraphiQL. Whatever goes wrong is told in GraphQL's form. */
  handle(
    request: IncomingMessage,
    response: ServerResponse,
    requestId: string,
    identify: Identify,
    work: OpenWork,
  ): Promise<void>;
  /** The operations of the REST routes. */
  readonly execute: Execute;
  readonly compiled: CompiledDocuments;
}

/**
 * Reads and bounds the body here: Yoga's own limit costs more than the rest of
 * a request. Yoga takes the parsed body from `request.body`.
 */
async function bodyForYoga(request: IncomingMessage): Promise<void> {
  if (request.method !== 'POST') return;
  const { value: body } = await readJson(request);
  if (typeof body !== 'object' || body === null || Object.keys(body).length === 0) {
    throw new DomainError('request.malformed', 'send a GraphQL request: { "query": "…" }');
  }
  assertRequest(body);
  (request as IncomingMessage & { body?: unknown }).body = body;
}

/** @throws DomainError `request.invalid`, `request.too_complex` */
function assertRequest(body: object): void {
  const { query, variables, operationName } = body as Readonly<Record<string, unknown>>;
  const problems: Problem[] = [];
  if (typeof query !== 'string') problems.push({ path: 'query', message: 'must be a text' });
  if (variables != null && (typeof variables !== 'object' || Array.isArray(variables))) {
    problems.push({ path: 'variables', message: 'must be an object' });
  }
  if (operationName != null && typeof operationName !== 'string') {
    problems.push({ path: 'operationName', message: 'must be a text' });
  }
  if (problems.length > 0) throw invalid(problems);
  assertDocumentLength(query as string);
}

export function createGateway(schema: GraphQLSchema, services: Services, log: Logger): Gateway {
  const compiled = new CompiledDocuments(schema);
  const translate = errorTranslator({
    statusOf: (code) => STATUS[code],
    onFailure: noteFailure(log),
  });
  const yoga: Server = createYoga<RequestContext, Context>({
    schema,
    graphqlEndpoint: ENDPOINT,
    context: (request) => createContext(services, request),
    maskedErrors: { maskError: translate },
    plugins: [limitsPlugin(schema, compiled, translate), compiled.plugin()],
    graphiql: { defaultQuery: FIRST_QUERY, title: 'Agent API' },
    // Nine megabytes, loaded when somebody opens it.
    renderGraphiQL: async (options) =>
      (await import('@graphql-yoga/render-graphiql')).renderGraphiQL(options),
    // The body is read, and bounded, before Yoga sees it.
    maxRequestBodySize: false,
    parserAndValidationCache: documentCaches(),
    multipart: false,
    landingPage: false,
    cors: false,
    logging: false,
  });
  return {
    compiled,
    async handle(request, response, requestId, identify, work) {
      try {
        const principal = await identify(work);
        if (principal) work.attributeTo(originOf(principal, 'graphql', requestId));
        await bodyForYoga(request);
        await yoga.handle(request, response, { principal, identify, requestId, work });
      } catch (error) {
        if (response.headersSent) throw error;
        const { message, extensions } = translate(error);
        const { code, statusCode, details } = extensions as unknown as CodedExtensions;
        const told = { message, extensions: { code, statusCode, ...(details && { details }) } };
        sendJson(response, statusCode, { errors: [told] }, refusalHeaders(code));
      }
    },
    async execute(document, variables, caller) {
      const { schema: enveloped, contextFactory, execute } = yoga.getEnveloped(caller);
      const contextValue = await contextFactory();
      return execute({ schema: enveloped, document, contextValue, variableValues: variables });
    },
  };
}
