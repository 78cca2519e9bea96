import { isSameJson } from './json.ts';
import { movedIds, placesOf } from './list-order.ts';
import type { FieldConflict, Merged, Side, Versions } from './merge-values.ts';

type Ids = readonly string[];

/**
 * Merges the orders of a list. Of two items, the order that a side changed wins. Items that not all
 * versions have are put behind the item that they follow on their side.
 *
 * A conflict is an item that both sides moved to different places, or moves of both sides that
 * cannot all be made.
 *
 * @param versions the ids that the merged list has, without repetitions
 * @param prefer the side that conflicts are resolved to
 */
export function mergedOrder(versions: Versions<Ids>, prefer: Side): Merged<Ids> {
  const { base, theirs, yours } = versions;
  const isCommon = inAll([base, theirs, yours].map((ids) => new Set(ids)));
  const common = (ids: Ids) => ids.filter(isCommon);
  const order = commonOrder(
    { base: common(base), theirs: common(theirs), yours: common(yours) },
    prefer,
  );
  const added = addedItems(theirs, yours, isCommon, prefer);
  const behind = (anchor: string | null) => added.value.get(anchor) ?? [];
  const value = [...behind(null), ...order.value.flatMap((id) => [id, ...behind(id)])];
  const clashing = [...order.conflicts, ...added.conflicts];
  return { value, conflicts: clashing.map((id) => placeConflict(id, versions)) };
}

interface Clashes<V> {
  readonly value: V;
  /** The ids whose places clash. */
  readonly conflicts: Ids;
}

/** @param versions of the same ids */
function commonOrder({ base, theirs, yours }: Versions<Ids>, prefer: Side): Clashes<Ids> {
  if (isSameJson(base, yours) || isSameJson(theirs, yours)) return { value: theirs, conflicts: [] };
  if (isSameJson(base, theirs)) return { value: yours, conflicts: [] };
  // Items are numbers from here on: their indexes in the base.
  const their = ranksIn(base, theirs);
  const your = ranksIn(base, yours);
  const followers = base.map((_, i) => {
    const isBefore = (j: number) => precedes(isFlipped(their, i, j) ? their : your, i, j);
    return base.reduce((count, _, j) => (isBefore(j) ? count + 1 : count), 0);
  });
  // The order of each two items is decided. All of them fit only if no two items have equally many behind them.
  const isCyclic = new Set(followers).size < base.length;
  const [theirMoves, yourMoves] = [movedIds(base, theirs), movedIds(base, yours)];
  const clashing = base.filter((id, i) => {
    if (!theirMoves.has(id) || !yourMoves.has(id)) return false;
    return base.some((_, j) => isFlipped(their, i, j) !== isFlipped(your, i, j));
  });
  const conflicts = isCyclic ? [...new Set([...theirMoves, ...yourMoves])] : clashing;
  if (conflicts.length > 0) return { value: prefer === 'theirs' ? theirs : yours, conflicts };
  const value = base
    .map((id, i) => ({ id, behind: followers[i] ?? 0 }))
    .sort((a, b) => b.behind - a.behind);
  return { value: value.map(({ id }) => id), conflicts };
}

/** The place of each item of the base in a list. */
function ranksIn(base: Ids, ids: Ids): readonly number[] {
  const places = new Map(ids.map((id, i) => [id, i]));
  return base.map((id) => places.get(id) ?? 0);
}

function precedes(ranks: readonly number[], i: number, j: number): boolean {
  return (ranks[i] ?? 0) < (ranks[j] ?? 0);
}

/** Whether a list has two items in another order than the base. */
function isFlipped(ranks: readonly number[], i: number, j: number): boolean {
  return i !== j && precedes(ranks, i, j) !== i < j;
}

/** The items that not all versions have, by the common item that they follow. */
function addedItems(
  theirs: Ids,
  yours: Ids,
  isCommon: (id: string) => boolean,
  prefer: Side,
): Clashes<ReadonlyMap<string | null, Ids>> {
  const blocks = { theirs: blocksOf(theirs, isCommon), yours: blocksOf(yours, isCommon) };
  const other: Side = prefer === 'theirs' ? 'yours' : 'theirs';
  const conflicts: string[] = [];
  const preferred = new Map([...blocks[prefer]].flatMap(([at, ids]) => ids.map((id) => [id, at])));
  const merged = new Map(blocks[prefer]);
  for (const [anchor, ids] of blocks[other]) {
    const block = merged.get(anchor) ?? [];
    const shared = ids.filter((id) => preferred.has(id));
    const together = shared.filter((id) => preferred.get(id) === anchor);
    const inOrder = block.filter((id) => together.includes(id));
    conflicts.push(...shared.filter((id) => preferred.get(id) !== anchor));
    if (!isSameJson(together, inOrder)) conflicts.push(...together);
    merged.set(anchor, joined(block, ids, inOrder, preferred));
  }
  return { value: merged, conflicts };
}

/**
 * One block of two, with the shared items once. Between them, what begins with the lower id is
 * first, so that it does not matter which side is which.
 */
function joined(
  block: Ids,
  other: Ids,
  shared: Ids,
  placed: ReadonlyMap<string, string | null>,
): Ids {
  const result: string[] = [];
  let [from, otherFrom] = [0, 0];
  for (const id of [...shared, undefined]) {
    const to = id === undefined ? block.length : block.indexOf(id);
    const otherAt = id === undefined ? other.length : other.indexOf(id);
    const otherTo = Math.max(otherFrom, otherAt);
    const own = block.slice(from, to);
    const others = other.slice(otherFrom, otherTo).filter((it) => !placed.has(it));
    const isFirst = (others[0] ?? '') >= (own[0] ?? '');
    result.push(...(isFirst ? [...own, ...others] : [...others, ...own]));
    if (id !== undefined) result.push(id);
    [from, otherFrom] = [to + 1, Math.max(otherFrom, otherAt + 1)];
  }
  return result;
}

function blocksOf(
  ids: Ids,
  isCommon: (id: string) => boolean,
): ReadonlyMap<string | null, readonly string[]> {
  const blocks = new Map<string | null, string[]>();
  let anchor: string | null = null;
  for (const id of ids) {
    if (isCommon(id)) anchor = id;
    else blocks.set(anchor, [...(blocks.get(anchor) ?? []), id]);
  }
  return blocks;
}

function placeConflict(itemId: string, versions: Versions<Ids>): FieldConflict {
  const place = (side: keyof Versions<Ids>) => {
    const behind = placesOf(versions[side]).get(itemId);
    return behind === undefined ? {} : { [side]: behind };
  };
  return { itemId, path: '', ...place('base'), ...place('theirs'), ...place('yours') };
}

function inAll(sets: readonly ReadonlySet<string>[]): (id: string) => boolean {
  return (id) => sets.every((ids) => ids.has(id));
}
