import {
  type DocumentNode,
  type ExecutionArgs,
  GraphQLError,
  type GraphQLSchema,
  getNullableType,
  isListType,
} from 'graphql';
import {
  type ComplexityEstimator,
  fieldExtensionsEstimator,
  getComplexity,
  simpleEstimator,
} from 'graphql-query-complexity';
import { pageLimitsOf } from '../../schema/args.ts';
import { extensionsOfField } from '../../schema/extensions.ts';
import { DomainError } from '../domain/errors.ts';
import { introspectionSizes } from './introspection-sizes.ts';

/** Of a list that is no page; `FieldBudget` counts how long it really is. */
const LIST_LENGTH = 10;
/** Selections that are rated, with fragments written out wherever they are spread. */
const MAX_NODES = 5_000;

/** A connection costs what its selection costs for every item of the page. */
const pageEstimator: ComplexityEstimator = ({ field, args, childComplexity }) => {
  const limits = pageLimitsOf(field.args.find(({ name }) => name === 'first'));
  if (!limits) return undefined;
  return 1 + Math.max(1, Number(args.first ?? limits.default)) * childComplexity;
};

/** So does a list. The field's extension `listLength` says how long it may be, where that is unusual. */
const listEstimator: ComplexityEstimator = ({ field, childComplexity }) => {
  if (!isListType(getNullableType(field.type))) return undefined;
  return 1 + (extensionsOfField(field).listLength ?? LIST_LENGTH) * childComplexity;
};

/** Lists of introspection count at their true length in this schema. */
function introspectionEstimator(sizes: ReadonlyMap<string, number>): ComplexityEstimator {
  return ({ type, field, childComplexity }) => {
    const length = sizes.get(`${type.name}.${field.name}`);
    return length === undefined ? undefined : 1 + length * childComplexity;
  };
}

const bySchema = new WeakMap<GraphQLSchema, ComplexityEstimator[]>();

function estimatorsOf(schema: GraphQLSchema): ComplexityEstimator[] {
  const made = bySchema.get(schema) ?? [
    introspectionEstimator(introspectionSizes(schema)),
    ...estimators,
  ];
  bySchema.set(schema, made);
  return made;
}

const estimators = [
  pageEstimator,
  listEstimator,
  fieldExtensionsEstimator(),
  simpleEstimator({ defaultComplexity: 1 }),
];

export type Asked = Pick<ExecutionArgs, 'document' | 'operationName' | 'variableValues'>;

/** The refusal of a request that may answer more than `max` fields. */
export function tooCostly(
  schema: GraphQLSchema,
  asked: Asked,
  max: number,
): DomainError | undefined {
  const cost = estimatedFields(schema, asked);
  if (cost <= max) return undefined;
  const shown = cost === Number.POSITIVE_INFINITY ? 'far more' : cost;
  return new DomainError(
    'request.too_complex',
    `a query may ask for at most ${max} fields, this one asks for ${shown}; ask for shorter pages, or for fewer lists within lists`,
  );
}

/** Documents are cached, so the same ones come again; a cost follows from lengths and conditions alone. */
const known = new WeakMap<DocumentNode, Map<string, number>>();
const KNOWN_OF_ONE = 50;

/** Fields that a request may ask for; Infinity where there are too many to be counted. */
export function estimatedFields(schema: GraphQLSchema, asked: Asked): number {
  const costs = known.get(asked.document) ?? new Map<string, number>();
  known.set(asked.document, costs);
  const operation = asked.document.definitions.findIndex(
    (it) => it.kind === 'OperationDefinition' && it.name?.value === asked.operationName,
  );
  const key = JSON.stringify([operation, lengthsAndConditions(asked)]);
  const before = costs.get(key);
  if (before !== undefined) return before;
  const cost = costOf(schema, asked);
  if (costs.size >= KNOWN_OF_ONE) costs.clear();
  costs.set(key, cost);
  return cost;
}

/** Of the variables that the document declares, so that what is kept is as bounded as it is. */
function lengthsAndConditions({ document, variableValues }: Asked): unknown[] {
  return document.definitions.flatMap((definition) => {
    if (definition.kind !== 'OperationDefinition') return [];
    return (definition.variableDefinitions ?? []).flatMap(({ variable }) => {
      const value = variableValues?.[variable.name.value];
      const counts = typeof value === 'number' || typeof value === 'boolean';
      return counts ? [[variable.name.value, value]] : [];
    });
  });
}

function costOf(schema: GraphQLSchema, { document, operationName, variableValues }: Asked): number {
  try {
    return getComplexity({
      schema,
      query: document,
      variables: variableValues ?? {},
      estimators: estimatorsOf(schema),
      maxQueryNodes: MAX_NODES,
      ...(operationName && { operationName }),
    });
  } catch (error) {
    // With fragments in fragments there are more nodes than it examines.
    if (!(error instanceof GraphQLError)) throw error;
    return Number.POSITIVE_INFINITY;
  }
}
