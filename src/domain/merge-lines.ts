import { isSameJson } from './json.ts';
import { type Effort, lineDiff } from './line-diff.ts';
import { type LineEdit, lineEdits } from './line-edits.ts';
import type { Side, Versions } from './merge-values.ts';

/** An edit of one side. */
interface Edit extends LineEdit {
  readonly side: Side;
}

/** Edits that overlap or touch, or could, and the lines of the base that they are about. */
interface Region {
  readonly start: number;
  readonly end: number;
  readonly edits: readonly Edit[];
}

/**
 * Merges a text of several lines, as diff3 does: edits of lines that neither overlap nor touch are
 * both made. An edit that could as well be of other lines, which are equal, overlaps with edits of
 * those, too.
 *
 * @returns undefined if both sides edited the same lines, or lines next to each other, for a base of
 *   one line, and if no effort is left
 */
export function mergedText(
  { base, theirs, yours }: Versions<string>,
  effort: Effort,
): string | undefined {
  if (!base.includes('\n') || effort.left === 0) return undefined;
  const lines = base.split('\n');
  const editsOf = (side: Side, text: string): readonly Edit[] =>
    lineEdits(lines, lineDiff(base, text, effort)).map((edit) => ({ side, ...edit }));
  const edits = [...editsOf('theirs', theirs), ...editsOf('yours', yours)];
  const merged: string[] = [];
  let next = 0;
  for (const region of regionsOf(edits)) {
    const replacement = replacementOf(lines, region);
    if (!replacement) return undefined;
    merged.push(...lines.slice(next, region.start), ...replacement);
    next = region.end;
  }
  return [...merged, ...lines.slice(next)].join('\n');
}

function regionsOf(edits: readonly Edit[]): readonly Region[] {
  const regions: Region[] = [];
  for (const edit of edits.toSorted((a, b) => a.from - b.from)) {
    const { from, to } = edit;
    const last = regions.at(-1);
    if (last && from <= last.end) {
      const end = Math.max(last.end, to);
      regions[regions.length - 1] = { ...last, end, edits: [...last.edits, edit] };
    } else regions.push({ start: from, end: to, edits: [edit] });
  }
  return regions;
}

/** Undefined if both sides have edits there, and they differ. */
function replacementOf(base: readonly string[], region: Region): readonly string[] | undefined {
  const of = (side: Side) => region.edits.filter((edit) => edit.side === side);
  const [theirs, yours] = [of('theirs'), of('yours')];
  if (yours.length === 0) return replaced(base, region, theirs);
  if (theirs.length === 0) return replaced(base, region, yours);
  const lines = replaced(base, region, theirs);
  return isSameJson(lines, replaced(base, region, yours)) ? lines : undefined;
}

/** The lines of a region after edits of one side. */
function replaced(
  base: readonly string[],
  { start, end }: Region,
  edits: readonly Edit[],
): readonly string[] {
  const lines: string[] = [];
  let next = start;
  for (const edit of edits) {
    lines.push(...base.slice(next, edit.start), ...edit.lines);
    next = edit.end;
  }
  return [...lines, ...base.slice(next, end)];
}
