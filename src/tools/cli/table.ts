/**
 * Rows as aligned columns, with two spaces between them. Control characters, which a file may hold, do not reach the terminal.
 */
import { visible } from '../../core/errors/visible.ts';

export function table(rows: readonly (readonly string[])[]): string {
  const clean = rows.map((row) => row.map(visible));
  const widths: number[] = [];
  for (const row of clean)
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, cell.length);
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return clean.map((row) => `${line(row)}\n`).join('');
}
