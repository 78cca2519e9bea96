import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { OPENAPI } from './descriptions.ts';
import { pageAt, pagePolicy, partOf, type SourceFile } from './source.ts';

export const DOCS = '/docs';

/** Swagger UI sets style attributes, and its style sheet contains images. */
const POLICY = pagePolicy({
  'script-src': "'self'",
  'style-src': "'self' 'unsafe-inline'",
  'img-src': "'self' data:",
  'connect-src': "'self'",
});

const START = `addEventListener('DOMContentLoaded', () => {
  SwaggerUIBundle({
    url: '${OPENAPI}',
    dom_id: '#docs',
    deepLinking: true,
    filter: true,
    docExpansion: 'none',
    defaultModelsExpandDepth: 0,
    tryItOutEnabled: true,
  });
});
`;

/** The REST paths to read and to try: Swagger UI, from its package. */
export function docs(): readonly SourceFile[] {
  const part = partOf.bind(undefined, DOCS);
  const style = part('swagger-ui', 'css', packaged('swagger-ui.css'));
  const script = part('swagger-ui', 'js', packaged('swagger-ui-bundle.js'));
  const start = part('start', 'js', START);
  const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Agent API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${style.path}">
<script src="${script.path}" defer></script>
<script src="${start.path}" defer></script>
<div id="docs"></div>
</html>
`;
  return [pageAt(DOCS, POLICY, page), style, script, start];
}

function packaged(file: string): Buffer {
  const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  return readFileSync(join(folder, file));
}
