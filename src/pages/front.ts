import { ENDPOINT } from '../operations/graphql-door.ts';
import { CONSOLE } from './console-paths.ts';
import { OPENAPI } from './descriptions.ts';
import { DOCS } from './docs.ts';
import { pageAt, pagePolicy, partOf, type SourceFile } from './source.ts';
import { NOTHING_ALLOWED } from './static-file.ts';

export const FRONT = '/';

const NAME = 'Agent API';
const LINKS = {
  console: CONSOLE,
  graphql: ENDPOINT,
  docs: DOCS,
  openapi: OPENAPI,
  live: '/livez',
  ready: '/readyz',
} as const;

const POLICY = pagePolicy({ 'style-src': "'self'", 'img-src': 'data:' });

const STYLE = `:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 42rem; margin: 3rem auto; padding: 0 1rem; }
dt { margin-top: 0.75rem; }
dd { margin: 0; }
pre { padding: 0.75rem; overflow-x: auto; border: 1px solid #8886; border-radius: 4px; }
`;

/**
 * The first page: links for people, and the same links for programs. Paths, not URLs: behind a
 * proxy the server does not know its host.
 */
export function front(version: string): readonly SourceFile[] {
  const style = partOf('/front', 'front', 'css', STYLE);
  const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${NAME}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${style.path}">
<h1>${NAME} <small>${version}</small></h1>
<p>The management plane of an organisation's conversational agents.</p>
<dl>
<dt><a href="${LINKS.console}">Console</a>
<dd>See and change your org's agents. Sign in with your API key.
<dt><a href="${LINKS.graphql}">GraphiQL</a>
<dd>Read the schema and run queries. Paste your API key into the headers.
<dt><a href="${LINKS.docs}">REST documentation</a>
<dd>Read the REST paths and try them. Click “Authorize” to enter your API key.
<dt><a href="${LINKS.openapi}">OpenAPI document</a>
<dd>The same paths, for programs.
<dt><a href="${LINKS.ready}">Health</a>
<dd>Whether this process accepts requests now.
</dl>
<h2>An API key</h2>
<p>The first start prints an admin key. To mint another, run on the server:</p>
<pre>agent-api keys mint ORG                  # installed
npm run -s agent-api -- keys mint ORG    # in a clone</pre>
<p>Send it with every request:</p>
<pre>Authorization: Bearer sk-any-api01-…</pre>
</html>
`;
  const json = JSON.stringify({ name: NAME, version, links: LINKS });
  return [
    {
      path: FRONT,
      type: 'application/json',
      policy: NOTHING_ALLOWED,
      immutable: false,
      content: json,
    },
    pageAt(FRONT, POLICY, page),
    style,
  ];
}
