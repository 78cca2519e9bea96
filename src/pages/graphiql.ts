import {
  css,
  editorWorkerService,
  favicon,
  graphqlWorker,
  js,
  jsonWorker,
} from '@graphql-yoga/render-graphiql/graphiql';
import { ENDPOINT } from '../operations/graphql-door.ts';
import { FIRST_QUERY } from './first-query.ts';
import { pageAt, pagePolicy, partOf, type SourceFile } from './source.ts';

const FOLDER = '/graphiql';
const TITLE = 'Agent API';

/** The editor, Monaco, makes style elements; the style sheet contains its fonts and images. */
const POLICY = pagePolicy({
  'script-src': "'self'",
  'worker-src': "'self'",
  'style-src': "'self' 'unsafe-inline'",
  'font-src': 'data:',
  'img-src': "'self' data:",
  'connect-src': "'self'",
});

/** GraphiQL as files, from Yoga's package, which has it as strings. */
export function graphiql(): readonly SourceFile[] {
  const part = partOf.bind(undefined, FOLDER);
  const style = part('graphiql', 'css', css);
  const script = part('graphiql', 'js', js);
  const icon = part('graphiql', 'ico', bytesOf(favicon));
  const workers = {
    editorWorkerService: part('editor-worker', 'js', editorWorkerService),
    graphql: part('graphql-worker', 'js', graphqlWorker),
    json: part('json-worker', 'js', jsonWorker),
  };
  const paths = Object.entries(workers).map(([label, { path }]) => [label, path] as const);
  const start = part('start', 'js', startOf(Object.fromEntries(paths)));
  const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${TITLE}</title>
<link rel="icon" href="${icon.path}">
<link rel="stylesheet" href="${style.path}">
<script src="${start.path}" defer></script>
<script src="${script.path}" defer></script>
<body id="body" class="no-focus-outline">
<noscript>GraphiQL needs JavaScript.</noscript>
<div id="root"></div>
</body>
</html>
`;
  return [pageAt(ENDPOINT, POLICY, page), style, script, icon, start, ...Object.values(workers)];
}

/**
 * The script that starts GraphiQL.
 *
 * GraphiQL stores its tabs, and beside them a query once that is edited. On a reload it looks for
 * a tab with the stored query, and opens an empty tab if there is none: so it did before the first
 * edit. Here it starts with the query of the tab that was open.
 *
 * An edit does not change the address: a reload would then ask the server for the query's result.
 *
 * @param workers the path of each worker by the label that Monaco uses
 */
function startOf(workers: Readonly<Record<string, string>>): string {
  return `const workers = ${JSON.stringify(workers)};
self.MonacoEnvironment = {
  globalAPI: false,
  getWorkerUrl: (_, label) => workers[label],
};
const firstQuery = ${JSON.stringify(FIRST_QUERY)};
function openQuery() {
  const stored = JSON.parse(localStorage.getItem('graphiql:tabState'));
  return stored ? stored.tabs?.[stored.activeTabIndex]?.query : firstQuery;
}
addEventListener('DOMContentLoaded', () => {
  YogaGraphiQL.renderYogaGraphiQL(document.querySelector('#root'), {
    title: ${JSON.stringify(TITLE)},
    defaultQuery: firstQuery,
    query: openQuery(),
    onEditQuery: () => undefined,
  });
});
`;
}

/** The bytes of a `data:` URL in base64. */
function bytesOf(url: string): Buffer {
  return Buffer.from(url.slice(url.indexOf(',') + 1), 'base64');
}
