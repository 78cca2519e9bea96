import { type ChangeObject, diffArrays } from 'diff';

export const LINE_KINDS = ['same', 'added', 'removed'] as const;
export type LineKind = (typeof LINE_KINDS)[number];

/** Lines that follow each other. */
export interface LineRun {
  readonly kind: LineKind;
  readonly lines: readonly string[];
}

/**
 * Lines that may differ before the rest counts as replaced as a whole. Bounds the work, which is
 * the product of this number and the number of lines.
 */
const MAX_EDITS = 500;

/**
 * The work that is left for several diffs. Each needs the square of the number of lines that turn out to
 * differ, and the number of lines between the first and the last of them.
 */
export interface Effort {
  left: number;
}

/**
 * The runs of lines that turn one text into the other. Removed lines precede added ones.
 *
 * @param effort what the diff needs is subtracted from it, until nothing is left. If it does not
 *   suffice, all lines between the first and the last that differ count as replaced
 */
export function lineDiff(before: string, after: string, effort?: Effort): readonly LineRun[] {
  if (before === after) return run('same', linesOf(before));
  const old = linesOf(before);
  const now = linesOf(after);
  const start = commonLength(old, now);
  const end = commonEnd(old, now, Math.min(old.length, now.length) - start);
  return [
    ...run('same', old.slice(0, start)),
    ...middle(old.slice(start, old.length - end), now.slice(start, now.length - end), effort),
    ...run('same', old.slice(old.length - end)),
  ];
}

function middle(
  old: readonly string[],
  now: readonly string[],
  effort: Effort | undefined,
): readonly LineRun[] {
  const maxEditLength = Math.min(MAX_EDITS, Math.floor(Math.sqrt(effort?.left ?? Infinity)));
  const changes = diffArrays([...old], [...now], { maxEditLength });
  if (effort) {
    const needed = (changes ? editsIn(changes) : maxEditLength) ** 2 + old.length + now.length;
    effort.left = Math.max(0, effort.left - needed);
  }
  if (!changes) return [...run('removed', old), ...run('added', now)];
  const runs = changes.flatMap(({ value, added, removed }) =>
    run(added ? 'added' : removed ? 'removed' : 'same', value),
  );
  return old.length === now.length ? (inPlace(old, now, sameIn(runs)) ?? runs) : runs;
}

function editsIn(changes: readonly ChangeObject<readonly string[]>[]): number {
  return changes.reduce((sum, it) => sum + (it.added || it.removed ? it.value.length : 0), 0);
}

/**
 * Of texts with as many lines: each line against the one in its place, if as many lines are the same
 * then. Equal lines can be matched in several ways, and only this one keeps all of them in place.
 */
function inPlace(
  old: readonly string[],
  now: readonly string[],
  same: number,
): readonly LineRun[] | undefined {
  const kept = old.map((line, i) => line === now[i]);
  if (kept.filter(Boolean).length < same) return undefined;
  const runs: LineRun[] = [];
  for (let start = 0; start < old.length; ) {
    const next = kept.indexOf(!kept[start], start);
    const end = next < 0 ? old.length : next;
    const lines = old.slice(start, end);
    if (kept[start]) runs.push(...run('same', lines));
    else runs.push(...run('removed', lines), ...run('added', now.slice(start, end)));
    start = end;
  }
  return runs;
}

function sameIn(runs: readonly LineRun[]): number {
  return runs.reduce((sum, { kind, lines }) => sum + (kind === 'same' ? lines.length : 0), 0);
}

function run(kind: LineRun['kind'], lines: readonly string[]): readonly LineRun[] {
  return lines.length === 0 ? [] : [{ kind, lines }];
}

function linesOf(text: string): readonly string[] {
  return text === '' ? [] : text.split('\n');
}

function commonLength(one: readonly string[], other: readonly string[]): number {
  const different = one.findIndex((line, i) => line !== other[i]);
  return different < 0 ? one.length : different;
}

/** How many lines at the end are the same, at most `most`. */
function commonEnd(one: readonly string[], other: readonly string[], most: number): number {
  let same = 0;
  while (same < most && one[one.length - 1 - same] === other[other.length - 1 - same]) same += 1;
  return same;
}
