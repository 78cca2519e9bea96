import { compileRoute } from '../rest-compat/compile.ts';
import { openApiOf } from '../rest-compat/openapi/document.ts';
import { PREFIX } from '../rest-compat/router.ts';
import { routes } from '../rest-compat/routes/index.ts';
import { buildSchema } from '../schema/index.ts';
import { packageVersion } from '../src/package/package.ts';

// Prints the OpenAPI document that a server sends at /v1/openapi.json.
const schema = buildSchema();
const compiled = routes.map((route) => compileRoute(schema, route));
const document = openApiOf(schema, compiled, PREFIX, packageVersion());
process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
