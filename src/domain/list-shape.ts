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
import { type FieldChange, leafChangesIn, type Shape } from './shapes.ts';

/** The leaves of each item without its id, by id, in the order of the list. */
type Items = ReadonlyMap<string, Leaves>;

const NO_LEAVES: Leaves = new Map();

/**
 * A list of objects, which are matched by id.
 *
 * @param idField the field that identifies an item in its list
 */
export function listShape<T extends object>(
  idField: keyof T & string,
  given: Fields<T>,
): Shape<readonly T[]> {
  const fields = given as unknown as FieldTable;
  const implied = freeFormFields(fields);
  const ordered = (value: readonly T[]) => inOrder(value, fields) as readonly T[];

  const itemsOf = (value: readonly T[]): Items =>
    new Map(
      ordered(value).map(({ [idField]: id, ...rest }) => [id as string, leavesOf(rest, implied)]),
    );
  const itemOf = (id: string, leaves: Leaves) =>
    ({ [idField]: id, ...objectOf(leaves, implied) }) as T;

  return {
    ordered,
    diff: (before, after) => itemChanges(itemsOf(before), itemsOf(after)),
    patch: (value, changes) => {
      const items = patchedItems(itemsOf(value), changes);
      return ordered([...items].map(([id, leaves]) => itemOf(id, leaves)));
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
