import { readFileSync } from 'node:fs';

/**
 * What `npm start` runs, without the program that runs it.
 *
 * @throws TypeError when the script does not run node
 */
export function nodeArguments(script: string): readonly string[] {
  const [, given] = /^(?:exec )?node (.+)$/.exec(script) ?? [];
  if (given === undefined) throw new TypeError(`not a node command: ${script}`);
  return given.split(' ');
}

/** The arguments of node in this project's `npm start`. */
export function npmStartArguments(): readonly string[] {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    scripts: { start: string };
  };
  return nodeArguments(scripts.start);
}

/** Of node's arguments those for node itself: before the program's name. */
export function nodeFlags(given: readonly string[]): readonly string[] {
  const program = given.findIndex((argument) => !argument.startsWith('-'));
  return program === -1 ? given : given.slice(0, program);
}
