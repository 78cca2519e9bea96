import {
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
} from 'graphql';

/**
 * How long the lists of the introspection types are, by `Type.field`: those of the schema
 * exactly, those of a type or a field as the mean over what a query meets. Large types are met
 * more often, as the types of fields, so the mean weighs each type by its size.
 */
export function introspectionSizes(schema: GraphQLSchema): ReadonlyMap<string, number> {
  const types = Object.values(schema.getTypeMap());
  const fields = types.flatMap((type) =>
    isObjectType(type) || isInterfaceType(type) ? [Object.values(type.getFields())] : [],
  );
  const inputs = types.flatMap((type) =>
    isInputObjectType(type) ? [Object.values(type.getFields())] : [],
  );
  const values = types.flatMap((type) => (isEnumType(type) ? [type.getValues()] : []));
  const args = fields.flat().map((field) => field.args);
  const directives = schema.getDirectives();
  return new Map([
    ['__Schema.types', types.length],
    ['__Schema.directives', directives.length],
    ['__Type.fields', weightedMean(fields)],
    ['__Type.inputFields', weightedMean(inputs)],
    ['__Type.enumValues', weightedMean(values)],
    ['__Type.interfaces', 1],
    ['__Type.possibleTypes', 1],
    ['__Field.args', weightedMean(args)],
    ['__Directive.args', weightedMean(directives.map((directive) => directive.args))],
    ['__Directive.locations', weightedMean(directives.map(({ locations }) => locations))],
  ]);
}

/** The mean length, each list weighed by its length; at least 1. */
function weightedMean(lists: readonly (readonly unknown[])[]): number {
  const total = lists.reduce((sum, { length }) => sum + length, 0);
  const squares = lists.reduce((sum, { length }) => sum + length * length, 0);
  return Math.max(1, Math.ceil(squares / Math.max(1, total)));
}
