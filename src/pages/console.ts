import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../package/package.ts';
import { CONNECTED, NONCE } from './app-page.ts';
import { ASSETS, CONSOLE } from './console-paths.ts';
import { pageAt, pagePolicy, partOf, type SourceFile } from './source.ts';
import { NOTHING_ALLOWED } from './static-file.ts';

/** What `console/build.mjs` leaves in its folder. */
interface BundleIndex {
  /** The names of the scripts, which contain a hash. */
  readonly scripts: readonly string[];
  readonly entry: string;
  /** Sets the colour scheme before anything is drawn. */
  readonly scheme: string;
  readonly preloads: readonly string[];
}

const POLICY = pagePolicy({
  'script-src': "'self'",
  'style-src': `'self' 'nonce-${NONCE}'`,
  // An agent's avatar is an image of its owner's choice, and its identity a preview of it.
  'img-src': "'self' data:",
  'connect-src': `'self'${CONNECTED}`,
});

const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
<rect width="32" height="32" rx="8" fill="#3b5bdb"/>
<path d="M9 11h14v9h-7l-4 4v-4H9z" fill="#fff"/>
</svg>
`;

/** The operator's console, as the build leaves it. */
export function consoleFiles(): readonly SourceFile[] {
  const { scripts, entry, scheme, preloads } = JSON.parse(
    read('index.json').toString(),
  ) as BundleIndex;
  const style = partOf(CONSOLE_ASSETS, 'console', 'css', read('console.css'));
  const more = partOf(CONSOLE_ASSETS, 'more', 'css', read('more.css'));
  const icon = partOf(CONSOLE_ASSETS, 'icon', 'svg', ICON);
  const preloaded = preloads.map((it) => `<link rel="modulepreload" href="${ASSETS}${it}">`);
  const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<meta name="more-styles" content="${more.path}">
<title>Console</title>
<link rel="icon" href="${icon.path}">
<script src="${ASSETS}${scheme}"></script>
<link rel="stylesheet" href="${style.path}" nonce="${NONCE}">
${preloaded.join('\n')}
<script type="module" src="${ASSETS}${entry}"></script>
</head>
<body>
<noscript>The console needs JavaScript.</noscript>
<div id="root"></div>
</body>
</html>
`;
  return [
    { ...pageAt(CONSOLE, POLICY, page), below: `${CONSOLE}/` },
    style,
    more,
    icon,
    ...scripts.map(scriptFile),
  ];
}

/** The operations of the console, in the form of `TRUSTED_DOCUMENTS`. */
export function consoleDocuments(): Buffer {
  return read('documents.json');
}

const CONSOLE_ASSETS = ASSETS.slice(0, -1);

function scriptFile(name: string): SourceFile {
  return {
    path: `${ASSETS}${name}`,
    type: 'text/javascript',
    policy: NOTHING_ALLOWED,
    immutable: true,
    content: read(join('assets', name)),
  };
}

function read(file: string): Buffer {
  return readFileSync(join(packageRoot(), 'dist', 'console', file));
}
