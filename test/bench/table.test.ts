import { expect, it } from 'vitest';
import { table } from '../../bench/table.ts';

it('aligns the first column to the left and the others to the right', () => {
  expect(
    table(
      ['request', 'µs', 'ratio'],
      [
        ['small read', [383.4, 0], [20.96, 1]],
        ['304', [9, 0], undefined],
      ],
    ),
  ).toBe('request      µs  ratio\nsmall read  383   21.0\n304           9      –\n');
});

it('shows a row that is too short with dashes', () => {
  expect(table(['a', 'b'], [['x']])).toBe('a  b\nx  –\n');
});
