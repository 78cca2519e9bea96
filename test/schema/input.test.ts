import { GraphQLBoolean, GraphQLFloat, GraphQLID, GraphQLInt, GraphQLString } from 'graphql';
import { expect, it } from 'vitest';
import { InputReader } from '../../schema/input.ts';

it.each([
  [GraphQLBoolean, 'yes', 'must be true or false'],
  [GraphQLFloat, 'first', 'must be a number'],
  [GraphQLInt, 1.5, 'must be an integer of 32 bits'],
  [GraphQLInt, 2 ** 31, 'must be an integer of 32 bits'],
  [GraphQLInt, '1', 'must be an integer of 32 bits'],
  [GraphQLString, 1, 'must be a string'],
  [GraphQLID, 1, 'must be a string'],
])('a value of %s names no type of GraphQL when it is %j: %s', (type, value, message) => {
  const reader = new InputReader('values');
  reader.read(value, type, ['list', 0]);
  expect(reader.problems).toEqual([{ path: 'list[0]', message }]);
});
