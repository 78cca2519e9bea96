import { basename } from 'node:path';
import { argv } from 'node:process';
import { build } from 'esbuild';

// Bundles a program and its libraries into dist/: it starts in half the time that it needs with
// its libraries in hundreds of files. Without arguments it builds the command line tool, which is
// also the server, the program of its thread, and the pages; with arguments it builds the scripts
// that they name.
const scripts = argv.slice(2);
const entryPoints =
  scripts.length > 0
    ? Object.fromEntries(scripts.map((file) => [basename(file, '.ts'), file]))
    : {
        'agent-api': 'src/cli/main.ts',
        'yaml-worker': 'src/yaml/worker.ts',
        'build-pages': 'src/pages/build.ts',
      };

/**
 * The graphql package contains ES modules and CommonJS. graphql-jit imports its CommonJS files by
 * name, which would bundle a second copy; classes of two copies do not accept each other.
 */
const oneGraphql = {
  name: 'one-graphql',
  setup({ onResolve, resolve }) {
    onResolve({ filter: /^graphql\/.*\.js$/ }, ({ path, resolveDir, kind }) =>
      resolve(path.replace(/\.js$/, '.mjs'), { resolveDir, kind }),
    );
  },
};

await build({
  entryPoints,
  outdir: 'dist',
  bundle: true,
  format: 'esm',
  splitting: true,
  platform: 'node',
  target: 'node20',
  // ES modules first: esbuild looks up an import from CommonJS again at each use.
  mainFields: ['module', 'main'],
  plugins: [oneGraphql],
  // Packages with native code or workers, and packages that are loaded only when needed.
  external: ['lmdb', 'pino', 'mongodb', '@graphql-yoga/render-graphiql', 'fastify'],
  sourcemap: true,
  banner: {
    // CommonJS libraries load Node's built-in modules with `require`.
    js: `#!/usr/bin/env node
import { createRequire as requireFrom } from 'node:module';
const require = requireFrom(import.meta.url);`,
  },
  logLevel: 'warning',
});

if (scripts.length === 0) await import('./dist/build-pages.js');
