/** Where an item of a list is: behind the item of that id; first if it is null. */
export interface Place {
  readonly id: string;
  readonly behind: string | null;
}

/** The place of each, by id. */
export function placesOf(ids: readonly string[]): ReadonlyMap<string, string | null> {
  return new Map(ids.map((id, i) => [id, ids[i - 1] ?? null]));
}

/**
 * The ids with some put at new places, one after the other. An id whose neighbour does
 * not exist is put last.
 */
export function withPlaces(ids: readonly string[], places: readonly Place[]): string[] {
  const lifted = new Set(places.map(({ id }) => id));
  const order = ids.filter((id) => !lifted.has(id));
  for (const { id, behind } of places) {
    const neighbour = behind === null ? -1 : order.indexOf(behind);
    const isLast = behind !== null && neighbour === -1;
    order.splice(isLast ? order.length : neighbour + 1, 0, id);
  }
  return order;
}

/**
 * The fewest ids to move so that those that both lists have are in the order of
 * `after`: all but a longest common subsequence.
 *
 * @param before without repetitions
 * @param after without repetitions
 */
export function movedIds(before: readonly string[], after: readonly string[]): ReadonlySet<string> {
  const indexes = new Map(before.map((id, i) => [id, i]));
  const common = after.flatMap((id) => {
    const index = indexes.get(id);
    return index === undefined ? [] : [{ id, index }];
  });
  const unmoved = new Set(longestAscending(common));
  return new Set(common.filter((it) => !unmoved.has(it)).map(({ id }) => id));
}

interface Indexed {
  readonly id: string;
  readonly index: number;
}

/** An ascending run, linked from its end. */
interface Run {
  readonly last: Indexed;
  readonly previous: Run | undefined;
}

/** Patience sorting: `runs[n]` is the ascending run of n + 1 items whose end is lowest. */
function longestAscending(items: readonly Indexed[]): Indexed[] {
  const runs: Run[] = [];
  for (const last of items) {
    const longer = runs.findIndex((run) => run.last.index > last.index);
    const length = longer === -1 ? runs.length : longer;
    runs[length] = { last, previous: runs[length - 1] };
  }
  const longest: Indexed[] = [];
  for (let run = runs.at(-1); run; run = run.previous) longest.push(run.last);
  return longest;
}
