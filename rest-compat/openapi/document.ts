import type { GraphQLSchema } from 'graphql';
import type { CompiledRoute } from '../compile.ts';
import { Components, type JsonSchema } from './json-schema.ts';
import { type OpenApi, operationOf, tagOf } from './operation.ts';
import { selectedBy } from './selected.ts';

const ERROR: JsonSchema = {
  type: 'object',
  description: 'Why a request was refused.',
  properties: {
    statusCode: { type: 'integer', description: 'The HTTP status.' },
    code: {
      type: 'string',
      description: 'What is wrong, stable: `area.reason`.',
      examples: ['agent.not_found'],
    },
    message: { type: 'string', description: 'The same in words for people.' },
    requestId: { type: 'string', description: 'As in the header `X-Request-Id`.' },
    details: {
      type: 'array',
      description: 'Every problem of a body or query, by its place.',
      items: {
        type: 'object',
        properties: {
          path: { type: 'string', examples: ['objectives[2].body'] },
          message: { type: 'string' },
        },
        required: ['path', 'message'],
      },
    },
  },
  required: ['statusCode', 'code', 'message', 'requestId'],
};

/**
 * Describes the routes that stand for operations. All of it follows from the rows and from
 * the GraphQL schema: rights, bodies, answers, and the words.
 *
 * @param prefix the path that those of the routes are under
 */
export function openApiOf(
  schema: GraphQLSchema,
  routes: readonly CompiledRoute[],
  prefix: string,
  version: string,
): OpenApi {
  const components = new Components();
  const paths: Record<string, Record<string, OpenApi>> = {};
  for (const route of routes) {
    const operation = operationOf(route, selectedBy(schema, route), components);
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Agent API',
      version,
      description:
        'The management plane of conversational agents. Every operation here is one of the GraphQL schema at `/graphql`, with the same rights.',
    },
    servers: [{ url: prefix }],
    security: [{ bearer: [] }],
    tags: [...new Set(routes.map(({ path }) => tagOf(path)))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description: 'An API key (`sk-any-…`), or the ID token of a signed-in user.',
        },
      },
      responses: {
        Error: {
          description: 'The request was refused.',
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
        },
        NotModified: { description: 'What `If-None-Match` names is what there is.' },
      },
      schemas: { Error: ERROR, ...sorted(components.schemas) },
    },
  };
}

function sorted<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
