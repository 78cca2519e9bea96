import fc from 'fast-check';
import { expect, it } from 'vitest';
import { movedIds, placesOf, withPlaces } from '../../src/domain/list-order.ts';

const ids = fc.uniqueArray(fc.constantFrom(...'abcdefg'));

it.each([
  ['', '', ''],
  ['abc', 'abc', ''],
  ['abcd', 'dabc', 'd'],
  ['abcd', 'bcda', 'a'],
  ['abc', 'xaby', ''],
  ['abc', 'cxa', 'c'],
])('from %j to %j the fewest moves are of %j', (before, after, moved) => {
  expect([...movedIds([...before], [...after])]).toEqual([...moved]);
});

it('without the moved ids both lists have one order, and putting each back gives the second', () => {
  fc.assert(
    fc.property(ids, ids, (before, after) => {
      const moved = movedIds(before, after);
      const stays = (id: string) => before.includes(id) && after.includes(id) && !moved.has(id);
      expect(before.filter(stays)).toEqual(after.filter(stays));
      const places = placesOf(after);
      const put = after.filter((id) => !stays(id));
      const order = withPlaces(
        before.filter((id) => after.includes(id)),
        put.map((id) => ({ id, behind: places.get(id) ?? null })),
      );
      expect(order).toEqual(after);
    }),
  );
});

it('moves no more ids than any order of moves needs', () => {
  const longest = (a: readonly string[], b: readonly string[]): number => {
    const [first, ...rest] = a;
    if (first === undefined) return 0;
    const at = b.indexOf(first);
    const without = longest(rest, b);
    return at === -1 ? without : Math.max(without, 1 + longest(rest, b.slice(at + 1)));
  };
  fc.assert(
    fc.property(ids, ids, (before, after) => {
      const common = before.filter((id) => after.includes(id)).length;
      expect(movedIds(before, after).size).toBe(common - longest(before, after));
    }),
  );
});
