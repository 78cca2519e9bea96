import {
  type FieldNode,
  type GraphQLResolveInfo,
  getNamedType,
  isObjectType,
  type SelectionSetNode,
} from 'graphql';

type Info = Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments' | 'schema'>;

/** By field node: documents are cached, so the same node comes again. */
const known = new WeakMap<FieldNode, readonly string[]>();

/**
 * The parts of a document that a connection's selection reads: the fields under
 * `nodes` and `edges { node }`, by name, or by what the field's extension
 * `reads` names where it is made of others.
 */
export function partsOfNodes(info: Info, nodeType: string): readonly string[] {
  const [node] = info.fieldNodes;
  const hit = node && info.fieldNodes.length === 1 ? known.get(node) : undefined;
  if (hit) return hit;
  const names = new Set<string>();
  for (const field of childrenOf(info, info.fieldNodes)) {
    if (field.name.value === 'nodes') collect(info, [field], names);
    if (field.name.value !== 'edges') continue;
    const inner = childrenOf(info, [field]).filter(({ name }) => name.value === 'node');
    collect(info, inner, names);
  }
  const parts = [...names].flatMap((name) => reads(info, nodeType, name));
  if (node && info.fieldNodes.length === 1) known.set(node, parts);
  return parts;
}

function collect(info: Info, fields: readonly FieldNode[], names: Set<string>): void {
  for (const field of childrenOf(info, fields)) names.add(field.name.value);
}

function reads(info: Info, nodeType: string, name: string): readonly string[] {
  const type = getNamedType(info.schema.getType(nodeType));
  const field = isObjectType(type) ? type.getFields()[name] : undefined;
  return (field?.extensions.reads as readonly string[] | undefined) ?? [name];
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
