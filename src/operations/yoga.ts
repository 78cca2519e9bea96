import type { DocumentNode, ExecutionArgs, ExecutionResult } from 'graphql';
import { createYoga, type Plugin } from 'graphql-yoga';
import type { Context } from '../../schema/context.ts';
import { DomainError } from '../domain/errors.ts';
import { readJson } from '../http/body.ts';
import type { RequestContext } from './context.ts';
import { parseBounded } from './documents.ts';
import { ENDPOINT, type OtherGraphql, requestIn } from './graphql-door.ts';
import type { Asked, Pipeline } from './pipeline.ts';

/**
 * GraphQL over HTTP in full, by Yoga: queries by GET, server-sent events, any media type. Every
 * step is the pipeline's, as for a plain POST.
 */
export function otherGraphql(pipeline: Pipeline): OtherGraphql {
  const yoga = createYoga<RequestContext, Context>({
    schema: pipeline.schema,
    graphqlEndpoint: ENDPOINT,
    context: (request) => pipeline.context(request),
    maskedErrors: { maskError: pipeline.translate },
    plugins: [pipelinePlugin(pipeline)],
    // Static files (pages/), not a page for each request.
    graphiql: false,
    // The body is read, and bounded, before Yoga sees it.
    maxRequestBodySize: false,
    // Documents are kept by the pipeline.
    parserAndValidationCache: false,
    multipart: false,
    landingPage: false,
    cors: false,
    logging: false,
  });
  return async (exchange, { principal, work, body }) => {
    const { request, response, requestId } = exchange;
    if (request.method === 'POST') {
      const read = body ?? requestIn((await readJson(exchange)).value);
      // Yoga takes the parsed body from here.
      Object.assign(request, { body: read });
    } else assertQuery(new URL(request.url ?? '', 'http://localhost').searchParams);
    response.setHeader('X-Request-Id', requestId);
    response.setHeader('X-Content-Type-Options', 'nosniff');
    exchange.watch();
    await yoga.handle(request, response, {
      principal,
      work,
      requestId,
      identify: (later) => exchange.authenticate(later),
    });
  };
}

/** @throws DomainError `request.malformed`, `request.invalid` */
function assertQuery(search: URLSearchParams): void {
  const parsed = (name: string) => {
    const text = search.get(name);
    if (text === null || text === '') return undefined;
    try {
      return JSON.parse(text) as unknown;
    } catch {
      throw new DomainError('request.malformed', `the query parameter '${name}' is not JSON`);
    }
  };
  requestIn({
    query: search.get('query') ?? undefined,
    variables: parsed('variables'),
    extensions: parsed('extensions'),
    operationName: search.get('operationName'),
  });
}

function pipelinePlugin(pipeline: Pipeline): Plugin<Context> {
  return {
    onParse({ setParseFn }) {
      setParseFn((source: string | { readonly body: string }) =>
        parseBounded(typeof source === 'string' ? source : source.body),
      );
    },
    onValidate({ params: { documentAST }, setResult }) {
      setResult([...pipeline.documents.validate(documentAST)]);
    },
    onExecute({ setExecuteFn }) {
      setExecuteFn(
        (args: ExecutionArgs) =>
          pipeline.execute(askedOf(args), args.contextValue as Context) as ExecutionResult,
      );
    },
    onSubscribe({ args, setResultAndStopExecution }) {
      const refused = pipeline.refusal(askedOf(args), args.contextValue as Context);
      if (refused) setResultAndStopExecution({ errors: [refused] });
    },
  };
}

function askedOf(args: {
  readonly document: DocumentNode;
  readonly operationName?: string | null | undefined;
  readonly variableValues?: { readonly [name: string]: unknown } | null | undefined;
}): Asked {
  const { document, operationName, variableValues } = args;
  return { document, operationName, variables: variableValues ?? {} };
}
