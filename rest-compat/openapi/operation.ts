import { getNullableType, isListType, isNonNullType } from 'graphql';
import { type Right, ROLES, scopesOf } from '../../src/auth/rights.ts';
import { type CompiledRoute, revalidates } from '../compile.ts';
import type { Formats } from '../formats.ts';
import type { Components, JsonSchema } from './json-schema.ts';
import { parametersOf } from './parameters.ts';
import { errorResponses } from './refusals.ts';
import { fieldsOf, type Selected, type SelectedField } from './selected.ts';
import { tagOf } from './tags.ts';

/** An object of an OpenAPI 3.1 document: plain JSON. */
export type OpenApi = Readonly<Record<string, unknown>>;

/** Describes one route: its required right, its parameters, its body and its answers. */
export function operationOf(
  route: CompiledRoute,
  selected: Selected,
  components: Components,
  planned?: Selected,
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
    'x-role': role,
    'x-scope': scope,
    ...(route.extension && { 'x-extension': true }),
    parameters: parametersOf(route, selected, components, planned),
    ...bodyOf(route, selected, components),
    responses: responsesOf(route, selected, components, planned),
  };
}

/** The right that a route requires: the highest role, and its first scope. */
function rightOf(rights: readonly Right[]) {
  const floor = Math.max(-1, ...rights.map(({ role }) => (role ? ROLES.indexOf(role) : -1)));
  return { role: ROLES[floor] ?? null, scope: rights.flatMap(scopesOf)[0] ?? null };
}

function bodyOf(
  { body, takesDefinition, example }: CompiledRoute,
  { uses }: Selected,
  components: Components,
) {
  if (!body) return {};
  const media = { schema: components.input(body, {}), example };
  const description = uses.get(takesDefinition ? 'document' : 'input')?.description;
  return {
    requestBody: {
      description: description === undefined ? 'The options.' : inRest(description),
      ...((takesDefinition || isNonNullType(body)) && { required: true }),
      content: { 'application/json': media, ...(takesDefinition && { 'application/yaml': media }) },
    },
  };
}

function responsesOf(
  route: CompiledRoute,
  selected: Selected,
  components: Components,
  planned: Selected | undefined,
): OpenApi {
  const { status = 200, versionPath, formats } = route;
  const header = (name: string) => ({ [name]: { $ref: `#/components/headers/${name}` } });
  const headers = {
    ...header('X-Request-Id'),
    ...(versionPath && header('ETag')),
    ...(status === 201 && header('Location')),
    ...(route.method !== 'GET' && header('Idempotency-Replayed')),
  };
  const own = inRest(selected.field.description);
  const description = planned
    ? `${own} With \`mode=plan\`: what the change would make of the agent.`
    : own;
  const contentOf = () =>
    formats
      ? Object.fromEntries(Object.values(formats.types).map((type) => [type, textOf(formats)]))
      : { 'application/json': { schema: schemaOf() } };
  const schemaOf = () => {
    const answer = answerOf(route, selected, components);
    if (!route.planned || !planned) return answer;
    return { anyOf: [answer, answerOf(route.planned, planned, components)] };
  };
  return {
    [status]: { description, headers, ...(status !== 204 && { content: contentOf() }) },
    ...(revalidates(route) && { 304: { $ref: '#/components/responses/NotModified' } }),
    ...errorResponses(route),
  };
}

/** A picked text is the whole answer, in any of its media types: they write the same value. */
function textOf({ acceptedBy }: Formats) {
  return { schema: { $ref: `#/components/schemas/${acceptedBy}` } };
}

/** The answer that the router builds from the picked field: a list in an envelope, `oneOf` as the set field. */
function answerOf(
  { envelope, oneOf, keepsNulls, answers, alwaysSet }: CompiledRoute,
  { field, selection }: Selected,
  components: Components,
): JsonSchema {
  const schemaOf = (it: SelectedField, name?: string) =>
    components.output(it.field.type, it.selection, { keepsNulls, name, alwaysSet });
  const inner = fieldsOf(field.type, selection);
  const nodes = inner.get('nodes');
  if (nodes && inner.has('pageInfo')) return listOf(schemaOf(nodes, answers), NEXT, envelope);
  if (oneOf) return { anyOf: [...inner.values()].map((it) => schemaOf(it)) };
  const picked = components.output(field.type, selection, { keepsNulls, name: answers, alwaysSet });
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

/** Without the last sentences, about null with an error and about GraphQL. */
function inRest(description: string | null | undefined): string {
  return description?.split(/ Null, with an error| In GraphQL, /)[0] ?? '';
}
