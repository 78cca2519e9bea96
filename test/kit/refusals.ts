import { compileRoute } from '../../rest-compat/compile.ts';
import { Matcher } from '../../rest-compat/match.ts';
import { refusalsOf } from '../../rest-compat/openapi/refusals.ts';
import { PREFIX } from '../../rest-compat/router.ts';
import { routes } from '../../rest-compat/routes/index.ts';
import { buildSchema } from '../../schema/index.ts';

/** Once per worker: most tests see a refusal. */
let matcher: Matcher<{ method: string; path: string; codes: ReadonlySet<unknown> }> | undefined;

function documentedRoutes() {
  const schema = buildSchema();
  return new Matcher(
    routes.map((route) => {
      const compiled = compileRoute(schema, route);
      const { method, path } = compiled;
      return { method, path, codes: new Set<unknown>([...refusalsOf(compiled).values()].flat()) };
    }),
  );
}

/** @throws Error when REST refused an operation with a code that its documentation does not have */
export function assertDocumented(method: string, url: string, code: unknown): void {
  const [path = ''] = url.split('?');
  if (!path.startsWith(PREFIX)) return;
  matcher ??= documentedRoutes();
  const match = matcher.match(method === 'HEAD' ? 'GET' : method, path.slice(PREFIX.length));
  // A HEAD has no body. Other paths have no operation.
  if (match.kind !== 'found' || method === 'HEAD' || match.row.codes.has(code)) return;
  throw new Error(
    `${method} ${match.row.path} was refused with ${code}: declare it, as 'fails' of a field or in rest-compat/openapi/refusals.ts`,
  );
}
