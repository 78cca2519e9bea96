import { fieldPath, fieldSteps, isBelow } from './field-paths.ts';
import { isSameJson } from './json.ts';

/**
 * A JSON object as its leaves, by path (field-paths.ts). Objects are opened; texts,
 * numbers, flags, null, lists and empty objects are leaves.
 */
export type Leaves = ReadonlyMap<string, unknown>;

export interface LeafChange {
  readonly path: string;
  readonly kind: 'added' | 'removed' | 'changed';
  readonly before?: unknown;
  readonly after?: unknown;
}

/** @param implied fields that always exist: empty, they are no leaf */
export function leavesOf(value: object, implied: readonly string[]): Leaves {
  const leaves = new Map<string, unknown>();
  const open = (steps: readonly string[], inner: unknown): void => {
    if (isFilled(inner)) {
      for (const [name, it] of Object.entries(inner)) open([...steps, name], it);
    } else if (!(isEmpty(inner) && steps.length === 1 && implied.includes(steps[0] ?? ''))) {
      leaves.set(fieldPath(steps), inner);
    }
  };
  for (const [name, inner] of Object.entries(value)) open([name], inner);
  return leaves;
}

/** The object with these leaves: the inverse of `leavesOf`. */
export function objectOf(leaves: Leaves, implied: readonly string[]): object {
  const object = built([...leaves].map(([path, leaf]) => ({ steps: fieldSteps(path), leaf })));
  const missing = implied.filter((name) => !Object.hasOwn(object, name));
  return { ...object, ...Object.fromEntries(missing.map((name) => [name, {}])) };
}

export function leafChanges(before: Leaves, after: Leaves): LeafChange[] {
  const changes: LeafChange[] = [];
  for (const [path, now] of after) {
    const old = before.get(path);
    if (!before.has(path)) changes.push({ path, kind: 'added', after: now });
    else if (!isSameJson(old, now)) {
      changes.push({ path, kind: 'changed', before: old, after: now });
    }
  }
  const paths = [...after.keys()];
  for (const [path, old] of before) {
    // An empty object that is filled has not been removed.
    const isKept = after.has(path) || (isEmpty(old) && paths.some((it) => isBelow(it, path)));
    if (!isKept) changes.push({ path, kind: 'removed', before: old });
  }
  return changes;
}

/** A change without `after`, other than a removal, is ignored: its value is a secret. */
export function patchedLeaves(leaves: Leaves, changes: readonly LeafChange[]): Leaves {
  const patched = new Map(leaves);
  for (const { path, kind, ...values } of changes) {
    if (kind === 'removed') patched.delete(path);
    else if ('after' in values) put(patched, path, values.after);
  }
  return patched;
}

/** Leaves within the new one, and the leaf that it is within, are replaced by it. */
function put(leaves: Map<string, unknown>, path: string, value: unknown): void {
  if (!leaves.has(path)) {
    for (const other of [...leaves.keys()]) {
      if (isBelow(other, path) || isBelow(path, other)) leaves.delete(other);
    }
  }
  leaves.set(path, value);
}

interface Branch {
  readonly steps: readonly string[];
  readonly leaf: unknown;
}

/** `Object.fromEntries` makes a field of any name, `__proto__` too. */
function built(branches: readonly Branch[]): object {
  const fields = new Map<string, Branch[]>();
  for (const { steps, leaf } of branches) {
    const [name = '', ...rest] = steps;
    fields.set(name, [...(fields.get(name) ?? []), { steps: rest, leaf }]);
  }
  return Object.fromEntries(
    [...fields].map(([name, inner]) => {
      const leaf = inner.find(({ steps }) => steps.length === 0);
      return [name, leaf ? leaf.leaf : built(inner)];
    }),
  );
}

function isFilled(value: unknown): value is object {
  return isObject(value) && Object.keys(value).length > 0;
}

function isEmpty(value: unknown): boolean {
  return isObject(value) && Object.keys(value).length === 0;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
