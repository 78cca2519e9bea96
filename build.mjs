import { basename } from 'node:path';
import { argv } from 'node:process';
import { build } from 'esbuild';

// Bundles the sources as one program each; what is in node_modules stays there.
// Without arguments the command line tool, which is also the server; with them
// the scripts that they name.
const scripts = argv.slice(2);
const entryPoints =
  scripts.length > 0
    ? Object.fromEntries(scripts.map((file) => [basename(file, '.ts'), file]))
    : { 'agent-api': 'src/cli/main.ts' };

await build({
  entryPoints,
  outdir: 'dist',
  bundle: true,
  format: 'esm',
  splitting: true,
  platform: 'node',
  target: 'node20',
  packages: 'external',
  sourcemap: true,
  banner: { js: '#!/usr/bin/env node' },
  logLevel: 'warning',
});
