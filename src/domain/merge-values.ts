import { fieldPath } from './field-paths.ts';
import { isSameJson } from './json.ts';
import type { Effort } from './line-diff.ts';
import { mergedText } from './merge-lines.ts';

/** The side that wins a conflict: the agent as it is, or the definition that is imported. */
export const SIDES = ['theirs', 'yours'] as const;
export type Side = (typeof SIDES)[number];

/** Three versions of a value: the one that both sides started from, and what each made of it. */
export interface Versions<V> {
  readonly base: V;
  readonly theirs: V;
  readonly yours: V;
}

/**
 * A field that both sides changed, each in its own way. A version that has no value is absent. Of
 * the place of an item in its list, the versions are the id of the item in front of it, null for
 * the first.
 */
export interface FieldConflict extends Partial<Versions<unknown>> {
  /** Of a list with ids: the item that the field belongs to. */
  readonly itemId?: string;
  /**
   * Within the section, or within its item (field-paths.ts). Empty for an item that one side removed
   * and the other changed, for the place of an item, and for a section that is a list of texts.
   */
  readonly path: string;
}

export interface Merged<V> {
  readonly value: V;
  readonly conflicts: readonly FieldConflict[];
}

export interface MergeOptions {
  /** The side that conflicts are resolved to. */
  readonly prefer: Side;
  /** For texts of several lines. */
  readonly effort: Effort;
}

/**
 * Merges JSON field by field. Objects are opened, texts of several lines are merged by lines; any
 * other value is one field, a list too.
 *
 * @param versions undefined where there is no value
 */
export function mergedJson(versions: Versions<unknown>, options: MergeOptions): Merged<unknown> {
  const conflicts: FieldConflict[] = [];
  const value = mergedAt([], versions, options, conflicts);
  return { value, conflicts };
}

function mergedAt(
  steps: readonly string[],
  versions: Versions<unknown>,
  options: MergeOptions,
  conflicts: FieldConflict[],
): unknown {
  const { base, theirs, yours } = versions;
  if (isSameJson(base, yours) || isSameJson(theirs, yours)) return theirs;
  if (isSameJson(base, theirs)) return yours;
  if (isRecord(theirs) && isRecord(yours)) {
    const names = new Set([...Object.keys(theirs), ...Object.keys(yours)]);
    const fields = [...names].flatMap((name) => {
      const of = (value: unknown) => (isRecord(value) ? own(value, name) : undefined);
      const inner = { base: of(base), theirs: of(theirs), yours: of(yours) };
      const value = mergedAt([...steps, name], inner, options, conflicts);
      return value === undefined ? [] : [[name, value] as const];
    });
    return Object.fromEntries(fields);
  }
  if (typeof base === 'string' && typeof theirs === 'string' && typeof yours === 'string') {
    const text = mergedText({ base, theirs, yours }, options.effort);
    if (text !== undefined) return text;
  }
  conflicts.push({ path: fieldPath(steps), ...presentIn(versions) });
  return versions[options.prefer];
}

/** The versions that have a value. */
function presentIn({ base, theirs, yours }: Versions<unknown>): Partial<Versions<unknown>> {
  return {
    ...(base !== undefined && { base }),
    ...(theirs !== undefined && { theirs }),
    ...(yours !== undefined && { yours }),
  };
}

type Fields = Readonly<Record<string, unknown>>;

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function own(value: Fields, name: string): unknown {
  return Object.hasOwn(value, name) ? value[name] : undefined;
}
