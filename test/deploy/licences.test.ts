import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

interface Locked {
  readonly license?: string;
  readonly dev?: boolean;
  readonly hasInstallScript?: boolean;
  readonly integrity?: string;
}

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
  readonly packages: Readonly<Record<string, Locked>>;
};
const locked = Object.entries(packages).filter(([path]) => path !== '');

/** Licences that ask for their notice at most. */
const PERMISSIVE = [
  ...['MIT', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'PSF-2.0', 'Unlicense'],
  ...['MIT OR Apache-2.0', '(MIT OR CC0-1.0)'],
];
/** Of tools that are not part of the package: those of files that are changed must stay open. */
const OF_TOOLS = [...PERMISSIVE, 'MPL-2.0'];

it('every dependency has a licence that was accepted', () => {
  expect(locked.length).toBeGreaterThan(100);
  const refused = locked.filter(([, it]) => {
    const accepted = it.dev ? OF_TOOLS : PERMISSIVE;
    return !accepted.includes(it.license ?? '');
  });
  expect(refused.map(([path, { license }]) => [path, license])).toEqual([]);
});

it('no dependency runs a script when it is installed: those that have one are known and denied', () => {
  const { allowScripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    readonly allowScripts: Readonly<Record<string, boolean>>;
  };
  const named = (path: string) => path.slice(path.lastIndexOf('node_modules/') + 13);
  const scripted = locked.filter(([, it]) => it.hasInstallScript).map(([path]) => named(path));
  const denied = Object.keys(allowScripts).filter((name) => allowScripts[name] === false);
  expect(scripted.sort()).toEqual(denied.sort());
  const dockerfile = readFileSync('Dockerfile', 'utf8');
  for (const [install] of dockerfile.matchAll(/npm ci.*/g)) {
    expect(install).toContain('--ignore-scripts');
  }
});

it('every dependency is locked by a hash of its content', () => {
  const open = locked.filter(([, { integrity = '' }]) => !integrity.startsWith('sha512-'));
  expect(open.map(([path]) => path)).toEqual([]);
});
