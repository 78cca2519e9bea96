/** Prints a table whose columns are as wide as their widest cell; prints nothing without rows. */
export function printTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  out: NodeJS.WritableStream = process.stdout,
): void {
  if (rows.length === 0) return;
  const all = [header, ...rows];
  const widths = header.map((_, i) => Math.max(...all.map((row) => (row[i] ?? '').length)));
  for (const row of all) {
    const cells = row.map((cell, i) => cell.padEnd(widths[i] ?? 0));
    out.write(`${cells.join('  ').trimEnd()}\n`);
  }
}
