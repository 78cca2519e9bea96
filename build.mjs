import { basename } from 'node:path';
import { argv } from 'node:process';
import { build } from 'esbuild';

// Bundles the sources and the libraries they use as one program each: a program
// starts in half the time when its libraries are one file and not hundreds.
// Without arguments the command line tool, which is also the server; with them
// the scripts that they name.
const scripts = argv.slice(2);
const entryPoints =
  scripts.length > 0
    ? Object.fromEntries(scripts.map((file) => [basename(file, '.ts'), file]))
    : { 'agent-api': 'src/cli/main.ts' };

/**
 * Graphql comes as modules and as CommonJS. graphql-jit asks for files of the latter by name,
 * and would bring a second copy of it.
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
  // Modules before CommonJS: what is imported from the latter is looked up anew at each use.
  mainFields: ['module', 'main'],
  plugins: [oneGraphql],
  // What brings native code, starts workers of its own, or is loaded late if at all.
  external: ['lmdb', 'pino', 'mongodb', '@graphql-yoga/render-graphiql', 'fastify'],
  sourcemap: true,
  banner: {
    // Libraries in CommonJS ask for Node's own modules by `require`.
    js: `#!/usr/bin/env node
import { createRequire as requireFrom } from 'node:module';
const require = requireFrom(import.meta.url);`,
  },
  logLevel: 'warning',
});
