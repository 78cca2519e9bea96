import { type Fields, type FieldTable, freeFormFields, inOrder } from './fields.ts';
import { isSameJson } from './json.ts';
import { type LeafChange, leafChanges, leavesOf, objectOf, patchedLeaves } from './leaves.ts';
import { type Merged, type MergeOptions, mergedJson, type Versions } from './merge-values.ts';

export const CHANGE_KINDS = ['added', 'removed', 'changed', 'moved'] as const;

/**
 * The difference of one field between two versions of a section. `before` and `after`
 * are absent where there is no value.
 */
export interface FieldChange {
  /** Of a list with ids: the item that the field belongs to. */
  readonly itemId?: string;
  /**
   * Within the section, or within its item (field-paths.ts). Empty for an item itself
   * that was added, removed or moved: `before` and `after` are then the id of the item in
   * front of it, null for the first. Empty also for a section that is a list of texts.
   */
  readonly path: string;
  readonly kind: (typeof CHANGE_KINDS)[number];
  readonly before?: unknown;
  readonly after?: unknown;
}

/** The form of a section's value: how it is exported, compared and patched. */
export interface Shape<V> {
  /** The value with its fields in the order of an export, without any others. */
  ordered(value: V): V;
  /** One change for each leaf that differs: a text, number, flag or list without ids. */
  diff(before: V, after: V): FieldChange[];
  /**
   * `patch(a, diff(a, b))` equals `b`.
   *
   * Applied to another value than `a`, a change of an item that does not exist is
   * ignored, and an item whose neighbour does not exist is put last. A change without
   * `after`, other than a removal, is ignored: its value is a secret.
   *
   * @param changes in the order of `diff`
   */
  patch(value: V, changes: readonly FieldChange[]): V;
  /** Merges two versions that began as a third one, field by field (merge-values.ts). */
  merge(versions: Versions<V>, options: PartMergeOptions): Merged<V>;
}

export interface PartMergeOptions extends MergeOptions {
  /** The ids of items of which their side changed something that the value does not contain. */
  readonly touched: ReadonlySet<string>;
}

/** @returns the version of each as `make` returns it */
export function eachVersion<A, B>(
  { base, theirs, yours }: Versions<A>,
  make: (value: A) => B,
): Versions<B> {
  return { base: make(base), theirs: make(theirs), yours: make(yours) };
}

/** An object. */
export function recordShape<T extends object>(given: Fields<T>): Shape<T> {
  const fields = given as unknown as FieldTable;
  const implied = freeFormFields(fields);
  const leaves = (value: T) => leavesOf(inOrder(value, fields) as T, implied);
  return {
    ordered: (value) => inOrder(value, fields) as T,
    diff: (before, after) => leafChanges(leaves(before), leaves(after)),
    patch: (value, changes) => {
      const patched = patchedLeaves(leaves(value), leafChangesIn(changes));
      return inOrder(objectOf(patched, implied), fields) as T;
    },
    merge: (versions, options) => {
      const ordered = eachVersion(versions, (value) => inOrder(value, fields));
      const { value, conflicts } = mergedJson(ordered, options);
      return { value: inOrder(value, fields) as T, conflicts };
    },
  };
}

/** An object that may be unset, which is `null`. A patch that leaves no fields unsets it. */
export function optionalShape<T extends object>(fields: Fields<T>): Shape<T | null> {
  const record = recordShape(fields);
  const unset = {} as T;
  return {
    ordered: (value) => value && record.ordered(value),
    diff: (before, after) => record.diff(before ?? unset, after ?? unset),
    patch: (value, changes) => {
      const patched = record.patch(value ?? unset, changes);
      return Object.keys(patched).length === 0 ? null : patched;
    },
    merge: (versions, options) => {
      const ordered = eachVersion(versions, (value) => (value ? record.ordered(value) : undefined));
      const { value, conflicts } = mergedJson(ordered, options);
      return { value: value === undefined ? null : record.ordered(value as T), conflicts };
    },
  };
}

/** A list of texts, which is one leaf. */
export const TEXTS: Shape<readonly string[]> = {
  ordered: (value) => value,
  diff: (before, after) =>
    isSameJson(before, after) ? [] : [{ path: '', kind: 'changed', before, after }],
  patch: (value, changes) =>
    changes.reduce((texts, { after }) => (after as readonly string[] | undefined) ?? texts, value),
  merge: (versions, options) => mergedJson(versions, options) as Merged<readonly string[]>,
};

/** Without moves, which are no changes of leaves. */
export function leafChangesIn(changes: readonly FieldChange[]): LeafChange[] {
  return changes.flatMap(({ kind, ...rest }) => (kind === 'moved' ? [] : [{ kind, ...rest }]));
}
