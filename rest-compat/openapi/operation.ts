import { type GraphQLArgument, getNullableType, isListType, isNonNullType } from 'graphql';
import { pageLimitsOf } from '../../schema/args.ts';
import { type Right, ROLES } from '../../src/auth/rights.ts';
import { type CompiledRoute, revalidates } from '../compile.ts';
import type { PAGING } from '../route.ts';
import type { Components, JsonSchema } from './json-schema.ts';
import { fieldsOf, type Selected, type SelectedField } from './selected.ts';
import { tagOf } from './tags.ts';

/** An object of an OpenAPI 3.1 document: plain JSON. */
export type OpenApi = Readonly<Record<string, unknown>>;

/** Describes one route: its required right, its parameters, its body and its answers. */
export function operationOf(
  route: CompiledRoute,
  selected: Selected,
  components: Components,
): OpenApi {
  const { role, scope } = rightOf(route.rights);
  const { root, field, isMutation } = selected;
  const words = inRest((isMutation ? root : field).description);
  const needs = [role && `the role \`${role}\` or above`, scope && `the scope \`${scope}\``];
  const required = needs.filter(Boolean).join(' and ');
  return {
    operationId: operationIdOf(route, selected),
    tags: [tagOf(route.path)],
    summary: route.summary,
    description: required ? `${words}\n\nRequires ${required}.` : words,
    security: [{ bearer: scope ? [scope] : [] }],
    'x-role': role,
    'x-scope': scope,
    parameters: parametersOf(route, selected, components),
    ...bodyOf(route, selected, components),
    responses: responsesOf(route, selected, components),
  };
}

/** The right that a route requires: the highest role, and its one scope. */
function rightOf(rights: readonly Right[]): Right {
  const floor = Math.max(-1, ...rights.map(({ role }) => (role ? ROLES.indexOf(role) : -1)));
  return { role: ROLES[floor] ?? null, scope: rights.find(({ scope }) => scope)?.scope ?? null };
}

function parametersOf(route: CompiledRoute, { uses }: Selected, components: Components): OpenApi[] {
  const { path, variables, query = {} } = route;
  const about = (variable: string) => uses.get(variable)?.description ?? '';
  const inputOf = (variable: string) => {
    const type = variables.get(variable);
    return type ? components.input(type, route.bounds.of(variable)) : {};
  };
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    description: about(name),
    schema: inputOf(name),
  }));
  const inQuery = Object.entries(query).flatMap(([name, variable]) => {
    const type = variables.get(variable);
    if (!type) return [];
    const required = isNonNullType(type);
    return [
      {
        name,
        in: 'query',
        ...(required && { required }),
        description: name === PAGE_TOKEN ? PAGE_TOKEN_IN_REST : about(variable),
        schema: { ...inputOf(variable), ...limitsOf(uses.get(variable)) },
      },
    ];
  });
  const tag = (name: string, description: string) => ({
    name,
    in: 'header',
    description,
    schema: { type: 'string', examples: ['"4"'] },
  });
  return [
    ...inPath,
    ...inQuery,
    ...(variables.has('expectedVersion')
      ? [tag('If-Match', 'Rejects the change with 412 if the resource is at another version.')]
      : []),
    ...(revalidates(route)
      ? [tag('If-None-Match', 'Answers 304 if the resource is still at this version.')]
      : []),
  ];
}

const PAGE_TOKEN: keyof typeof PAGING = 'pageToken';
const PAGE_TOKEN_IN_REST = 'The `nextPageToken` of the previous page.';

/** The limits of the length of a page. */
function limitsOf(argument: GraphQLArgument | undefined): JsonSchema {
  const limits = pageLimitsOf(argument);
  return limits ? { minimum: 1, maximum: limits.max, default: limits.default } : {};
}

function bodyOf(
  { variables, takesYaml }: CompiledRoute,
  { uses }: Selected,
  components: Components,
) {
  const input = variables.get('input');
  if (!input) return {};
  const media = { schema: components.input(input, {}) };
  return {
    requestBody: {
      description: uses.get('input')?.description ?? '',
      ...(isNonNullType(input) && { required: true }),
      content: { 'application/json': media, ...(takesYaml && { 'application/yaml': media }) },
    },
  };
}

function responsesOf(route: CompiledRoute, selected: Selected, components: Components): OpenApi {
  const { status = 200, versionPath, variables, query, formats, method } = route;
  const error = { $ref: '#/components/responses/Error' };
  const refusals = [
    ...(variables.has('input') || query || method !== 'GET' ? ['400'] : []),
    '401',
    '403',
    ...(/\{/.test(route.path) ? ['404'] : []),
    ...(variables.has('expectedVersion') ? ['412'] : []),
    ...(variables.has('input') ? ['413', '415'] : []),
    'default',
  ];
  const text = (description: string) => ({ description, schema: { type: 'string' } });
  const headers = {
    'X-Request-Id': text('The id of the request: the one that was sent, or a generated one.'),
    ...(versionPath && { ETag: text('The version of the resource.') }),
    ...(status === 201 && { Location: text('The path of the created resource.') }),
  };
  const description = inRest(selected.field.description);
  const content =
    status === 204
      ? {}
      : formats
        ? Object.fromEntries(Object.values(formats.types).map((type) => [type, textOf(type)]))
        : { 'application/json': { schema: answerOf(route, selected, components) } };
  return {
    [status]: { description, headers, ...(status !== 204 && { content }) },
    ...(revalidates(route) && { 304: { $ref: '#/components/responses/NotModified' } }),
    ...Object.fromEntries(refusals.map((code) => [code, error])),
  };
}

/** A picked text is the whole answer, in its media type. */
function textOf(mediaType: string) {
  return { schema: { type: mediaType.endsWith('json') ? 'object' : 'string' } };
}

/** The answer that the router builds from the picked field: a list in an envelope, `oneOf` as the set field. */
function answerOf(
  { envelope, oneOf, keepsNulls }: CompiledRoute,
  { field, selection }: Selected,
  components: Components,
): JsonSchema {
  const schemaOf = (it: SelectedField) =>
    components.output(it.field.type, it.selection, keepsNulls);
  const inner = fieldsOf(field.type, selection);
  const nodes = inner.get('nodes');
  if (nodes && inner.has('pageInfo')) return listOf(schemaOf(nodes), NEXT, envelope);
  if (oneOf) return { anyOf: [...inner.values()].map(schemaOf) };
  const picked = components.output(field.type, selection, keepsNulls);
  return isListType(getNullableType(field.type)) ? listOf(picked, {}, envelope) : picked;
}

const NEXT = {
  nextPageToken: {
    type: 'string',
    description: 'Sent as `pageToken`, it returns the next page. Omitted on the last page.',
  },
} as const;

function listOf(
  data: JsonSchema,
  more: Readonly<Record<string, JsonSchema>>,
  envelope: CompiledRoute['envelope'] = {},
): JsonSchema {
  const constants = Object.entries(envelope).map(([name, value]) => [name, { const: value }]);
  return {
    type: 'object',
    properties: { ...Object.fromEntries(constants), data, ...more },
    required: [...Object.keys(envelope), 'data'],
  };
}

/** The mutation's name, or `list` or `get` with the picked field. */
function operationIdOf(route: CompiledRoute, { isMutation, field, selection }: Selected): string {
  const [first = '', ...rest] = route.pickPath;
  if (isMutation) return first;
  const within = [first, ...rest].filter((part, i) => !(i < 2 && ROOTS.has(part)));
  const name = (within.length > 0 ? within : [route.pickPath.at(-1) ?? first])
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('');
  const isList =
    isListType(getNullableType(field.type)) || fieldsOf(field.type, selection).has('pageInfo');
  return `${isList ? 'list' : 'get'}${name}`;
}

/** The fields that lead to others. They are part of a name only if they are picked themselves. */
const ROOTS = new Set(['org', 'agent', 'activity']);

/** Without the last sentence about null and an error: over REST the answer is the error. */
function inRest(description: string | null | undefined): string {
  return description?.split(' Null, with an error')[0] ?? '';
}
