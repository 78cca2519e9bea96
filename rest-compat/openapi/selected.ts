import {
  type FieldNode,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  getOperationAST,
  isObjectType,
  type SelectionSetNode,
} from 'graphql';
import type { CompiledRoute } from '../compile.ts';

export interface SelectedField {
  readonly field: GraphQLField<unknown, unknown>;
  readonly node: FieldNode;
  /** The fields selected below it. */
  readonly selection: SelectionSetNode | undefined;
}

/** The field that a route picks, and the other parts of its operation that describe it. */
export interface Selected extends SelectedField {
  /** The root field. The description of a mutation is that of its root field. */
  readonly root: GraphQLField<unknown, unknown>;
  /** The argument that each variable is used for. */
  readonly uses: ReadonlyMap<string, GraphQLArgument>;
  readonly isMutation: boolean;
}

/** @throws Error when the route picks no field of its operation; `compileRoute` rejects such a route */
export function selectedBy(schema: GraphQLSchema, route: CompiledRoute): Selected {
  const operation = getOperationAST(route.document);
  const root = operation && schema.getRootType(operation.operation);
  if (!operation || !root) throw new Error(`${route.path}: must be one operation`);
  const uses = new Map<string, GraphQLArgument>();
  noteUses(root, operation.selectionSet, uses);
  const fields: GraphQLField<unknown, unknown>[] = [];
  let part: SelectedField | undefined;
  for (const key of route.pickPath) {
    const around = part ? part.field.type : root;
    part = fieldsOf(around, part ? part.selection : operation.selectionSet).get(key);
    if (!part) throw new Error(`${route.path}: picks nothing`);
    fields.push(part.field);
  }
  const [first] = fields;
  if (!first || !part) throw new Error(`${route.path}: picks nothing`);
  const isMutation = operation.operation === 'mutation';
  return { ...part, root: first, uses, isMutation };
}

/** The selected fields of an object type, by their keys in the result. */
export function fieldsOf(
  type: GraphQLOutputType,
  selection: SelectionSetNode | undefined,
): Map<string, SelectedField> {
  const parent = getNamedType(type);
  const selected = new Map<string, SelectedField>();
  for (const node of selection?.selections ?? []) {
    if (node.kind !== 'Field' || !isObjectType(parent)) continue;
    const field = parent.getFields()[node.name.value];
    const key = node.alias?.value ?? node.name.value;
    if (field) selected.set(key, { field, node, selection: node.selectionSet });
  }
  return selected;
}

function noteUses(
  type: GraphQLOutputType,
  selection: SelectionSetNode | undefined,
  uses: Map<string, GraphQLArgument>,
): void {
  for (const { field, node, selection: inner } of fieldsOf(type, selection).values()) {
    for (const { name, value } of node.arguments ?? []) {
      const argument = field.args.find((it) => it.name === name.value);
      if (argument && value.kind === 'Variable') uses.set(value.name.value, argument);
    }
    noteUses(field.type, inner, uses);
  }
}
