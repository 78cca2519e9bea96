import type { IncomingMessage, ServerResponse } from 'node:http';
import { renderGraphiQL } from '@graphql-yoga/render-graphiql';
import type { GraphQLSchema } from 'graphql';
import { createYoga, type YogaServerInstance } from 'graphql-yoga';
import type { Execute } from '../../rest-compat/router.ts';
import { STATUS } from '../../rest-compat/status.ts';
import type { Context, Services } from '../../schema/context.ts';
import { errorTranslator } from '../../schema/errors.ts';
import { CompiledDocuments } from './compiled.ts';
import { createContext, type RequestContext } from './context.ts';
import { FIRST_QUERY } from './first-query.ts';
import { limitsPlugin } from './limits.ts';
import type { Logger } from './log.ts';

export const ENDPOINT = '/graphql';

type Server = YogaServerInstance<RequestContext, Context>;

/** The one GraphQL pipeline, and the two ways into it. */
export interface Gateway {
  /** `/graphql` and GraphiQL. */
  handle(
    request: IncomingMessage,
    response: ServerResponse,
    context: RequestContext,
  ): Promise<void>;
  /** The operations of the REST routes. */
  readonly execute: Execute;
  readonly compiled: CompiledDocuments;
}

export function createGateway(schema: GraphQLSchema, services: Services, log: Logger): Gateway {
  const compiled = new CompiledDocuments(schema);
  const translate = errorTranslator({
    statusOf: (code) => STATUS[code],
    onBug: (error) => log.error({ err: error }, 'bug'),
  });
  const yoga: Server = createYoga<RequestContext, Context>({
    schema,
    graphqlEndpoint: ENDPOINT,
    context: (request) => createContext(services, request),
    maskedErrors: { maskError: translate },
    plugins: [limitsPlugin(schema, compiled, translate), compiled.plugin()],
    graphiql: {
      defaultQuery: FIRST_QUERY,
      title: 'Agent API',
      headers: '{ "Authorization": "Bearer " }',
    },
    renderGraphiQL,
    // The body is read, and bounded, before Yoga sees it.
    maxRequestBodySize: false,
    multipart: false,
    landingPage: false,
    cors: false,
    logging: false,
  });
  return {
    compiled,
    handle: async (request, response, context) => {
      await yoga.handle(request, response, context);
    },
    async execute(document, variables, caller) {
      const { schema: enveloped, contextFactory, execute } = yoga.getEnveloped(caller);
      const contextValue = await contextFactory();
      return execute({ schema: enveloped, document, contextValue, variableValues: variables });
    },
  };
}
