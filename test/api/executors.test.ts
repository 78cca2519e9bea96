import {
  execute,
  type GraphQLInputType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql';
import { compileQuery, isCompiledQuery } from 'graphql-jit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CompiledRoute, compileRoute } from '../../rest-compat/compile.ts';
import { routes } from '../../rest-compat/routes/index.ts';
import { buildSchema } from '../../schema/index.ts';
import type { Principal } from '../../src/auth/principal.ts';
import { effectiveScopes, type Role, SCOPES } from '../../src/auth/rights.ts';
import { createContext } from '../../src/operations/context.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';
import { WORK } from '../kit/work.ts';

/**
 * Runs every route's operation with graphql-jit and with graphql-js: both must give
 * the same data and the same errors at the same paths, denials included.
 */
let server: TestServer;
const schema: GraphQLSchema = buildSchema();

beforeAll(async () => {
  server = await startTestServer();
  await server.owner.createAgent({
    id: 'sample',
    name: 'Sample',
    identity: { brandColor: '#123456' },
  });
});
afterAll(() => server.stop());

const member = (role: Role, scopes: readonly (typeof SCOPES)[number][]): Principal => ({
  kind: 'apiKey',
  stamp: 'test',
  id: 'key_test',
  memberships: new Map([['acme', { role, scopes: effectiveScopes(scopes) }]]),
});

const principals: Readonly<Record<string, Principal | null>> = {
  owner: member('owner', SCOPES),
  'a viewer': member('viewer', SCOPES),
  'an owner without scopes': member('owner', []),
  nobody: null,
};

/** The smallest value that an input type accepts. */
function sample(type: GraphQLInputType): unknown {
  if (isNonNullType(type)) return sample(type.ofType);
  if (isListType(type)) return [];
  if (isEnumType(type)) return type.getValues()[0]?.name;
  if (!isInputObjectType(type)) {
    const samples: Record<string, unknown> = {
      TimeZone: 'Europe/Berlin',
      Int: 1,
      Float: 1,
      Boolean: true,
      DateTime: '2026-01-01T00:00:00.000Z',
      EmailAddress: 'ada@acme.com',
      HttpUrl: 'https://acme.com',
      JSONObject: {},
      JSON: {},
    };
    return samples[type.name] ?? 'sample';
  }
  return Object.fromEntries(
    Object.entries(type.getFields())
      .filter(([, field]) => isNonNullType(field.type))
      .map(([name, field]) => [name, sample(field.type)]),
  );
}

function variablesOf(route: CompiledRoute): Record<string, unknown> {
  const given: Record<string, unknown> = { org: 'acme', agent: 'sample', expectedVersion: -1 };
  return Object.fromEntries(
    [...route.variables].map(([name, type]) => [
      name,
      name in given ? given[name] : isNonNullType(type) ? sample(type) : undefined,
    ]),
  );
}

interface Outcome {
  readonly data: unknown;
  readonly errors: unknown;
}

function outcome(result: {
  data?: unknown;
  errors?: readonly { message: string; path?: unknown }[];
}): Outcome {
  return {
    data: JSON.parse(JSON.stringify(result.data ?? null)),
    errors: result.errors?.map(({ message, path }) => ({ message, path })) ?? [],
  };
}

const reads = (route: CompiledRoute) => route.operation.trimStart().startsWith('query');

describe.each(Object.keys(principals))('as %s', (who) => {
  const principal = principals[who] ?? null;
  const compiled = routes.map((route) => compileRoute(schema, route));
  // A write would change what the second executor reads: writes run only where they are refused.
  const comparable = compiled.filter(
    (route) => reads(route) || who !== 'owner' || route.variables.has('expectedVersion'),
  );

  it.each(comparable.map((route) => [`${route.method} ${route.path}`, route] as const))(
    'gets the same answer from both executors to %s',
    async (_, route) => {
      const query = compileQuery(schema, route.document);
      if (!isCompiledQuery(query)) throw new Error('graphql-jit does not compile it');
      const variables = variablesOf(route);
      const asked = { principal, identify: async () => principal, requestId: 'r', work: WORK };
      const context = () => createContext(server.services, asked, 30_000);
      const byJit = await query.query(undefined, context(), variables);
      const byJs = await execute({
        schema,
        document: route.document,
        contextValue: context(),
        variableValues: variables,
      });
      expect(outcome(byJit)).toEqual(outcome(byJs));
      if (principal === null) expect(outcome(byJs).errors).not.toEqual([]);
    },
  );
});
