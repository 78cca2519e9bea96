import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { API_KEY, startProcess } from '../test/kit/process.ts';
import { type Finding, unaccepted } from './owasp.ts';

// Lints the OpenAPI document of a running server, generates three clients from it, compiles them,
// and runs a story with each (test/clients). Installs the tools, in the versions below, into .cache.

const FOLDER = resolve('.cache/clients');
const DOCUMENT = join(FOLDER, 'openapi.json');
/** All run on Node 20. */
const TOOLS = [
  '@redocly/cli@2.77.0',
  '@stoplight/spectral-cli@6.16.3',
  '@stoplight/spectral-owasp-ruleset@2.0.1',
  'openapi-typescript@7.13.0',
  'openapi-fetch@0.17.0',
  '@hey-api/openapi-ts@0.95.0',
];
const PYTHON_TOOL = 'openapi-python-client==0.29.1';
const BIN = join(FOLDER, 'node_modules/.bin');
const PYTHON = join(FOLDER, 'python');
const TSC = [
  '--ignoreConfig',
  '--noEmit',
  '--strict',
  '--skipLibCheck',
  '--allowImportingTsExtensions',
];
const MODULES = ['--module', 'esnext', '--moduleResolution', 'bundler', '--target', 'es2023'];

const run = promisify(execFile);

/** Runs a command in the folder. @throws Error with its output when it fails */
async function inFolder(command: string, ...args: string[]): Promise<string> {
  const env = { ...process.env, REDOCLY_TELEMETRY: 'off', npm_config_ignore_scripts: 'true' };
  try {
    const { stdout } = await run(command, args, { cwd: FOLDER, env, maxBuffer: 64 * 1024 * 1024 });
    return stdout;
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}\n${stderr}`);
  }
}

async function step(name: string, work: () => Promise<unknown>): Promise<void> {
  const started = performance.now();
  await work();
  const seconds = ((performance.now() - started) / 1_000).toFixed(1);
  process.stdout.write(`${name}: ok (${seconds} s)\n`);
}

async function install(): Promise<void> {
  await mkdir(FOLDER, { recursive: true });
  await writeFile(join(FOLDER, 'package.json'), '{ "private": true, "type": "module" }\n');
  await inFolder('npm', 'install', '--no-fund', '--no-audit', '--no-package-lock', ...TOOLS);
  await inFolder('python3', '-m', 'venv', PYTHON);
  const pip = join(PYTHON, 'bin/pip');
  await inFolder(pip, 'install', '--quiet', '--disable-pip-version-check', PYTHON_TOOL);
}

async function lint(): Promise<void> {
  await inFolder(join(BIN, 'redocly'), 'lint', '--extends', 'recommended-strict', DOCUMENT);
  await writeFile(join(FOLDER, 'spectral.yaml'), 'extends: ["spectral:oas"]\n');
  const options = ['--ruleset', 'spectral.yaml', '--fail-severity', 'warn'];
  await inFolder(join(BIN, 'spectral'), 'lint', ...options, DOCUMENT);
}

/** @throws Error with every finding that `ACCEPTED` does not name */
async function lintSecurity(): Promise<void> {
  await writeFile(
    join(FOLDER, 'owasp.yaml'),
    'extends: ["./node_modules/@stoplight/spectral-owasp-ruleset/dist/ruleset.js"]\n',
  );
  const report = join(FOLDER, 'owasp.json');
  const options = ['--ruleset', 'owasp.yaml', '--format', 'json', '--output', report];
  // It fails on every error, accepted ones included.
  await run(join(BIN, 'spectral'), ['lint', ...options, DOCUMENT], { cwd: FOLDER }).catch(
    (error: { code?: unknown }) => {
      if (error.code !== 1) throw error;
    },
  );
  const findings = JSON.parse(await readFile(report, 'utf8')) as readonly Finding[];
  const problems = unaccepted(findings);
  if (problems.length > 0) throw new Error(`OWASP's rules report:\n${problems.join('\n')}`);
}

/** Compiles and runs a story beside its generated client. */
async function runTypeScript(story: string, url: string): Promise<void> {
  const folder = join(FOLDER, story);
  const file = join(folder, 'story.ts');
  await cp(`test/clients/${story}.ts`, file);
  const types = ['--types', 'node', '--typeRoots', resolve('node_modules/@types')];
  await inFolder(resolve('node_modules/.bin/tsc'), ...TSC, ...MODULES, ...types, file);
  const outfile = join(folder, 'story.js');
  const bundle = ['--bundle', '--format=esm', '--platform=node', `--outfile=${outfile}`];
  await inFolder(resolve('node_modules/.bin/esbuild'), file, ...bundle);
  await inFolder(process.execPath, outfile, url, API_KEY);
}

async function fresh(name: string): Promise<string> {
  const folder = join(FOLDER, name);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
  return folder;
}

await step('install the tools', install);
const server = await startProcess({
  STORE_URL: 'lmdb::memory:',
  BOOTSTRAP_API_KEY: API_KEY,
  DEMO_DATA: '0',
});
try {
  const api = `${server.url}/v1`;
  await writeFile(DOCUMENT, await (await fetch(`${api}/openapi.json`)).text());
  await step('redocly and spectral', lint);
  await step("spectral with OWASP's rules", lintSecurity);
  await step('openapi-typescript', async () => {
    const folder = await fresh('openapi-fetch');
    const types = join(folder, 'generated.d.ts');
    await inFolder(join(BIN, 'openapi-typescript'), DOCUMENT, '--output', types);
    await runTypeScript('openapi-fetch', api);
  });
  await step('@hey-api/openapi-ts', async () => {
    const folder = await fresh('hey-api');
    const generated = join(folder, 'generated');
    await inFolder(join(BIN, 'openapi-ts'), '--input', DOCUMENT, '--output', generated);
    await runTypeScript('hey-api', api);
  });
  await step('openapi-python-client', async () => {
    const folder = await fresh('python-client');
    const options = ['--path', DOCUMENT, '--output-path', folder, '--overwrite'];
    await inFolder(join(PYTHON, 'bin/openapi-python-client'), 'generate', ...options);
    await cp('test/clients/story.py', join(folder, 'story.py'));
    await inFolder(join(PYTHON, 'bin/python'), join(folder, 'story.py'), api, API_KEY);
  });
} finally {
  await server.stop();
}
