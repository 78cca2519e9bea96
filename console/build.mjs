import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, transform } from 'esbuild';
import { buildSchema, Kind, validate } from 'graphql';

// Bundles the console into dist/console, unless that was built of the same sources, and returns the
// files that were bundled. `src/pages`
// compresses and serves what is written there.
/** What the build of the pages reads. */
export const CONSOLE_FOLDER = 'dist/console';
const ASSETS = join(CONSOLE_FOLDER, 'assets');
const SCHEMA = 'schema/schema.graphql';
const MANTINE = 'node_modules/@mantine/core';
const ENTRY = 'console/src/main.tsx';
const FIRST_SCREEN = 'console/src/screens/agents/screen.tsx';
const SCHEME = 'console/src/scheme.ts';
const TARGET = 'es2022';

/** Parts of Mantine's style sheet that belong to no component. */
const BASE_STYLES = ['baseline', 'default-css-variables', 'global'];
/** Style sheets of components that other folders of Mantine contain. */
const STYLES_IN = { Input: ['Input', 'InlineInput'], Checkbox: ['Checkbox', 'CheckboxCard'] };

/**
 * Imports each component of Mantine from its own file. Through the one file of the package, esbuild
 * would put every component that any screen uses into the chunk that all of them load.
 */
const mantineByFile = {
  name: 'mantine-by-file',
  setup({ onLoad }) {
    const folder = resolve(MANTINE, 'esm');
    const index = readFileSync(join(folder, 'index.mjs'), 'utf8');
    const files = new Map(
      namedImports(index).flatMap(({ names, from }) =>
        names.map((name) => [name, join(folder, from)]),
      ),
    );
    const ofMantine = /import \{([^}]*)\} from '@mantine\/core';/g;
    const byFile = (_, list) =>
      namesIn(list)
        .map((name) => `import { ${name} } from '${files.get(name)}';`)
        .join(' ');
    onLoad({ filter: /console\/src\/.*\.tsx?$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace(ofMantine, byFile),
      loader: path.endsWith('x') ? 'tsx' : 'ts',
    }));
  },
};

function namedImports(source) {
  return [...source.matchAll(/^import \{([^}]*)\} from "([^"]+)";$/gm)].map(([, list, from]) => ({
    names: namesIn(list),
    from,
  }));
}

/** The values in a list of imports; types are left out. */
function namesIn(list) {
  return list
    .split(',')
    .map((it) => it.trim())
    .filter((it) => it !== '' && !it.startsWith('type '));
}

export async function buildConsole() {
  const key = keyOf(sources());
  const keyFile = join(CONSOLE_FOLDER, 'key');
  if (existsSync(keyFile) && readFileSync(keyFile, 'utf8') === key) return [];
  mkdirSync(ASSETS, { recursive: true });
  const documents = await documentsOfScreens();
  const common = {
    outdir: ASSETS,
    entryNames: '[name].[hash]',
    chunkNames: '[name].[hash]',
    bundle: true,
    minify: true,
    platform: 'browser',
    target: TARGET,
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"' },
    metafile: true,
    logLevel: 'warning',
  };
  const [app, scheme] = await Promise.all([
    build({
      ...common,
      entryPoints: { console: ENTRY },
      splitting: true,
      format: 'esm',
      plugins: [mantineByFile],
    }),
    // No module: the browser must run it before it draws.
    build({ ...common, entryPoints: [SCHEME], format: 'iife' }),
  ]);
  const outputs = Object.entries(app.metafile.outputs);
  const entry = outputs.find(([, it]) => it.entryPoint === ENTRY);
  const [schemeFile] = Object.keys(scheme.metafile.outputs);
  const index = {
    scripts: [...outputs.map(([file]) => file), schemeFile].map((file) => basename(file)),
    entry: basename(entry[0]),
    scheme: basename(schemeFile),
    // Loaded together with the entry: it imports them at once.
    preloads: entry[1].imports
      .filter(({ kind }) => kind === 'import-statement')
      .map(({ path }) => basename(path)),
  };
  const styles = await stylesOf(app.metafile.outputs);
  writeFileSync(join(CONSOLE_FOLDER, 'console.css'), styles.first);
  writeFileSync(join(CONSOLE_FOLDER, 'more.css'), styles.more);
  writeFileSync(join(CONSOLE_FOLDER, 'documents.json'), JSON.stringify(documents));
  writeFileSync(join(CONSOLE_FOLDER, 'index.json'), JSON.stringify(index));
  writeFileSync(keyFile, key);
  return [app, scheme].flatMap(({ metafile }) => Object.keys(metafile.inputs));
}

/** What the bundle follows from. Of the packages, the lock file has the versions. */
function sources() {
  return [...filesOf('console'), SCHEMA, 'package-lock.json'];
}

function filesOf(folder, end = '') {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((it) => it.isFile() && it.name.endsWith(end))
    .map((it) => join(it.parentPath, it.name))
    .sort();
}

function keyOf(files) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${file}\0`).update(readFileSync(file)).update('\0');
  return hash.digest('hex');
}

/**
 * Two style sheets, each the styles of Mantine's components and then the console's own: what the
 * first screen needs, and the rest. The rest repeats the console's own styles, which must follow
 * those of the components.
 */
async function stylesOf(outputs) {
  const whole = readFileSync(join(MANTINE, 'styles.css'), 'utf8');
  const entries = Object.keys(outputs).filter((file) =>
    [ENTRY, FIRST_SCREEN].includes(outputs[file].entryPoint),
  );
  const firstNames = namesOf(filesLoadedWith(outputs, entries).map((file) => outputs[file]));
  const names = namesOf(Object.values(outputs));
  const first = new Set([...BASE_STYLES, ...firstNames]);
  const more = new Set([...names].filter((name) => !first.has(name)));
  const own = filesOf('console/src', '.css');
  const shared = own.filter((file) => !file.includes('/screens/'));
  return {
    first: await styleSheet(whole, first, shared),
    more: await styleSheet(whole, more, [...shared, ...own.filter((it) => !shared.includes(it))]),
  };
}

/** The outputs, and those that they import at once. */
function filesLoadedWith(outputs, entries) {
  const found = new Set();
  const visit = (file) => {
    if (found.has(file)) return;
    found.add(file);
    for (const { kind, path } of outputs[file].imports) {
      if (kind === 'import-statement') visit(path);
    }
  };
  for (const file of entries) visit(file);
  return [...found];
}

/** The names of the style sheets of the Mantine components in some outputs. */
function namesOf(outputs) {
  const used = new Set();
  for (const { inputs } of outputs) {
    for (const [input, { bytesInOutput }] of Object.entries(inputs)) {
      const component = /@mantine\/core\/esm\/components\/(\w+)\/(?:.*\/)?(\w+)\.mjs$/.exec(input);
      if (!component || bytesInOutput === 0) continue;
      const [, folder, name] = component;
      for (const it of [folder, name, ...(STYLES_IN[folder] ?? [])]) used.add(it);
    }
  }
  return used;
}

async function styleSheet(whole, names, own) {
  const parts = [...names]
    .map((name) => join(MANTINE, 'styles', `${name}.css`))
    .filter((file) => existsSync(file))
    .map((file) => readFileSync(file, 'utf8').trim());
  const missing = parts.filter((part) => !whole.includes(part));
  if (missing.length > 0) throw new Error('styles of Mantine are not part of its style sheet');
  // The order of the whole style sheet: a component's styles precede those that build on them.
  const ordered = parts.toSorted((a, b) => whole.indexOf(a) - whole.indexOf(b));
  const css = [...ordered, ...own.map((file) => readFileSync(file, 'utf8'))].join('\n');
  return (await transform(css, { loader: 'css', minify: true, target: TARGET })).code;
}

/**
 * The operations of the screens by the SHA-256 of each, as `TRUSTED_DOCUMENTS` has them.
 *
 * @throws Error if an operation does not fit the schema
 */
async function documentsOfScreens() {
  const files = filesOf('console/src', 'queries.ts');
  const module = join(CONSOLE_FOLDER, 'documents.mjs');
  await build({
    stdin: {
      contents: files
        .map((file, at) => `export * as q${at} from './${file}';`)
        .concat(`export { print } from '@0no-co/graphql.web';`)
        .join('\n'),
      resolveDir: '.',
    },
    outfile: module,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    logLevel: 'warning',
  });
  const { print, ...modules } = await import(`${pathToFileURL(module)}?${Date.now()}`);
  const schema = buildSchema(readFileSync(SCHEMA, 'utf8'));
  const operations = Object.values(modules)
    .flatMap((it) => Object.values(it))
    .filter((it) => it?.definitions?.some(({ kind }) => kind === Kind.OPERATION_DEFINITION));
  const problems = operations.flatMap((it) =>
    validate(schema, it).map(({ message }) => `${nameOf(it)}: ${message}`),
  );
  if (problems.length > 0) throw new Error(`queries of the console:\n${problems.join('\n')}`);
  const names = operations.map(nameOf);
  const twice = names.filter((name, at) => names.indexOf(name) !== at);
  if (twice.length > 0) throw new Error(`several queries of the console are named ${twice}`);
  const texts = operations.map((it) => print(it));
  return Object.fromEntries(
    texts.map((text) => [createHash('sha256').update(text).digest('hex'), text]),
  );
}

function nameOf({ definitions }) {
  return definitions.find(({ kind }) => kind === Kind.OPERATION_DEFINITION)?.name?.value ?? '';
}
