import type { LineRun } from './line-diff.ts';

/** Changed lines that are close to each other, with the lines around them. */
export interface LineHunk {
  /** The number of its first line in the text before, from 1. */
  readonly beforeStart: number;
  /** The number of its first line in the text after, from 1. */
  readonly afterStart: number;
  readonly runs: readonly LineRun[];
}

/** The changed lines of a text. */
export interface ChangedLines {
  readonly hunks: readonly LineHunk[];
  /** Whether the hunks contain every changed line. */
  readonly isComplete: boolean;
}

/** Unchanged lines around changed ones, as in a unified diff. */
const CONTEXT = 3;

/**
 * The changed lines of a diff with `CONTEXT` unchanged lines around them.
 *
 * @param maxCharacters of all lines; the hunks end in front of the line that exceeds it
 */
export function changedLines(runs: readonly LineRun[], maxCharacters: number): ChangedLines {
  const hunks: LineHunk[] = [];
  let left = maxCharacters;
  for (const hunk of hunksOf(runs)) {
    const kept = within(hunk.runs, left);
    if (kept.runs.length > 0) hunks.push({ ...hunk, runs: kept.runs });
    left = kept.left;
    if (left < 0) return { hunks, isComplete: false };
  }
  return { hunks, isComplete: true };
}

function hunksOf(runs: readonly LineRun[]): readonly LineHunk[] {
  const hunks: LineHunk[] = [];
  let open: LineRun[] | undefined;
  let before = 1;
  let after = 1;
  runs.forEach(({ kind, lines }, i) => {
    const { length } = lines;
    const isLast = i === runs.length - 1;
    if (kind !== 'same' || (open && !isLast && length <= 2 * CONTEXT)) {
      open ??= opened(hunks, before, after);
      open.push({ kind, lines });
    } else {
      if (open) open.push({ kind, lines: lines.slice(0, CONTEXT) });
      open = undefined;
      const skipped = Math.max(0, length - CONTEXT);
      if (!isLast) {
        open = opened(hunks, before + skipped, after + skipped);
        open.push({ kind, lines: lines.slice(skipped) });
      }
    }
    if (kind !== 'added') before += length;
    if (kind !== 'removed') after += length;
  });
  return hunks;
}

/** Adds a hunk. @returns its runs */
function opened(hunks: LineHunk[], beforeStart: number, afterStart: number): LineRun[] {
  const runs: LineRun[] = [];
  hunks.push({ beforeStart, afterStart, runs });
  return runs;
}

/** @returns `left` negative if a line is left out */
function within(runs: readonly LineRun[], max: number) {
  const kept: LineRun[] = [];
  let left = max;
  for (const { kind, lines } of runs) {
    const excess = lines.findIndex((line) => {
      // Its end counts too.
      left -= line.length + 1;
      return left < 0;
    });
    if (excess < 0) kept.push({ kind, lines });
    else {
      if (excess > 0) kept.push({ kind, lines: lines.slice(0, excess) });
      break;
    }
  }
  return { runs: kept, left };
}
