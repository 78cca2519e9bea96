import { diffArrays } from 'diff';

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

/** The runs of lines that turn one text into the other. Removed lines precede added ones. */
export function lineDiff(before: string, after: string): readonly LineRun[] {
  if (before === after) return run('same', linesOf(before));
  const old = linesOf(before);
  const now = linesOf(after);
  const start = commonLength(old, now);
  const end = Math.min(
    commonLength(old.toReversed(), now.toReversed()),
    Math.min(old.length, now.length) - start,
  );
  return [
    ...run('same', old.slice(0, start)),
    ...middle(old.slice(start, old.length - end), now.slice(start, now.length - end)),
    ...run('same', old.slice(old.length - end)),
  ];
}

function middle(old: readonly string[], now: readonly string[]): readonly LineRun[] {
  const changes = diffArrays([...old], [...now], { maxEditLength: MAX_EDITS });
  if (!changes) return [...run('removed', old), ...run('added', now)];
  return changes.flatMap(({ value, added, removed }) =>
    run(added ? 'added' : removed ? 'removed' : 'same', value),
  );
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
