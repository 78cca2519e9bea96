import { execFile } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client } from '../kit/client.ts';
import { API_KEY, type RunningProcess, startCommand } from '../kit/process.ts';

const run = promisify(execFile);

/** What a build reads. */
const SOURCES = [
  ...[
    'package.json',
    'package-lock.json',
    'build.mjs',
    'notices.mjs',
    'tsconfig.json',
    '.gitignore',
  ],
  ...['README.md', 'LICENSE', 'CHANGELOG.md', 'src', 'schema', 'rest-compat', 'console'],
];
/** What a clone may hold besides. None of it belongs into a package. */
const PLANTED = [
  ...['.env', 'secrets/secrets_key', 'data/secrets.key', 'test/planted.test.ts'],
  ...['dist/planted.js', 'dist/chunk-PLANTED0.js.map', 'src/planted.ts', '.cache/planted'],
];

const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  dependencies: Record<string, string>;
};

let folder: string;
/** A project that has the package installed. */
let consumer: string;
let installed: string;
let files: readonly string[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'agent-api-package-'));
  const clone = join(folder, 'clone');
  for (const source of SOURCES) cpSync(source, join(clone, source), { recursive: true });
  symlinkSync(resolve('node_modules'), join(clone, 'node_modules'));
  for (const file of PLANTED) {
    mkdirSync(dirname(join(clone, file)), { recursive: true });
    writeFileSync(join(clone, file), 'export const planted = true;');
  }
  // Builds first: `prepack`.
  await run('npm', ['pack', '--pack-destination', folder], { cwd: clone });
  const [tarball = ''] = readdirSync(folder).filter((file) => file.endsWith('.tgz'));
  consumer = join(folder, 'consumer');
  installed = join(consumer, 'node_modules/agent-api');
  mkdirSync(installed, { recursive: true });
  await run('tar', ['-xzf', join(folder, tarball), '-C', installed, '--strip-components=1']);
  for (const name of Object.keys(dependencies)) {
    const link = join(consumer, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(resolve('node_modules', name), link);
  }
  files = readdirSync(installed, { recursive: true, encoding: 'utf8' });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the package', () => {
  it('contains the bundle, the pages, the catalog and what describes them', () => {
    const under = (part: string) => readdirSync(join(installed, part)).sort();
    expect(under('.')).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'dist', 'package.json']);
    const built = under('dist').filter((name) => !/-[A-Z0-9]{8}\.js$/.test(name));
    expect(built).toEqual([
      'NOTICES.txt',
      'agent-api.js',
      'catalog.json',
      'pages',
      'prompt',
      'prompt.js',
      'token-worker.js',
      'yaml-worker.js',
    ]);
  });

  it('contains no source map, source, test, secret or remains of an earlier build', () => {
    expect(files.filter((file) => /\.map$|test|secret|\.env|planted/i.test(file))).toEqual([]);
    const sources = files.filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'));
    expect(sources).toEqual([]);
    const code = files.filter((file) => file.endsWith('.js'));
    for (const file of code) {
      expect(readFileSync(join(installed, file), 'utf8')).not.toMatch(/^\/\/# sourceMappingURL/m);
    }
  });

  it('contains the licences of the libraries in its bundles and pages', () => {
    const notices = readFileSync(join(installed, 'dist/NOTICES.txt'), 'utf8');
    // Of the program, of a chunk that is loaded late, of the console, and of pages.
    for (const name of ['graphql', '@opentelemetry/sdk-trace', 'react', 'swagger-ui-dist']) {
      const text = new RegExp(`^${name} \\d[^\\n]*\\n-+\\n\\n[^\\n]*\\S`, 'm');
      expect(notices).toMatch(text);
    }
    expect(notices).not.toMatch(/^(vitest|typescript|esbuild) \d/m);
    // `licences.test.ts` accepts others for tools.
    expect(notices).not.toMatch(/^\S+ \d\S* \((MPL|[AL]?GPL)/m);
  });

  it('contains every chunk that its code imports', () => {
    for (const file of files.filter((it) => /^dist\/[^/]+\.js$/.test(it))) {
      const text = readFileSync(join(installed, file), 'utf8');
      for (const [, name = ''] of text.matchAll(/(?:from|import\() ?"(\.\/[^"]+\.js)"/g)) {
        expect(existsSync(join(installed, 'dist', name)), `${file} imports ${name}`).toBe(true);
      }
    }
  });
});

describe('a project that has the package installed', () => {
  it('imports the prompt', async () => {
    const program = `
      import { promptOf } from 'agent-api/prompt';
      console.log(typeof promptOf);`;
    const { stdout, stderr } = await run(
      process.execPath,
      ['--input-type=module', '--eval', program],
      { cwd: consumer },
    );
    expect({ stdout, stderr }).toEqual({ stdout: 'function\n', stderr: '' });
  });

  it('serves the API, its pages and its threads', async () => {
    const program = join(installed, 'dist/agent-api.js');
    const running: RunningProcess = await startCommand([process.execPath, program, 'serve'], {
      STORE_URL: 'lmdb::memory:',
      BOOTSTRAP_API_KEY: API_KEY,
      METRICS_PORT: '0',
      OTEL_TRACES_EXPORTER: 'otlp',
    });
    try {
      const client = new Client(running.url, API_KEY);
      for (const path of ['/readyz', '/docs', '/graphql', '/v1/openapi.json']) {
        const { status } = await fetch(running.url + path, { headers: { Accept: 'text/html' } });
        expect([path, status]).toEqual([path, 200]);
      }
      const agent = await client.createAgent();
      const base = `${running.url}/v1/orgs/acme/agents/${agent}`;
      const headers = { Authorization: `Bearer ${API_KEY}`, 'Content-Type': 'application/yaml' };
      const exported = await (await fetch(`${base}/export`, { headers })).text();
      // Longer than what is parsed on the event loop.
      const body = exported + '# a comment\n'.repeat(500);
      const imported = await fetch(`${base}/import`, { method: 'POST', headers, body });
      expect(imported.status, await imported.text()).toBe(200);
      const prompt = await client.get(`/orgs/acme/agents/${agent}/prompt`);
      expect(prompt.body.estimatedTokens).toBeGreaterThan(10);
      const templates = await client.get('/catalogs/agent-templates');
      expect(templates.status).toBe(200);
    } finally {
      expect(await running.stop()).toBe(0);
    }
  });
});
