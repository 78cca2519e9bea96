import { expect, it } from 'vitest';
import { lastDays } from '../../console/src/screens/overview/days.ts';

it('sums the hours of each day of the local zone, and leaves out older ones', () => {
  const now = new Date(2026, 10, 25, 15, 30).getTime();
  const at = (...date: [number, number, number, number]) => new Date(...date).toISOString();
  const days = lastDays(
    [
      { start: at(2026, 10, 18, 23), fromUser: 100, fromAgent: 100 },
      { start: at(2026, 10, 19, 0), fromUser: 1, fromAgent: 0 },
      { start: at(2026, 10, 25, 2), fromUser: 2, fromAgent: 3 },
      { start: at(2026, 10, 25, 1), fromUser: 1, fromAgent: 1 },
      { start: at(2026, 10, 25, 15), fromUser: 4, fromAgent: 0 },
    ],
    7,
    now,
  );
  expect(days.map(({ start }) => start.getDate())).toEqual([19, 20, 21, 22, 23, 24, 25]);
  expect(days.map(({ fromUser, fromAgent }) => [fromUser, fromAgent])).toEqual([
    [1, 0],
    ...Array.from({ length: 5 }, () => [0, 0]),
    [7, 4],
  ]);
  const today = days.at(-1)?.parts ?? [];
  expect(today.length).toBe(8);
  expect([today[0], today[5]]).toEqual([
    { fromUser: 3, fromAgent: 4 },
    { fromUser: 4, fromAgent: 0 },
  ]);
});
