import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, it } from 'vitest';

/**
 * Which room may import which, as in the README's diagram: arrows are imports and
 * none points back. A room may always import itself.
 */
const MAY_IMPORT: Readonly<Record<string, readonly string[] | 'all'>> = {
  'rest-compat': [
    'schema',
    'src/http',
    'src/domain',
    'src/auth',
    'src/work',
    'src/store',
    'src/yaml',
  ],
  'src/http': [
    'src/domain',
    'src/auth',
    'src/work',
    'src/store',
    'src/fairness',
    'src/yaml',
    'src/idempotency',
    'src/tracing',
  ],
  'src/fairness': ['src/domain'],
  'src/threads': ['src/domain', 'src/fairness', 'src/package'],
  'src/yaml': ['src/domain', 'src/threads'],
  'src/operations': [
    'schema',
    'src/http',
    'src/domain',
    'src/auth',
    'src/agents',
    'src/services',
    'src/work',
    'src/store',
    'src/fairness',
    'src/tracing',
  ],
  'src/pages': ['rest-compat', 'src/operations', 'src/http', 'src/package', 'src/store'],
  'src/cli': 'all',
  // The client works over HTTP alone: no service, no store.
  'src/client': ['src/domain', 'src/package', 'src/terminal', 'src/yaml'],
  'src/terminal': ['src/domain'],
  'src/server': 'all',
  'src/domain': [],
  'src/store': ['src/tracing'],
  'src/tracing': ['src/domain'],
  'src/work': ['src/domain', 'src/store', 'src/fairness', 'src/tracing'],
  'src/changes': ['src/domain', 'src/paging', 'src/store', 'src/work'],
  'src/records': ['src/changes', 'src/domain', 'src/store', 'src/work'],
  'src/paging': ['src/domain', 'src/store', 'src/work'],
  // A client of the public API: it knows the server by the schema alone.
  console: [],
};

/** The other rooms (the schema and the services) may import every room except these. */
const SHELLS = [
  'rest-compat',
  'schema',
  'src/operations',
  'src/http',
  'src/pages',
  'src/server',
  'src/cli',
  'src/client',
  'src/terminal',
];

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    .map((file) => join(folder, file));
}

function roomOf(file: string): string {
  const [top, second] = file.split('/');
  return top === 'src' ? `${top}/${second?.replace(/\.ts$/, '')}` : (top ?? '');
}

function importsOf(file: string): string[] {
  const source = readFileSync(file, 'utf8');
  return [...source.matchAll(/(?:from|import)\s+'(\.[^']+)'/g)].map(([, path = '']) =>
    roomOf(normalize(join(dirname(file), path))),
  );
}

function allowed(from: string, to: string): boolean {
  if (from === to) return true;
  const rule = MAY_IMPORT[from];
  if (rule === 'all') return true;
  if (Array.isArray(rule)) return rule.includes(to);
  return !SHELLS.includes(to);
}

const files = ['rest-compat', 'schema', 'src', 'console'].flatMap(filesUnder);

it('finds the sources', () => expect(files.length).toBeGreaterThan(30));

it.each(files)('%s imports only rooms that it may import', (file) => {
  const from = roomOf(file);
  expect(importsOf(file).filter((to) => !allowed(from, to))).toEqual([]);
});
