import { parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { compileRoute } from '../../rest-compat/compile.ts';
import { tagOf } from '../../rest-compat/openapi/tags.ts';
import { pageRoutes, routes } from '../../rest-compat/routes/index.ts';
import { buildSchema } from '../../schema/index.ts';
import { ROLES } from '../../src/auth/rights.ts';
import { documented, operationName } from './documented.ts';

const byName = new Map(documented.map((row) => [operationName(row), row]));
const schema = buildSchema();

describe('the route table', () => {
  it.each(routes.map((route) => [`${route.method} ${route.path}`, route] as const))(
    'has %s with the documented status, role and scope',
    (_, route) => {
      const row = byName.get(operationName(route));
      expect(row, 'add the operation to test/contract/routes.json').toBeDefined();
      expect(route.status ?? 200).toBe(row?.status);
      const { rights } = compileRoute(schema, route);
      const floor = Math.max(-1, ...rights.map(({ role }) => (role ? ROLES.indexOf(role) : -1)));
      expect(ROLES[floor] ?? null).toBe(row?.role);
      const scopes = new Set(rights.flatMap(({ scope }) => scope ?? []));
      expect([...scopes]).toEqual(row?.scope ? [row.scope] : []);
    },
  );

  it.each(
    routes.flatMap(({ method, path, operation, plan }) => [
      [`${method} ${path}`, operation] as const,
      ...(plan ? [[`the plan of ${method} ${path}`, plan.operation] as const] : []),
    ]),
  )('has a valid operation for %s', (_, operation) => {
    expect(validate(schema, parse(operation))).toEqual([]);
  });

  it.each([...new Set(routes.map(({ path }) => path))])('has a described tag for %s', (path) =>
    expect(tagOf(path)).toMatch(/^[a-z-]+$/),
  );

  it.each(pageRoutes.map((route) => [`${route.method} ${route.path}`, route] as const))(
    'has %s, which is documented as public',
    (_, route) =>
      expect(byName.get(operationName(route))).toMatchObject({ public: true, status: 302 }),
  );
});
