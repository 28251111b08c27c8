/** Columns of a terminal: names to the left, numbers to the right, and always two spaces between them. */
import { visible } from '../../../core/errors/visible.ts';

const gap = '  ';
/** The fewest columns of a name: less could not be recognized. */
const fewest = 12;

/**
 * One line a row. The first cell is a name, aligned to the left; the others are aligned to the right.
 * @param most columns of a line. A longer name loses its middle, but keeps 12 columns. Default: no limit.
 */
export function columns(rows: readonly (readonly string[])[], most = Number.POSITIVE_INFINITY): readonly string[] {
  const clean = rows.map((row) => row.map(visible));
  const widths: number[] = [];
  for (const row of clean) for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, widthOf(cell));
  const [longest = 0, ...numbers] = widths;
  const name = Math.min(longest, Math.max(fewest, most - numbers.reduce((sum, width) => sum + gap.length + width, 0)));
  return clean.map(([first = '', ...rest]) =>
    [padEnd(shortened(first, name), name), ...rest.map((cell, at) => padStart(cell, numbers[at] ?? 0))].join(gap).trimEnd(),
  );
}

/** The columns that a terminal takes for a string: two for a wide character, and never less than it takes. */
export function widthOf(text: string): number {
  let width = 0;
  for (const mark of text) width += isWide(mark.codePointAt(0) ?? 0) ? 2 : 1;
  return width;
}

/** At most so many columns: the beginning and the end, with `…` between them. */
export function shortened(text: string, most: number): string {
  if (widthOf(text) <= most) return text;
  const marks = [...text];
  const end = taken(marks.toReversed(), Math.floor((most - 1) / 2)).reverse();
  const start = taken(marks, most - 1 - widthOf(end.join('')));
  return `${start.join('')}…${end.join('')}`;
}

function taken(marks: readonly string[], most: number): string[] {
  let width = 0;
  const end = marks.findIndex((mark) => {
    width += widthOf(mark);
    return width > most;
  });
  return marks.slice(0, end);
}

function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - widthOf(text))) + text;
}

/** From Hangul on, without punctuation, arrows and frames. */
function isWide(point: number): boolean {
  return point >= 0x1100 && (point < 0x1e00 || point >= 0x2e80);
}
