import {
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isObjectType,
} from 'graphql';
import { refusal } from '../src/auth/principal.ts';
import type { Right, Role, Scope } from '../src/auth/rights.ts';
import type { Context } from './context.ts';
import { type DeclaredRight, extensionsOfField, extensionsOfType } from './extensions.ts';

/**
 * Declares the right that a field requires. It is declared once: scope-auth enforces it, and the
 * REST router and the OpenAPI document read it from the schema.
 *
 * Such a field is nullable: one that is denied, or fails, costs nothing but itself.
 *
 * @param orgOf the org that owns the field's data
 * @param further a second right that these arguments require; the declared right is the first one
 */
export function may<Parent, Args>(
  role: Role | null,
  scope: Right['scope'],
  orgOf: (parent: Parent, args: Args) => string | undefined,
  further: (args: Args) => Right | undefined = () => undefined,
) {
  const right: Right = { role, scope };
  const refusalOf = (parent: Parent, args: Args, { principal }: Context) => {
    const org = orgOf(parent, args);
    const second = further(args);
    return refusal(principal, org, right) ?? (second && refusal(principal, org, second));
  };
  return {
    nullable: true as const,
    right: right satisfies DeclaredRight,
    authScopes: (parent: Parent, args: Args, context: Context) =>
      refusalOf(parent, args, context) === undefined,
    unauthorizedError: (parent: Parent, args: Args, context: Context) =>
      refusalOf(parent, args, context) ?? new Error('refused without a reason'),
  };
}

/** `may` for a root field with the argument `org`. */
export function mayInOrg(role: Role, scope: Scope | null) {
  return may<object, { org: string }>(role, scope, (_, args) => args.org);
}

/** `may` for a field of an org. */
export function mayOnOrg(role: Role, scope: Right['scope']) {
  return may<{ id: string }, object>(role, scope, ({ id }) => id);
}

/** `may` for a field of an agent, or of another document of an org. */
export function mayOnDocument(role: Role, scope: Scope) {
  return may<{ org: string }, object>(role, scope, ({ org }) => org);
}

/** `may` for a field of a document that has an owner (`ownerKey`). */
export function mayOnOwned(role: Role, scope: Scope) {
  return may<{ owner: string }, object>(role, scope, ({ owner }) =>
    owner.slice(0, owner.indexOf('/')),
  );
}

/** Declares that the right to read the parent includes the field's entity. */
export const inherited = { right: 'inherited' } as const;

/** Marks an object type as an entity: every edge to it must declare a right. */
export const entity = { entity: true } as const;

/** The right that a field declares. */
export function rightOf(field: GraphQLField<unknown, unknown>): DeclaredRight | undefined {
  return extensionsOfField(field).right;
}

/**
 * The root fields and the edges to an entity that declare no right, as `Type.field`. A root
 * field cannot inherit.
 */
export function undeclaredEdges(schema: GraphQLSchema): string[] {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  const undeclared: string[] = [];
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    const isRoot = roots.includes(type);
    for (const field of Object.values(type.getFields())) {
      const right = rightOf(field);
      const refused = isRoot
        ? right === undefined || right === 'inherited'
        : right === undefined && leadsToEntity(field);
      if (refused) undeclared.push(`${type.name}.${field.name}`);
    }
  }
  return undeclared;
}

function leadsToEntity(field: GraphQLField<unknown, unknown>): boolean {
  const target = getNamedType(field.type);
  return isObjectType(target) && holdsEntity(target, new Set());
}

/** Whether the type is an entity, or a wrapper (connection, edge, payload) with an inherited edge to one. */
function holdsEntity(type: GraphQLObjectType, seen: Set<GraphQLObjectType>): boolean {
  if (extensionsOfType(type).entity) return true;
  if (seen.has(type)) return false;
  seen.add(type);
  return Object.values(type.getFields()).some((field) => {
    const target = getNamedType(field.type);
    return rightOf(field) === 'inherited' && isObjectType(target) && holdsEntity(target, seen);
  });
}
