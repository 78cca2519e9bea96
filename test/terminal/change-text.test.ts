import { expect, it } from 'vitest';
import { changeText, PLAIN } from '../../src/terminal/change-text.ts';

const lines = (...changed: string[]) =>
  ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine']
    .map((line) => changed.find((it) => it.startsWith(line)) ?? line)
    .join('\n');
const textOf = (before: string, after: string) =>
  changeText({ section: 'personality', path: 'text', kind: 'changed', before, after }, PLAIN);

it('shows the lines around a change, and omits the others', () => {
  expect(textOf(lines(), lines('five times')).split('\n')).toEqual([
    'personality text  changed',
    '  …',
    '  three',
    '  four',
    '  five{+ times+}',
    '  six',
    '  seven',
    '  …',
  ]);
});

it('omits lines between changes that are far from each other', () => {
  expect(textOf(lines(), lines('one time', 'nine times')).split('\n').slice(1)).toEqual([
    '  one{+ time+}',
    '  two',
    '  three',
    '  …',
    '  seven',
    '  eight',
    '  nine{+ times+}',
  ]);
});

it('shows every line that was removed or added', () => {
  expect(textOf('one\ntwo\nthree\n', 'one\n')).toContain('  [-two-]\n  [-three-]');
});
