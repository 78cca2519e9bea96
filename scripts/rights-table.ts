import { type GraphQLSchema, isObjectType } from 'graphql';
import { rightOf } from '../schema/rights.ts';
import { scopesOf } from '../src/auth/rights.ts';

/**
 * The right of every field that declares one, as a module of TypeScript. Mutations are named by
 * themselves, other fields as `Type.field`. Roles and scopes are spelled as in GraphQL.
 */
export function rightsTable(schema: GraphQLSchema): string {
  const lines: string[] = [];
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    const isMutation = type === schema.getMutationType();
    for (const field of Object.values(type.getFields())) {
      const right = rightOf(field);
      if (right === undefined || right === 'inherited') continue;
      const name = isMutation ? field.name : `'${type.name}.${field.name}'`;
      const role = right.role === null ? null : `'${right.role.toUpperCase()}'`;
      const scopes = scopesOf(right).map((it) => `'${it.toUpperCase().replace(':', '_')}'`);
      lines.push(`  ${name}: { role: ${role}, scopes: [${scopes.join(', ')}] },`);
    }
  }
  return `// Printed from the schema by 'npm run schema'.

/** The right that each field requires: the lowest role, and one of the scopes if there are any. */
export const RIGHTS = {
${lines.join('\n')}
} as const;
`;
}
