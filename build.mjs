import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { argv, env, execPath, exit } from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { buildConsole, CONSOLE_FOLDER } from './console/build.mjs';
import { writeNotices } from './notices.mjs';

// Bundles a program and its libraries into dist/: it starts in half the time that it needs with
// its libraries in hundreds of files. Without arguments it builds the command line tool, which is
// also the server, the programs of its threads, the pages, the catalog and the console; with arguments it builds
// the scripts that they name. `--program` leaves out the types of the package. `--release` empties dist/ first,
// and writes no source maps: what it leaves is what the package and the image contain.
// With IS_BUILT=1, as CI has it, the build without arguments is left out: dist/ is complete.
if (env.IS_BUILT === '1' && argv.length === 2) exit();
const isProgram = argv[2] === '--program';
const isRelease = argv[2] === '--release';
const scripts = isProgram || isRelease ? [] : argv.slice(2);
const entryPoints =
  scripts.length > 0
    ? Object.fromEntries(scripts.map((file) => [basename(file, '.ts'), file]))
    : {
        'agent-api': 'src/cli/main.ts',
        'yaml-worker': 'src/yaml/worker.ts',
        'token-worker': 'src/tokens/worker.ts',
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

const PAGES = 'build-pages';
const CATALOG = 'build-catalog';
/** Packages whose files are pages. */
const PAGE_PACKAGES = ['swagger-ui-dist', '@graphql-yoga/render-graphiql'];

const common = {
  outdir: 'dist',
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  sourcemap: !isRelease,
  metafile: true,
  logLevel: 'warning',
};

/** The package entry `agent-api/prompt`: one module that imports nothing of the server. */
function buildPromptEntry() {
  return build({ ...common, entryPoints: { prompt: 'src/domain/prompt-entry.ts' } });
}

/** Its types. The sources are checked elsewhere, under the options of tsconfig.json. */
async function buildPromptTypes() {
  const tsc = fileURLToPath(new URL('bin/tsc', import.meta.resolve('typescript/package.json')));
  const options = [
    ['--ignoreConfig', '--strict', '--exactOptionalPropertyTypes', '--allowImportingTsExtensions'],
    ['--target', 'es2023', '--lib', 'es2023', '--module', 'esnext'],
    ['--moduleResolution', 'bundler', '--types', 'node', '--skipLibCheck'],
    [
      '--declaration',
      '--emitDeclarationOnly',
      '--rootDir',
      'src/domain',
      '--outDir',
      'dist/prompt',
    ],
  ];
  const args = [tsc, ...options.flat(), 'src/domain/prompt-entry.ts'];
  await promisify(execFile)(execPath, args);
}

const isWhole = scripts.length === 0;
if (isRelease) await rm(common.outdir, { recursive: true, force: true });

const program = {
  ...common,
  // ES modules first: esbuild looks up an import from CommonJS again at each use.
  mainFields: ['module', 'main'],
  plugins: [oneGraphql],
  // Packages with native code or workers, and packages that are loaded only when needed.
  external: ['lmdb', 'pino', 'mongodb', '@graphql-yoga/render-graphiql', 'fastify'],
  banner: {
    // CommonJS libraries load Node's built-in modules with `require`.
    js: `#!/usr/bin/env node
import { createRequire as requireFrom } from 'node:module';
const require = requireFrom(import.meta.url);`,
  },
};

/** Writes the pages and the catalog, by programs that are not part of the package. @returns files of the console */
async function buildFiles() {
  const inputs = await buildConsole();
  const entryPoints = { [PAGES]: 'src/pages/build.ts', [CATALOG]: 'src/catalog/build.ts' };
  await build({ ...program, entryPoints });
  const files = Object.keys(entryPoints).map((name) => `${common.outdir}/${name}.js`);
  await Promise.all(files.map((file) => import(`./${file}`)));
  if (isRelease) {
    const removed = files.map((file) => rm(file));
    await Promise.all([...removed, rm(CONSOLE_FOLDER, { recursive: true })]);
  }
  return inputs;
}

// Running the program needs no types of its package.
const entry = isWhole ? [buildPromptEntry(), ...(isProgram ? [] : [buildPromptTypes()])] : [];
const built = await Promise.all([build({ ...program, entryPoints, splitting: true }), ...entry]);
const ofConsole = isWhole ? await buildFiles() : [];
if (isRelease) {
  const inputs = built.flatMap((it) => Object.keys(it?.metafile?.inputs ?? {}));
  writeNotices(`${common.outdir}/NOTICES.txt`, [...inputs, ...ofConsole], PAGE_PACKAGES);
}
