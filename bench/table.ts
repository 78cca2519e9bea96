/** A cell: a text, a number with its digits, or nothing. */
export type Cell = string | readonly [value: number, digits: number] | undefined;

/**
 * A table as plain text: the first column to the left, the others to the right.
 * An undefined cell shows as a dash.
 */
export function table(heads: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const lines = [heads, ...rows.map((row) => heads.map((_, i) => textOf(row[i])))];
  const widths = heads.map((_, i) => Math.max(...lines.map((line) => (line[i] ?? '').length)));
  return lines.map((line) => `${padded(line, widths).join('  ').trimEnd()}\n`).join('');
}

function textOf(cell: Cell): string {
  if (cell === undefined) return '–';
  return typeof cell === 'string' ? cell : cell[0].toFixed(cell[1]);
}

function padded(line: readonly string[], widths: readonly number[]): string[] {
  return line.map((text, i) =>
    i === 0 ? text.padEnd(widths[i] ?? 0) : text.padStart(widths[i] ?? 0),
  );
}
