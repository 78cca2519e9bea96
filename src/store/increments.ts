import type { Doc, Increment } from './port.ts';
import { greater, lesser } from './text.ts';

/** Increments of one document, merged. */
interface Merged extends Increment {
  readonly add: Record<string, number>;
  readonly min: Record<string, string>;
  readonly max: Record<string, string>;
}

/** Merges increments per document; the result equals applying them one by one. */
export function mergedIncrements(increments: readonly Increment[]): readonly Increment[] {
  if (increments.length < 2) return increments;
  const byKey = new Map<string, Merged>();
  for (const increment of increments) {
    const { key, init = {} } = increment;
    let merged = byKey.get(key);
    if (!merged) {
      merged = { key, init, add: {}, min: {}, max: {} };
      byKey.set(key, merged);
    }
    merge(merged, increment);
  }
  return [...byKey.values()];
}

function merge(into: Merged, { add = {}, min = {}, max = {} }: Increment): void {
  for (const field in add) into.add[field] = (into.add[field] ?? 0) + (add[field] ?? 0);
  for (const field in min) into.min[field] = lesser(min[field] ?? '', into.min[field]);
  for (const field in max) into.max[field] = greater(max[field] ?? '', into.max[field]);
}

/** The document after an increment; created by it where there is none. */
export function incremented(old: Doc | undefined, { key, init, add, min, max }: Increment): Doc {
  const doc: Record<string, unknown> = old ? { ...old } : { ...init, key, version: 0 };
  for (const field in add)
    doc[field] = ((doc[field] as number | undefined) ?? 0) + (add[field] ?? 0);
  for (const field in min) doc[field] = lesser(min[field] ?? '', doc[field] as string | undefined);
  for (const field in max) doc[field] = greater(max[field] ?? '', doc[field] as string | undefined);
  return doc as unknown as Doc;
}
