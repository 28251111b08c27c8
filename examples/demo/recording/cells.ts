/** A line of a terminal as the texts of which it consists, each with its column: so that columns hold in every font. */
import type { Line, Style } from '../../../src/tools/demo/board/board-lines.ts';
import { widthOf } from '../../../src/tools/demo/board/columns.ts';

export interface Cell {
  /** Of its first character; of its last one where it is aligned to the right. */
  readonly column: number;
  readonly right: boolean;
  readonly text: string;
  readonly style?: Style | undefined;
}

/** A number, or `–` for one that is unknown, is aligned to the right. */
const number = /^(?:–|-?\d[\d.e+-]*)$/;
/** Single spaces are within a text. */
const between = / {2,}/g;

export function cellsOf({ text, style, parts }: Line): readonly Cell[] {
  const cells: Cell[] = [];
  let column = 0;
  for (const part of parts ?? [{ text, ...(style && { style }) }]) {
    let from = 0;
    for (const gap of [...part.text.matchAll(between), undefined]) {
      const piece = part.text.slice(from, gap?.index ?? part.text.length);
      const at = column + widthOf(part.text.slice(0, from));
      if (piece.trim() !== '') cells.push(cellAt(at, piece, part.style));
      if (gap !== undefined) from = gap.index + gap[0].length;
    }
    column += widthOf(part.text);
  }
  return cells;
}

function cellAt(column: number, text: string, style: Style | undefined): Cell {
  // The heads of columns are above numbers.
  const right = number.test(text) || (style === 'dim' && column > 0);
  return { column: right ? column + widthOf(text) : column, right, text, style };
}
