import { isSameJson } from './json.ts';
import { type Effort, type LineRun, lineDiff } from './line-diff.ts';
import type { Side, Versions } from './merge-values.ts';

/** Lines of the base that one side replaced. */
interface Edit {
  readonly side: Side;
  /** The index of the first replaced line of the base. */
  readonly start: number;
  /** The index behind the last one; `start` for an insertion. */
  readonly end: number;
  readonly lines: readonly string[];
}

/** Edits that overlap or touch, and the lines of the base that they are about. */
interface Region {
  readonly start: number;
  readonly end: number;
  readonly edits: readonly Edit[];
}

/**
 * Merges a text of several lines, as diff3 does: edits of lines that neither overlap nor touch are
 * both made.
 *
 * @returns undefined if both sides edited the same lines, or lines next to each other, and for a
 *   base of one line
 */
export function mergedText(
  { base, theirs, yours }: Versions<string>,
  effort: Effort,
): string | undefined {
  if (!base.includes('\n')) return undefined;
  const lines = base.split('\n');
  const edits = [
    ...editsOf('theirs', lineDiff(base, theirs, effort)),
    ...editsOf('yours', lineDiff(base, yours, effort)),
  ];
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

function editsOf(side: Side, runs: readonly LineRun[]): readonly Edit[] {
  const edits: Edit[] = [];
  let at = 0;
  let open: Edit | undefined;
  for (const { kind, lines } of runs) {
    if (kind === 'same') {
      if (open) edits.push(open);
      open = undefined;
    } else {
      const edit = open ?? { side, start: at, end: at, lines: [] };
      open =
        kind === 'removed'
          ? { ...edit, end: edit.end + lines.length }
          : { ...edit, lines: [...edit.lines, ...lines] };
    }
    if (kind !== 'added') at += lines.length;
  }
  return open ? [...edits, open] : edits;
}

function regionsOf(edits: readonly Edit[]): readonly Region[] {
  const regions: Region[] = [];
  for (const edit of edits.toSorted((a, b) => a.start - b.start)) {
    const last = regions.at(-1);
    if (last && edit.start <= last.end) {
      const end = Math.max(last.end, edit.end);
      regions[regions.length - 1] = { ...last, end, edits: [...last.edits, edit] };
    } else regions.push({ start: edit.start, end: edit.end, edits: [edit] });
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
