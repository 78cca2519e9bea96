import type { DocumentNode, ExecutionArgs, ExecutionResult } from 'graphql';
import { createYoga, handleStreamOrSingleExecutionResult, type Plugin } from 'graphql-yoga';
import type { Context } from '../../schema/context.ts';
import { leastLength, tooLong } from '../http/json.ts';
import type { RequestContext } from './context.ts';
import { ENDPOINT, type StreamedGraphql } from './graphql-door.ts';
import type { Asked, Pipeline } from './pipeline.ts';

/** UTF-16 units of an event: it is written in one piece. */
const MAX_EVENT_LENGTH = 1024 * 1024;

/** Answers of GraphQL as server-sent events, by Yoga. Every step is the pipeline's. */
export function streamedGraphql(pipeline: Pipeline): StreamedGraphql {
  const yoga = createYoga<RequestContext, Context>({
    schema: pipeline.schema,
    graphqlEndpoint: ENDPOINT,
    context: (request) => pipeline.context(request),
    maskedErrors: { maskError: (error) => pipeline.translate(error, undefined) },
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
    // Yoga takes the parsed body of a POST from here.
    Object.assign(request, { body });
    response.setHeader('X-Request-Id', requestId);
    response.setHeader('X-Content-Type-Options', 'nosniff');
    exchange.watch(work);
    await yoga.handle(request, response, {
      principal,
      work,
      requestId,
      identify: (later) => exchange.authenticate(later),
    });
  };
}

function pipelinePlugin(pipeline: Pipeline): Plugin<Context> {
  return {
    onParse({ setParseFn }) {
      setParseFn((source: string | { readonly body: string }) => {
        const { document, errors } = pipeline.prepare(
          typeof source === 'string' ? source : source.body,
        );
        if (errors) throw new AggregateError(errors);
        return document;
      });
    },
    onValidate({ setResult }) {
      // `prepare` has validated it.
      setResult([]);
    },
    onExecute({ setExecuteFn }) {
      setExecuteFn(async (args: ExecutionArgs): Promise<ExecutionResult> => {
        const context = args.contextValue as Context;
        const result = await pipeline.execute(askedOf(args), context);
        if (leastLength(result.data, MAX_EVENT_LENGTH) <= MAX_EVENT_LENGTH) return result;
        return { errors: [pipeline.translate(tooLong(MAX_EVENT_LENGTH), context.requestId)] };
      });
    },
    onSubscribe({ args, setResultAndStopExecution }) {
      const context = args.contextValue as Context;
      const refused = pipeline.refusal(askedOf(args), context);
      if (refused) setResultAndStopExecution({ errors: [refused] });
      const { requestId } = context;
      return {
        onSubscribeResult: (made) =>
          handleStreamOrSingleExecutionResult(made, ({ result, setResult }) =>
            setResult(pipeline.sendable(result, requestId)),
          ),
        onSubscribeError: ({ error, setError }) => setError(pipeline.translate(error, requestId)),
      };
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
