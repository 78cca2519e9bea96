import { expect, it } from 'vitest';
import type { LineHunk } from '../../src/domain/line-hunks.ts';
import { COLOURED } from '../../src/terminal/change-text.ts';
import { hunkText } from '../../src/terminal/hunk-text.ts';

const hunk: LineHunk = {
  beforeStart: 4,
  afterStart: 5,
  runs: [
    { kind: 'same', lines: ['one', ''] },
    { kind: 'removed', lines: ['cold'] },
    { kind: 'added', lines: ['warm\u0007', 'brief'] },
  ],
};

it('has the places and signs of a unified diff', () => {
  expect(hunkText(hunk)).toBe('@@ -4,3 +5,4 @@\n one\n \n-cold\n+warm\\u0007\n+brief');
});

it('has colours that end with their lines', () => {
  expect(hunkText(hunk, COLOURED).split('\n')).toEqual([
    '\u001b[1m@@ -4,3 +5,4 @@\u001b[0m',
    ' one',
    ' ',
    '\u001b[9;31m-cold\u001b[0m',
    '\u001b[32m+warm\\u0007\u001b[0m',
    '\u001b[32m+brief\u001b[0m',
  ]);
});
