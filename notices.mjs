import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const FILE = /^(licen[cs]e|copying|notice)(\.|-|$)/i;

/**
 * Writes the licences of the libraries that a bundle contains: most demand that their notice goes
 * with every copy.
 *
 * @param inputs files that were bundled, as esbuild names them
 * @param packages others, whose files are copied
 */
export function writeNotices(file, inputs, packages) {
  const folders = new Set(packages.map((name) => join('node_modules', name)));
  for (const input of inputs) {
    const folder = folderOf(input);
    if (folder) folders.add(folder);
  }
  const notices = [...folders].sort().map(noticeOf);
  writeFileSync(
    file,
    `Libraries that this package contains, and their licences.\n\n${notices.join('\n')}`,
  );
}

/** The folder of the package that a file belongs to; undefined for a file of this project. */
function folderOf(input) {
  if (!input.includes('node_modules/')) return undefined;
  for (let folder = dirname(input); ; folder = dirname(folder)) {
    const file = join(folder, 'package.json');
    // Some packages have a package.json without a name in a folder of theirs.
    if (existsSync(file) && JSON.parse(readFileSync(file, 'utf8')).version) return folder;
    if (folder.endsWith('node_modules')) throw new Error(`${input} belongs to no package`);
  }
}

function noticeOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const texts = readdirSync(folder)
    .filter((entry) => FILE.test(entry))
    .sort()
    .map((entry) => readFileSync(join(folder, entry), 'utf8').trim());
  const title = `${name} ${version} (${license})`;
  return [title, '-'.repeat(title.length), '', ...texts, ''].join('\n');
}
