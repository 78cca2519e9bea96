import type { GraphQLArgument } from 'graphql';
import { isNonNullType } from 'graphql';
import { pageLimitsOf } from '../../schema/args.ts';
import { rulesOf } from '../../schema/extensions.ts';
import { MAX_CHANGE_MESSAGE } from '../../src/http/exchange.ts';
import { IDEMPOTENCY_KEY, MAX_IDEMPOTENCY_KEY } from '../../src/http/once.ts';
import { type CompiledRoute, revalidates } from '../compile.ts';
import { MODE, type PAGING, PLAN_MODE, WITH_PROMPT } from '../route.ts';
import type { Components, JsonSchema } from './json-schema.ts';
import type { OpenApi } from './operation.ts';
import type { Selected } from './selected.ts';

/** Path parameters of the demo data. Other ids are minted, so no example of them would exist. */
const DEMO: Readonly<Record<string, string | number>> = {
  org: 'acme',
  agent: 'acme-demo',
  objectiveId: 'qualify-leads',
  skillId: 'call-booking',
  playbookId: 'sales-discovery',
  templateId: 'call-follow-up',
  toolId: '@anychat/tool.google-calendar',
  version: 1,
};

/** The parameters of a route: of its path, of its query, and headers. */
export function parametersOf(
  route: CompiledRoute,
  selected: Selected,
  components: Components,
  planned?: Selected,
): OpenApi[] {
  const { path, examples } = route;
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => {
    const example = examples?.[name] ?? DEMO[name];
    const use = selected.uses.get(name);
    return {
      name,
      in: 'path',
      required: true,
      description: use?.description ?? '',
      schema: { ...schemaOfVariable(route, name, components), ...limitsOf(use) },
      ...(example !== undefined && { example }),
    };
  });
  return [
    ...inPath,
    ...queryOf(route, selected, components),
    ...(route.planned && planned ? ofPlan(route, route.planned, planned, components) : []),
    ...headersOf(route),
  ];
}

function schemaOfVariable(
  { path, variables, bounds }: CompiledRoute,
  variable: string,
  components: Components,
): JsonSchema {
  const type = variables.get(variable);
  if (!type) throw new Error(`${path}: the operation has no variable ${variable}`);
  return components.input(type, bounds.of(variable));
}

function queryOf(
  route: CompiledRoute,
  { uses }: Selected,
  components: Components,
): (OpenApi & { readonly name: string })[] {
  return Object.entries(route.query ?? {}).map(([name, variable]) => {
    const use = uses.get(variable);
    return {
      name,
      in: 'query',
      ...(isNonNullType(route.variables.get(variable)) && { required: true }),
      description: name === PAGE_TOKEN ? PAGE_TOKEN_IN_REST : (use?.description ?? ''),
      schema: { ...schemaOfVariable(route, variable, components), ...limitsOf(use) },
    };
  });
}

/** The query parameters that a change has only while it is planned. */
function ofPlan(
  { query = {} }: CompiledRoute,
  planned: CompiledRoute,
  selected: Selected,
  components: Components,
): OpenApi[] {
  const parameters = queryOf(planned, selected, components).filter(
    ({ name }) => !Object.hasOwn(query, name),
  );
  return [
    MODE_PARAMETER,
    ...parameters.map((it) => ({
      ...it,
      description:
        it.name === WITH_PROMPT
          ? `With \`${MODE}=${PLAN_MODE}\`: adds the prompt that the model would see after the change.`
          : `Of the prompt that \`${WITH_PROMPT}\` adds to a plan. ${it.description}`,
    })),
  ];
}

const MODE_PARAMETER: OpenApi = {
  name: MODE,
  in: 'query',
  description:
    'With `plan`, the answer shows what the change would make of the agent, and nothing is written. The `plan` of the answer carries the change out exactly as it is shown.',
  schema: { type: 'string', enum: [PLAN_MODE] },
};

const PAGE_TOKEN: keyof typeof PAGING = 'pageToken';
const PAGE_TOKEN_IN_REST = 'The `nextPageToken` of the previous page.';

/** The limits of the length of a page, or of another number. */
function limitsOf(argument: GraphQLArgument | undefined): JsonSchema {
  const limits = pageLimitsOf(argument);
  if (limits) return { minimum: 1, maximum: limits.max, default: limits.default };
  const { minimum, maximum } = argument ? rulesOf(argument) : {};
  return { ...(minimum !== undefined && { minimum }), ...(maximum !== undefined && { maximum }) };
}

/** Headers that many routes accept, by the name of their component. */
export const HEADER_PARAMETERS = {
  IfMatch: {
    name: 'If-Match',
    in: 'header',
    description:
      'The `ETag` of the version to change. Rejects the change with 412 if the resource is at another version.',
    schema: { type: 'string' },
    example: '*',
  },
  IfNoneMatch: {
    name: 'If-None-Match',
    in: 'header',
    description: 'The `ETag` of a version. Answers 304 if the resource is still at it.',
    schema: { type: 'string' },
    example: '"4"',
  },
  ChangeMessage: {
    name: 'X-Change-Message',
    in: 'header',
    description: 'Why the change is made, for the history and the audit log.',
    schema: { type: 'string', maxLength: MAX_CHANGE_MESSAGE },
    example: 'New brand colour',
  },
  IdempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    description:
      'A key that the caller chooses for this request. For 24 hours the same request under it gets the first answer again, and is not executed again.',
    schema: {
      type: 'string',
      minLength: 1,
      maxLength: MAX_IDEMPOTENCY_KEY,
      pattern: IDEMPOTENCY_KEY,
    },
  },
} as const satisfies Readonly<Record<string, OpenApi>>;

function headersOf(route: CompiledRoute): OpenApi[] {
  const names: (keyof typeof HEADER_PARAMETERS)[] = [
    ...(route.variables.has('expectedVersion') ? (['IfMatch'] as const) : []),
    ...(revalidates(route) ? (['IfNoneMatch'] as const) : []),
    ...(route.method !== 'GET' ? (['ChangeMessage', 'IdempotencyKey'] as const) : []),
  ];
  return names.map((name) => ({ $ref: `#/components/parameters/${name}` }));
}
