import { type GraphQLObjectType, type GraphQLSchema, getNamedType, isObjectType } from 'graphql';

/** Fields that compare the agent with the catalog, or judge it: not part of its document. */
export const VIEWS: readonly string[] = ['personalityDiff', 'readiness', 'updates'];

/**
 * The selection of a whole agent: every field of its document, once. Without fields that have
 * arguments (pages, one item by its id, previews, the export as text), without views, and
 * below the first level without objects that have a place of their own: those that the agent
 * itself lists, and those that the catalog lists.
 */
export function allFieldsOfAgent(schema: GraphQLSchema): string {
  const agent = objectType(schema, 'Agent');
  const elsewhere = new Set([
    agent.name,
    ...Object.values(agent.getFields()).map(({ type }) => getNamedType(type).name),
    ...Object.values(objectType(schema, 'Catalog').getFields()).map(
      ({ type }) => getNamedType(type).name,
    ),
  ]);
  // Small values, such as where an item was copied from, have no id: they are part of what holds them.
  const isElsewhere = (type: GraphQLObjectType) =>
    elsewhere.has(type.name) && 'id' in type.getFields();

  const selectionOf = (type: GraphQLObjectType, depth: number): string => {
    const fields = Object.values(type.getFields()).flatMap((field) => {
      const named = getNamedType(field.type);
      if (field.args.length > 0 || (depth === 0 && VIEWS.includes(field.name))) return [];
      if (!isObjectType(named)) return [field.name];
      if (depth > 0 && isElsewhere(named)) return [];
      return [`${field.name} ${selectionOf(named, depth + 1)}`];
    });
    return `{ ${fields.join(' ')} }`;
  };
  return selectionOf(agent, 0);
}

function objectType(schema: GraphQLSchema, name: string): GraphQLObjectType {
  const type = schema.getType(name);
  if (!isObjectType(type)) throw new TypeError(`the schema has no object type ${name}`);
  return type;
}
