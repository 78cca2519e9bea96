import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { wordsFound } from './words.ts';

// Fails when a tracked file has a word that house English does not use (words.ts). Arguments
// limit the check to these files and folders.
const KINDS = /\.(ts|tsx|mjs|css|md|yaml|yml|graphql|json)$|(^|\/)Dockerfile$|^\.ci\//;
const SKIPPED = 'package-lock.json';

const listed = execFileSync('git', ['ls-files', '-z', '--', ...process.argv.slice(2)]);
const files = listed
  .toString()
  .split('\0')
  .filter((file) => KINDS.test(file) && file !== SKIPPED && existsSync(file));
const lines = files.flatMap((file) =>
  wordsFound(file, readFileSync(file, 'utf8')).map(
    ({ line, found, write }) => `${file}:${line}: "${found}": write ${write}\n`,
  ),
);
process.stdout.write(lines.join(''));
if (lines.length > 0) {
  process.stderr.write(`${lines.length} words that house English does not use\n`);
  process.exitCode = 1;
}
