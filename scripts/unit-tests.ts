import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** Modules of tests that need more than memory: a store, a server, a process, a temporary folder. */
const HEAVY: readonly RegExp[] = [
  /^src\/store\/(lmdb|mongo|open)\.ts$/,
  /^src\/server\/(compose|http|start)\.ts$/,
  /^(lmdb|mongodb)$/,
  /^node:(child_process|http|https|net|os|worker_threads)$/,
];
/** They read what the build wrote. */
const NEEDS_BUILD = /^test\/(browser|console|deploy)\//;

/**
 * The test files that reach no heavy module by their imports, direct or not: they need no build
 * and leave nothing behind. Imports of types do not count.
 */
export function unitTests(): string[] {
  const reaches = new Map<string, boolean>();
  return readdirSync('test', { recursive: true, encoding: 'utf8' })
    .map((file) => join('test', file))
    .filter((file) => file.endsWith('.test.ts') && !NEEDS_BUILD.test(file))
    .filter((file) => !isHeavy(file, reaches))
    .sort();
}

function isHeavy(module: string, known: Map<string, boolean>): boolean {
  const before = known.get(module);
  if (before !== undefined) return before;
  // Against cycles: a module that is being looked at adds nothing to its own answer.
  known.set(module, false);
  const heavy =
    HEAVY.some((pattern) => pattern.test(module)) ||
    importsOf(module).some((imported) => isHeavy(imported, known));
  known.set(module, heavy);
  return heavy;
}

function importsOf(module: string): string[] {
  if (!existsSync(module) || !module.endsWith('.ts')) return [];
  const source = readFileSync(module, 'utf8');
  const statements =
    /^(?:import|export) (?!type\b)(?:[^;']*?from )?'([^']+)'|\bimport\('([^']+)'\)/gm;
  return [...source.matchAll(statements)].map(([, from, late]) => {
    const name = from ?? late ?? '';
    return name.startsWith('.') ? normalize(join(dirname(module), name)) : name;
  });
}
