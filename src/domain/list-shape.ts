import { type Fields, type FieldTable, freeFormFields, inOrder } from './fields.ts';
import {
  type LeafChange,
  type Leaves,
  leafChanges,
  leavesOf,
  objectOf,
  patchedLeaves,
} from './leaves.ts';
import { movedIds, placesOf, withPlaces } from './list-order.ts';
import { mergedOrder } from './merge-order.ts';
import { type FieldConflict, mergedJson, type Versions } from './merge-values.ts';
import {
  eachVersion,
  type FieldChange,
  leafChangesIn,
  type PartMergeOptions,
  type Shape,
} from './shapes.ts';

/** The leaves of each item without its id, by id, in the order of the list. */
type Items = ReadonlyMap<string, Leaves>;

const NO_LEAVES: Leaves = new Map();

/** The fields of each item without its id, by id, in the order of the list. */
type Bodies = ReadonlyMap<string, object>;

/**
 * A list of objects, which are matched by id.
 *
 * @param idField the field that identifies an item in its list
 * @param rankField a number that the list is ordered by, before the position
 */
export function listShape<T extends object>(
  idField: keyof T & string,
  given: Fields<T>,
  rankField?: keyof T & string,
): Shape<readonly T[]> {
  const fields = given as unknown as FieldTable;
  const implied = freeFormFields(fields);
  const ordered = (value: readonly T[]) => inOrder(value, fields) as readonly T[];

  const bodiesOf = (value: readonly T[]): Bodies =>
    new Map(ordered(value).map(({ [idField]: id, ...rest }) => [id as string, rest]));
  const itemsOf = (value: readonly T[]): Items =>
    new Map([...bodiesOf(value)].map(([id, body]) => [id, leavesOf(body, implied)]));
  const itemOf = (id: string, leaves: Leaves) =>
    ({ [idField]: id, ...objectOf(leaves, implied) }) as T;
  const rankOf = (body: object) => (rankField ? Number((body as T)[rankField]) : 0);

  return {
    ordered,
    diff: (before, after) => itemChanges(itemsOf(before), itemsOf(after)),
    patch: (value, changes) => {
      const items = patchedItems(itemsOf(value), changes);
      return ordered([...items].map(([id, leaves]) => itemOf(id, leaves)));
    },
    merge: (versions, options) => {
      const lists = eachVersion(versions, bodiesOf);
      const { bodies, conflicts } = mergedItems(lists, options);
      const order = orderedItems(lists, bodies, options, rankOf);
      const items = order.value.map((id) => ({ [idField]: id, ...bodies.get(id) }) as T);
      return { value: ordered(items), conflicts: [...conflicts, ...order.conflicts] };
    },
  };
}

function itemChanges(before: Items, after: Items): FieldChange[] {
  const moved = movedIds([...before.keys()], [...after.keys()]);
  const oldPlaces = placesOf([...before.keys()]);
  const places = placesOf([...after.keys()]);
  const kept = [...after].flatMap(([itemId, leaves]) => {
    const place = { itemId, path: '', after: places.get(itemId) ?? null };
    const old = before.get(itemId);
    const own: FieldChange[] = [];
    if (!old) own.push({ ...place, kind: 'added' });
    if (moved.has(itemId)) {
      own.push({ ...place, kind: 'moved', before: oldPlaces.get(itemId) ?? null });
    }
    return [...own, ...ofItem(itemId, leafChanges(old ?? NO_LEAVES, leaves))];
  });
  const removed = [...before].flatMap(([itemId, leaves]): FieldChange[] => {
    if (after.has(itemId)) return [];
    const place = { itemId, path: '', before: oldPlaces.get(itemId) ?? null };
    return [{ ...place, kind: 'removed' }, ...ofItem(itemId, leafChanges(leaves, NO_LEAVES))];
  });
  return [...kept, ...removed];
}

function ofItem(itemId: string, changes: readonly LeafChange[]): FieldChange[] {
  return changes.map((change) => ({ itemId, ...change }));
}

function patchedItems(items: Items, changes: readonly FieldChange[]): Items {
  const patched = new Map(items);
  for (const [id, own] of byItem(changes)) {
    const place = own.find(({ path }) => path === '');
    const leaves = place?.kind === 'added' ? (items.get(id) ?? NO_LEAVES) : items.get(id);
    if (place?.kind === 'removed') patched.delete(id);
    else if (leaves) {
      const fields = own.filter((change) => change !== place);
      patched.set(id, patchedLeaves(leaves, leafChangesIn(fields)));
    }
  }
  const places = changes.flatMap(({ itemId: id = '', path, kind, after }) => {
    const isPlaced = path === '' && kind !== 'removed' && patched.has(id);
    return isPlaced ? [{ id, behind: after as string | null }] : [];
  });
  const order = withPlaces([...patched.keys()], places);
  return new Map(order.map((id) => [id, patched.get(id) ?? NO_LEAVES]));
}

function byItem(changes: readonly FieldChange[]): ReadonlyMap<string, readonly FieldChange[]> {
  const groups = new Map<string, FieldChange[]>();
  for (const change of changes) {
    const { itemId = '' } = change;
    const group = groups.get(itemId);
    if (group) group.push(change);
    else groups.set(itemId, [change]);
  }
  return groups;
}

/** The items that the merged list has, in any order. */
function mergedItems(
  { base, theirs, yours }: Versions<Bodies>,
  options: PartMergeOptions,
): { readonly bodies: Bodies; readonly conflicts: readonly FieldConflict[] } {
  const bodies = new Map<string, object>();
  const conflicts: FieldConflict[] = [];
  for (const itemId of new Set([...theirs.keys(), ...yours.keys()])) {
    const versions = {
      base: base.get(itemId),
      theirs: theirs.get(itemId),
      yours: yours.get(itemId),
    };
    const isCovert =
      options.touched.has(itemId) && versions.base && versions.theirs && !versions.yours;
    const merged = isCovert
      ? { value: versions[options.prefer], conflicts: [{ path: '', ...versions }] }
      : mergedJson(versions, options);
    if (merged.value !== undefined) bodies.set(itemId, merged.value as object);
    conflicts.push(...merged.conflicts.map((conflict) => ({ itemId, ...conflict })));
  }
  return { bodies, conflicts };
}

/**
 * The order of a merged list. Items of different ranks are in the order of their ranks, so only the
 * places among those of one rank are merged.
 */
function orderedItems(
  lists: Versions<Bodies>,
  bodies: Bodies,
  { prefer }: PartMergeOptions,
  rankOf: (body: object) => number,
) {
  const ids = eachVersion(lists, (list) => [...list.keys()]);
  const ranks = [...new Set([...bodies.values()].map(rankOf))].sort((a, b) => a - b);
  const groups = ranks.map((rank) => {
    const kept = new Set([...bodies].filter(([, body]) => rankOf(body) === rank).map(([id]) => id));
    return mergedOrder(
      eachVersion(ids, (list) => list.filter((id) => kept.has(id))),
      prefer,
    );
  });
  return {
    value: groups.flatMap(({ value }) => value),
    conflicts: groups.flatMap(({ conflicts }) => conflicts),
  };
}
