import {
  type FieldNode,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getArgumentValues,
  getNamedType,
  isObjectType,
  type SelectionSetNode,
} from 'graphql';
import type { TokenPage } from '../src/paging/pager.ts';
import { extensionsOfField, extensionsOfType } from './extensions.ts';
import { guarded, guardedDocument } from './unread.ts';

type Info = Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments' | 'returnType'>;

/**
 * Resolves a connection with a page whose documents hold only the selected parts.
 *
 * @param read reads the page, with these top-level fields of its documents
 * @throws Error when the type of the nodes is not declared as `projected`
 */
export function selectedPage<D extends object>(
  info: Info,
  read: (parts: readonly string[]) => Promise<TokenPage<D>>,
): Promise<TokenPage<D>> {
  const nodeType = nodeTypeOf(info);
  const parts = partsOf(info, nodeType, () => nodesOf(info));
  return guarded(nodeType.name, parts, read(parts));
}

/**
 * Resolves a single document that holds only the selected parts.
 *
 * @param read reads the document, with these top-level fields
 */
export async function selectedDocument<D extends object>(
  info: Info,
  read: (parts: readonly string[]) => Promise<D | undefined>,
): Promise<D | undefined> {
  const type = projectedType(getNamedType(info.returnType));
  const parts = partsOf(info, type, () => info.fieldNodes);
  const doc = await read(parts);
  return doc && guardedDocument(type.name, parts, doc);
}

/**
 * A list would resolve a field that exposes no part and declares no `reads` without its parts.
 *
 * @throws Error naming every such field of a projected type, and what to add
 */
export function assertReadsDeclared(schema: GraphQLSchema): void {
  const undeclared = Object.values(schema.getTypeMap()).flatMap((type) => {
    if (!isObjectType(type) || !extensionsOfType(type).projected) return [];
    return Object.values(type.getFields())
      .filter((field) => !extensionsOfField(field).reads)
      .map((field) => `${type.name}.${field.name}`);
  });
  if (undeclared.length === 0) return;
  throw new Error(
    `these fields do not declare which stored parts they read: ${undeclared.join(', ')}. Add reads: ['…'] to each, or reads: [] where it reads none (schema/extensions.ts).`,
  );
}

/** The arguments of each selection of a field of the returned object. */
export function argumentsOf(
  info: Info & Pick<GraphQLResolveInfo, 'variableValues'>,
  name: string,
): Readonly<Record<string, unknown>>[] {
  const type = getNamedType(info.returnType);
  const field = isObjectType(type) ? type.getFields()[name] : undefined;
  if (!field) throw new Error(`${info.returnType} has no field ${name}`);
  return childrenOf(info, info.fieldNodes)
    .filter((node) => node.name.value === name)
    .map((node) => getArgumentValues(field, node, info.variableValues));
}

function nodeTypeOf({ returnType }: Info): GraphQLObjectType {
  const connection = getNamedType(returnType);
  const nodes = isObjectType(connection) && connection.getFields().nodes;
  if (!nodes) throw new Error(`${returnType} is not a connection`);
  return projectedType(getNamedType(nodes.type));
}

function projectedType(type: GraphQLNamedType): GraphQLObjectType {
  if (!isObjectType(type) || !extensionsOfType(type).projected) {
    throw new Error(`declare ${type} as projected`);
  }
  return type;
}

/** By field node: parsed documents are cached, so the same node occurs again. */
const known = new WeakMap<FieldNode, readonly string[]>();

/** The field nodes of `nodes` and `edges { node }`. */
function nodesOf(info: Info): readonly FieldNode[] {
  return childrenOf(info, info.fieldNodes).flatMap((field) => {
    if (field.name.value === 'nodes') return [field];
    if (field.name.value !== 'edges') return [];
    return childrenOf(info, [field]).filter(({ name }) => name.value === 'node');
  });
}

/** The parts that the selections under field nodes read. @param fields the nodes */
function partsOf(
  info: Info,
  type: GraphQLObjectType,
  fields: () => readonly FieldNode[],
): readonly string[] {
  const [node] = info.fieldNodes;
  const hit = node && info.fieldNodes.length === 1 ? known.get(node) : undefined;
  if (hit) return hit;
  const names = new Set(childrenOf(info, fields()).map(({ name }) => name.value));
  const parts = [...new Set([...names].flatMap((name) => reads(type, name)))];
  if (node && info.fieldNodes.length === 1) known.set(node, parts);
  return parts;
}

function reads(type: GraphQLObjectType, name: string): readonly string[] {
  // `__typename` is not among the fields, and reads nothing.
  const field = type.getFields()[name];
  return (field && extensionsOfField(field).reads) ?? [];
}

function childrenOf(info: Info, fields: readonly FieldNode[]): FieldNode[] {
  return fields.flatMap(({ selectionSet }) => (selectionSet ? flatten(info, selectionSet) : []));
}

function flatten(info: Info, set: SelectionSetNode): FieldNode[] {
  return set.selections.flatMap((selection) => {
    if (selection.kind === 'Field') return [selection];
    if (selection.kind === 'InlineFragment') return flatten(info, selection.selectionSet);
    const fragment = info.fragments[selection.name.value];
    return fragment ? flatten(info, fragment.selectionSet) : [];
  });
}
