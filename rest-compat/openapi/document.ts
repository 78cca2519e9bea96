import type { GraphQLSchema } from 'graphql';
import type { CompiledRoute } from '../compile.ts';
import { Components, type JsonSchema } from './json-schema.ts';
import { type OpenApi, operationOf } from './operation.ts';
import { HEADER_PARAMETERS } from './parameters.ts';
import { errorComponents } from './refusals.ts';
import { selectedBy } from './selected.ts';
import { TAG_OBJECTS } from './tags.ts';

const ERROR: JsonSchema = {
  type: 'object',
  description: 'The error of a rejected request.',
  properties: {
    statusCode: {
      type: 'integer',
      format: 'int32',
      minimum: 400,
      maximum: 599,
      description: 'The HTTP status.',
    },
    code: {
      type: 'string',
      description: 'A stable code: `area.reason`.',
      examples: ['agent.not_found'],
    },
    message: { type: 'string', description: 'A human-readable message.' },
    requestId: { type: 'string', description: 'The value of the header `X-Request-Id`.' },
    error: { type: 'string', description: 'Of outreach links only: repeats the message of a 400.' },
    details: {
      type: 'array',
      description: 'Every problem of the body or the query, with its path.',
      items: {
        type: 'object',
        properties: {
          path: { type: 'string', examples: ['objectives[2].body'] },
          message: { type: 'string' },
        },
        required: ['path', 'message'],
      },
    },
    conflicts: {
      type: 'array',
      description: 'Of `merge.conflict`: every field that both sides changed in their own way.',
      items: {
        type: 'object',
        properties: {
          section: { type: 'string', examples: ['skills'] },
          itemId: { type: 'string', description: 'Of a list with ids: the item.' },
          path: {
            type: 'string',
            description:
              'The field, within its section or item. Empty for an item that one side removed, and for the place of an item.',
          },
          base: { description: 'The value at the base. Omitted if there was none.' },
          theirs: { description: 'The value that the agent has. Omitted if it has none.' },
          yours: { description: 'The value of the definition. Omitted if it has none.' },
          theirActor: {
            type: 'object',
            description: 'Who made the change of the agent.',
            properties: {
              kind: { type: 'string' },
              id: { type: 'string' },
              name: { type: 'string' },
            },
            required: ['kind', 'id'],
          },
          theirVersion: {
            type: 'integer',
            format: 'int32',
            description: 'The version that made the change.',
          },
          theirAt: { type: 'string', format: 'date-time', description: 'When it was made.' },
          valuesOmitted: {
            type: 'boolean',
            description: 'Present if the values are left out: the answer would be too long.',
          },
        },
        required: ['section', 'path'],
      },
    },
  },
  required: ['statusCode', 'code', 'message', 'requestId'],
};

const text = (description: string) => ({ description, schema: { type: 'string' } });

const HEADERS: Readonly<Record<string, OpenApi>> = {
  'X-Request-Id': text('The id of the request: the one that was sent, or a generated one.'),
  ETag: text('The version of the resource.'),
  Location: text('The path of the created resource.'),
  RateLimit: text(
    'The nearest limit, the requests that are left and the seconds until all are: `"principal";r=11999;t=1`.',
  ),
  'RateLimit-Policy': text(
    'The nearest limit, its requests and its window in seconds: `"principal";q=12000;w=60`.',
  ),
  'Idempotency-Replayed': text(
    'Always `true`. Present if the answer is the first one under the `Idempotency-Key`, sent again.',
  ),
  'Retry-After': text('The number of seconds after which the request may be sent again.'),
  'WWW-Authenticate': text('Always `Bearer`.'),
};

/**
 * Describes the routes. Everything derives from their rows and from the GraphQL schema: rights,
 * bodies, answers and descriptions.
 *
 * @param prefix the path prefix of the routes
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
    const planned = route.planned && selectedBy(schema, route.planned);
    const operation = operationOf(route, selectedBy(schema, route), components, planned);
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation };
  }
  const errors = errorComponents(routes);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Agent API',
      version,
      description:
        'The management plane of conversational agents. Every operation runs as an operation of the GraphQL schema at `/graphql`, with the same rights.',
      contact: { name: 'The maintainers of Agent API' },
      license: { name: 'Proprietary', identifier: 'LicenseRef-Proprietary' },
    },
    // For callers outside of the project's own network, too.
    servers: [{ url: prefix, 'x-internal': false }],
    security: [{ bearer: [] }],
    tags: TAG_OBJECTS,
    paths,
    components: {
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description: 'An API key (`sk-any-…`) or the ID token of a signed-in user.',
        },
      },
      headers: HEADERS,
      parameters: HEADER_PARAMETERS,
      examples: errors.examples,
      responses: {
        ...errors.responses,
        NotModified: { description: 'The resource still has the version in `If-None-Match`.' },
      },
      schemas: { Error: ERROR, ...sorted(components.schemas) },
    },
  };
}

function sorted<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
