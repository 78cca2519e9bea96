import {
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLString,
  graphql,
} from 'graphql';
import { beforeAll, expect, it } from 'vitest';
import { selectedPage } from '../../schema/selection.ts';
import { throwOnUnreadParts } from '../../schema/unread.ts';

interface Thing {
  readonly title?: string;
  readonly note?: string;
}

beforeAll(throwOnUnreadParts);

/** A list of one thing, whose field `name` resolves from the part `title`. */
function schemaOf(stored: Thing, reads: readonly string[]): GraphQLSchema {
  const thing = new GraphQLObjectType<Thing>({
    name: 'Thing',
    extensions: { projected: true },
    fields: {
      name: { type: GraphQLString, extensions: { reads }, resolve: ({ title }) => title },
      note: { type: GraphQLString, extensions: { reads: ['note'] } },
    },
  });
  const things = new GraphQLObjectType({
    name: 'ThingConnection',
    fields: {
      nodes: {
        type: new GraphQLList(thing),
        resolve: ({ docs }) => docs,
      },
    },
  });
  return new GraphQLSchema({
    query: new GraphQLObjectType({
      name: 'Query',
      fields: {
        things: {
          type: new GraphQLNonNull(things),
          resolve: (_, __, ___, info) =>
            selectedPage(info, async (parts) => {
              const read = Object.entries(stored).filter(([part]) => parts.includes(part));
              return {
                docs: [Object.fromEntries(read)],
                more: false,
                tokenOf: () => '',
                endToken: () => undefined,
              };
            }),
        },
      },
    }),
  });
}

const ask = (schema: GraphQLSchema, fields: string) =>
  graphql({ schema, source: `{ things { nodes { ${fields} } } }` });

it('reads the parts that the selected fields declare', async () => {
  const { data } = await ask(
    schemaOf({ title: 'T', note: 'N' }, ['title']),
    '__typename name note',
  );
  expect(data).toEqual({ things: { nodes: [{ __typename: 'Thing', name: 'T', note: 'N' }] } });
});

it('resolves an unset part that was read to nothing', async () => {
  const { data, errors } = await ask(schemaOf({ note: 'N' }, ['title']), 'name');
  expect(errors).toBeUndefined();
  expect(data).toEqual({ things: { nodes: [{ name: null }] } });
});

it('throws in tests when a field uses a part that was not read', async () => {
  const { data, errors } = await ask(schemaOf({ title: 'T', note: 'N' }, ['note']), 'name note');
  expect(data).toEqual({ things: { nodes: [{ name: null, note: 'N' }] } });
  expect(errors?.map(({ message }) => message)).toEqual([
    "a field of Thing uses 'title', which the list did not read: add it to its reads",
  ]);
});
