import {
  type DocumentNode,
  type GraphQLEnumType,
  type GraphQLField,
  GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  getOperationAST,
  isEnumType,
  isObjectType,
  type OperationDefinitionNode,
  parse,
  type SelectionSetNode,
  typeFromAST,
} from 'graphql';
import { VariableBounds } from '../schema/bounds.ts';
import { extensionsOfField } from '../schema/extensions.ts';
import { definitionType } from '../schema/input.ts';
import { rightOf } from '../schema/rights.ts';
import { type Right, scopesOf } from '../src/auth/rights.ts';
import type { ErrorCode } from '../src/domain/errors.ts';
import type { Route } from './route.ts';

/** How a part of a result becomes a part of an answer; built from the selection. */
export interface Shape {
  /** By response key; those of the router itself (`_…`) are not here. */
  readonly fields: ReadonlyMap<string, Shape | GraphQLEnumType | 'leaf'>;
}

/** Of an answer that is a text. */
const TEXT: Shape = { fields: new Map() };

/** A row with everything that can be known at start. */
export interface CompiledRoute extends Omit<Route, 'plan'> {
  readonly document: DocumentNode;
  /** By name; `input` is the body. */
  readonly variables: ReadonlyMap<string, GraphQLInputType>;
  /** The type of the body; undefined if there is none. */
  readonly body: GraphQLInputType | undefined;
  readonly bounds: VariableBounds;
  /** Every right that the operation's fields declare, in the order in which they are reached. */
  readonly rights: readonly Right[];
  /** Every code that the operation's fields declare. */
  readonly fails: readonly ErrorCode[];
  readonly shape: Shape;
  readonly pickPath: readonly string[];
  /** Where `_version` is in the result. */
  readonly versionPath: readonly string[] | undefined;
  /** The route of `?mode=plan`. */
  readonly planned: CompiledRoute | undefined;
}

/** Whether a read of the route can be answered with a 304: its answer depends on the agent's version alone. */
export function revalidates({ method, versionPath, live }: CompiledRoute): boolean {
  return method === 'GET' && versionPath !== undefined && !live;
}

/**
 * Does not validate the operation, which would be most of the work: a test does.
 *
 * @throws Error, naming the row, when its operation does not fit the schema
 */
export function compileRoute(schema: GraphQLSchema, { plan, ...route }: Route): CompiledRoute {
  const name = `${route.method} ${route.path}`;
  const document = parse(route.operation);
  const operation = getOperationAST(document);
  const root = operation && schema.getRootType(operation.operation);
  if (!operation || !root) throw new Error(`${name}: must be one operation`);
  const reading = new SelectionReader();
  const shape = reading.read(root, operation.selectionSet, []);
  const pickPath = route.pick.split('.');
  const variables = variablesOf(schema, operation);
  if (route.bodyArguments) variables.set('input', inputOf(root, operation, route.bodyArguments));
  const body = route.takesDefinition
    ? definitionType(schema, route.takesDefinition)
    : variables.get('input');
  if ((body === undefined) !== (route.example === undefined)) {
    throw new Error(`${name}: an operation with a body, and no other, has an example of it`);
  }
  return {
    ...route,
    document,
    variables,
    body,
    bounds: new VariableBounds(schema, document),
    rights: withoutChoices(reading.rights),
    fails: [...reading.fails],
    shape: route.formats ? TEXT : shapeAt(shape, pickPath, name),
    pickPath,
    versionPath: reading.versionPath,
    planned: plan && plannedRoute(schema, route, plan),
  };
}

/** Its body is read as that of the change; the query is what runs. */
function plannedRoute(
  schema: GraphQLSchema,
  { method, path, summary, query = {} }: Route,
  plan: NonNullable<Route['plan']>,
): CompiledRoute {
  const { plan: _, ...options } = query;
  return compileRoute(schema, {
    method,
    path,
    summary,
    ...plan,
    query: { ...options, ...plan.query },
  });
}

/** Removes a choice between scopes one of which is required anyway, so that a refusal names that one. */
function withoutChoices(rights: readonly Right[]): readonly Right[] {
  const required = new Set(rights.map(({ scope }) => scope));
  return rights.map((right) => {
    const scopes = scopesOf(right);
    const isChoice = scopes.length > 1 && scopes.some((scope) => required.has(scope));
    return isChoice ? { ...right, scope: null } : right;
  });
}

class SelectionReader {
  readonly rights: Right[] = [];
  readonly fails = new Set<ErrorCode>();
  versionPath: readonly string[] | undefined;
  read(type: GraphQLObjectType, set: SelectionSetNode, path: readonly string[]): Shape {
    const fields = new Map<string, Shape | GraphQLEnumType | 'leaf'>();
    for (const selection of set.selections) {
      if (selection.kind !== 'Field') throw new Error('routes select fields, not fragments');
      const key = selection.alias?.value ?? selection.name.value;
      const field = type.getFields()[selection.name.value];
      if (!field) throw new Error(`${type.name} has no field ${selection.name.value}`);
      this.#note(field);
      if (key === '_version') this.versionPath = [...path, key];
      const target = getNamedType(field.type);
      const part =
        selection.selectionSet && isObjectType(target)
          ? this.read(target, selection.selectionSet, [...path, key])
          : isEnumType(target)
            ? target
            : 'leaf';
      if (!key.startsWith('_')) fields.set(key, part);
    }
    return { fields };
  }

  #note(field: GraphQLField<unknown, unknown>): void {
    for (const code of extensionsOfField(field).fails ?? []) this.fails.add(code);
    const right = rightOf(field);
    if (right && right !== 'inherited') this.rights.push(right);
  }
}

function variablesOf(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
): Map<string, GraphQLInputType> {
  return new Map(
    (operation.variableDefinitions ?? []).map((definition) => [
      definition.variable.name.value,
      typeFromAST(schema, definition.type) as GraphQLInputType,
    ]),
  );
}

/** The body as an input type: each field is the argument of the mutation that has its name. */
function inputOf(
  root: GraphQLObjectType,
  { selectionSet }: OperationDefinitionNode,
  body: readonly string[],
): GraphQLInputType {
  const [selected] = selectionSet.selections;
  const name = selected?.kind === 'Field' ? selected.name.value : '';
  const args = root.getFields()[name]?.args.filter((it) => body.includes(it.name)) ?? [];
  return new GraphQLInputObjectType({
    name: `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`,
    description: 'The options.',
    fields: Object.fromEntries(
      args.map(({ name, type, description, extensions }) => [
        name,
        { type, description, extensions },
      ]),
    ),
  });
}

function shapeAt(shape: Shape, path: readonly string[], name: string): Shape {
  let at: Shape = shape;
  for (const key of path) {
    const next = at.fields.get(key);
    if (!next || next === 'leaf' || !('fields' in next)) {
      throw new Error(`${name}: '${path.join('.')}' picks no object of the operation`);
    }
    at = next;
  }
  return at;
}
