import { diffLines } from 'diff';

/** Lines that follow each other, as the API has them. */
export interface LineRun {
  readonly kind: 'SAME' | 'ADDED' | 'REMOVED';
  readonly lines: readonly string[];
}

/** The lines of two texts. Removed lines precede added ones. */
export function lineRuns(before: string, after: string): readonly LineRun[] {
  // A last line without an end would differ from the same line with one.
  return diffLines(ended(before), ended(after)).map(({ value, added, removed }) => ({
    kind: added ? 'ADDED' : removed ? 'REMOVED' : 'SAME',
    lines: value.replace(/\n$/, '').split('\n'),
  }));
}

function ended(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}
