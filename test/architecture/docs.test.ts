import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, it } from 'vitest';

const markdownIn = (folder: string) =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.md'))
    .map((file) => join(folder, file));
const pages = [...markdownIn('.'), ...markdownIn('docs')];
const textOf = (page: string) => readFileSync(page, 'utf8');
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  scripts: Record<string, string>;
};

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsOf(page: string): Set<string> {
  const headings = textOf(page).matchAll(/^#+ (.+)$/gm);
  return new Set(
    [...headings].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

function isBroken(page: string, target: string): boolean {
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? page : normalize(join(dirname(page), path));
  if (!existsSync(file)) return true;
  return anchor !== undefined && !anchorsOf(file).has(anchor);
}

it('finds the pages', () => expect(pages.length).toBeGreaterThan(20));

it.each(pages)('%s has no broken link', (page) => {
  const targets = [...textOf(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
  const local = targets.filter((target) => !/^[a-z]+:/.test(target));
  expect(local.filter((target) => isBroken(page, target))).toEqual([]);
});

it.each(pages)('%s names files that exist', (page) => {
  const named = [
    ...textOf(page).matchAll(/`((?:src|schema|rest-compat|test|scripts|bench)\/[^`]*)`/g),
  ];
  const files = named.map(([, file = '']) => file).filter((file) => /^[\w./-]+$/.test(file));
  expect(files.filter((file) => !existsSync(file))).toEqual([]);
});

it.each(pages)('%s names scripts of package.json', (page) => {
  const named = [...textOf(page).matchAll(/npm run (?:-s )?([a-z][\w:-]*)/g)];
  expect(named.map(([, name = '']) => name).filter((name) => !(name in scripts))).toEqual([]);
});

it('docs/README.md links every page of docs', () => {
  const index = textOf('docs/README.md');
  const others = pages.filter((page) => page.startsWith('docs/') && page !== 'docs/README.md');
  expect(others.filter((page) => !index.includes(`](${page.slice('docs/'.length)})`))).toEqual([]);
});

it('docs/settings.md describes every setting', () => {
  const source = ['settings', 'tracing-settings']
    .map((name) => readFileSync(`src/server/${name}.ts`, 'utf8'))
    .join('\n');
  const names = [...source.matchAll(/'([A-Z][A-Z_]{3,})'/g)].map(([, name = '']) => name);
  expect(names.length).toBeGreaterThan(10);
  const page = textOf('docs/settings.md');
  expect(names.filter((name) => !page.includes(name))).toEqual([]);
});
