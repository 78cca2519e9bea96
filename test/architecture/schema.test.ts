import { readdirSync, readFileSync } from 'node:fs';
import {
  buildASTSchema,
  type GraphQLArgument,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLString,
  isEnumType,
  isInputObjectType,
  isNonNullType,
  isObjectType,
  lexicographicSortSchema,
  parse,
  printSchema,
  specifiedScalarTypes,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { buildSchema } from '../../schema/index.ts';
import { rightOf, undeclaredEdges } from '../../schema/rights.ts';
import { assertReadsDeclared } from '../../schema/selection.ts';
import { unsafeForJit } from '../../src/operations/executor.ts';

const schema = buildSchema();
const SPECIFIED = new Set(specifiedScalarTypes.map(({ name }) => name));

describe('the schema', () => {
  it('is the committed one', () => {
    const committed = readFileSync('schema/schema.graphql', 'utf8');
    expect(`${printSchema(lexicographicSortSchema(schema))}\n`).toBe(committed);
  });

  it('declares a right on every edge to an entity', () => {
    expect(undeclaredEdges(schema)).toEqual([]);
  });

  it('has no field with a right of its own, and no root field, that costs others when it fails', () => {
    const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
    const costly = Object.values(schema.getTypeMap()).flatMap((type) => {
      if (!isObjectType(type) || type.name.startsWith('__')) return [];
      return Object.values(type.getFields())
        .filter((field) => {
          const right = rightOf(field);
          return roots.includes(type) || (right !== undefined && right !== 'inherited');
        })
        .filter((field) => isNonNullType(field.type))
        .map((field) => `${type.name}.${field.name}`);
    });
    expect(costly).toEqual([]);
  });

  it.each(readdirSync('schema').filter((file) => file.endsWith('.ts')))(
    '%s sets and reads extensions through extensions.ts',
    (file) => {
      // An error has extensions too, which are part of an answer.
      if (file === 'extensions.ts' || file === 'errors.ts') return;
      expect(readFileSync(`schema/${file}`, 'utf8')).not.toMatch(/\bextensions\b(?!\.ts)/);
    },
  );

  it('has nothing that graphql-jit gets wrong', () => {
    expect(unsafeForJit(schema)).toEqual([]);
  });

  it('describes every type, field, argument and enum value', () => {
    const types = Object.values(schema.getTypeMap()).filter(
      ({ name }) => !name.startsWith('__') && !SPECIFIED.has(name),
    );
    const fields = types.flatMap((type) =>
      isObjectType(type) || isInputObjectType(type)
        ? Object.values(type.getFields()).map((field) => ({ type, field }))
        : [],
    );
    const args = fields.flatMap(({ type, field }) =>
      'args' in field ? field.args.map((arg: GraphQLArgument) => ({ type, field, arg })) : [],
    );
    const values = types.flatMap((type) =>
      isEnumType(type) ? type.getValues().map((value) => ({ type, value })) : [],
    );
    expect([
      ...values
        .filter(({ value }) => !value.description)
        .map(({ type, value }) => `${type.name}.${value.name}`),
      ...types.filter(({ description }) => !description).map(({ name }) => name),
      ...fields
        .filter(({ field }) => !field.description)
        .map(({ type, field }) => `${type.name}.${field.name}`),
      ...args
        .filter(({ arg }) => !arg.description)
        .map(({ type, field, arg }) => `${type.name}.${field.name}(${arg.name})`),
    ]).toEqual([]);
  });

  it('spells enum values as GraphQL does', () => {
    for (const type of Object.values(schema.getTypeMap())) {
      if (!isEnumType(type) || type.name.startsWith('__')) continue;
      for (const { name } of type.getValues()) expect(name).toMatch(/^[A-Z][A-Z0-9_]*$/);
    }
  });
});

describe('what guards the start', () => {
  const entity = new GraphQLObjectType({
    name: 'Secret',
    extensions: { entity: true },
    fields: { id: { type: GraphQLString } },
  });
  const right = { role: 'viewer', scope: null };
  const page = new GraphQLObjectType({
    name: 'SecretConnection',
    fields: { nodes: { type: entity, extensions: { right: 'inherited' } } },
  });

  it.each([
    ['an undeclared edge', { a: { type: entity } }, ['Query.a']],
    ['an inherited root', { a: { type: entity, extensions: { right: 'inherited' } } }, ['Query.a']],
    ['an undeclared leaf of a root', { a: { type: GraphQLString } }, ['Query.a']],
    ['a declared edge', { a: { type: entity, extensions: { right } } }, []],
  ])('sees %s', (_, fields, undeclared) => {
    const query = new GraphQLObjectType({ name: 'Query', fields });
    expect(undeclaredEdges(new GraphQLSchema({ query }))).toEqual(undeclared);
  });

  it('sees an entity through a connection', () => {
    const holder = new GraphQLObjectType({ name: 'Holder', fields: { page: { type: page } } });
    const query = new GraphQLObjectType({
      name: 'Query',
      fields: { holder: { type: holder, extensions: { right } } },
    });
    expect(undeclaredEdges(new GraphQLSchema({ query }))).toEqual(['Holder.page']);
  });

  it('sees a field of a projected type that does not declare what it reads', () => {
    const projected = { projected: true };
    const built = (fields: Record<string, Readonly<Record<string, unknown>>>) => {
      const typed = Object.entries(fields).map(
        ([name, extensions]) => [name, { type: GraphQLString, extensions }] as const,
      );
      const agent = new GraphQLObjectType({
        name: 'Agent',
        extensions: projected,
        fields: Object.fromEntries(typed),
      });
      return new GraphQLSchema({ query: agent });
    };
    const check = (fields: Record<string, Readonly<Record<string, unknown>>>) => () =>
      assertReadsDeclared(built(fields));
    expect(check({ name: { reads: ['name'] }, nothing: { reads: [] } })).not.toThrow();
    expect(check({ a: {}, name: { reads: ['name'] }, b: {} })).toThrow(
      "these fields do not declare which stored parts they read: Agent.a, Agent.b. Add reads: ['…'] to each",
    );
  });

  it('sees what graphql-jit gets wrong', () => {
    const typed = new GraphQLObjectType({
      name: 'Query',
      isTypeOf: async () => false,
      fields: { a: { type: GraphQLString } },
    });
    expect(unsafeForJit(new GraphQLSchema({ query: typed }))).toEqual(['Query.isTypeOf']);
    const abstract = buildASTSchema(parse('type Query { n: N } interface N { id: ID }'));
    expect(unsafeForJit(abstract)).toEqual(['N (an abstract type)']);
  });
});
