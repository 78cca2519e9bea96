import { getIntrospectionQuery, parse } from 'graphql';
import { expect, it } from 'vitest';
import { buildSchema } from '../../schema/index.ts';
import { Introspection } from '../../src/operations/introspection.ts';

const schema = buildSchema();
const standard = () => parse(getIntrospectionQuery());
const textOf = (introspection: Introspection) => introspection.answerTo(standard())?.toString();

it('is the same when it was made in pieces', async () => {
  const warmed = new Introspection(schema);
  await warmed.warm(new AbortController().signal);
  const text = textOf(warmed);
  // A failure would print the whole schema.
  expect(text === textOf(new Introspection(schema))).toBe(true);
});

it('is made when it is asked for, where making it in pieces was stopped', async () => {
  const stopped = new Introspection(schema);
  await stopped.warm(AbortSignal.abort());
  expect(textOf(stopped) === textOf(new Introspection(schema))).toBe(true);
  expect(textOf(stopped)?.length).toBeGreaterThan(100_000);
});
