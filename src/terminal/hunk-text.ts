import type { LineKind } from '../domain/line-diff.ts';
import type { LineHunk } from '../domain/line-hunks.ts';
import { type Marks, printable } from './change-text.ts';

const SIGNS: Readonly<Record<LineKind, string>> = { same: ' ', added: '+', removed: '-' };

/** Changed lines as in a unified diff. @param marks without them, signs alone mark the lines */
export function hunkText({ beforeStart, afterStart, runs }: LineHunk, marks?: Marks): string {
  const count = (without: LineKind) =>
    runs.reduce((sum, { kind, lines }) => sum + (kind === without ? 0 : lines.length), 0);
  const place = `@@ -${beforeStart},${count('added')} +${afterStart},${count('removed')} @@`;
  const shown = runs.flatMap(({ kind, lines }) =>
    lines.map((line) => {
      const text = `${SIGNS[kind]}${printable(line)}`;
      return kind === 'same' ? text : (marks?.[kind](text) ?? text);
    }),
  );
  return [marks?.heading(place) ?? place, ...shown].join('\n');
}
