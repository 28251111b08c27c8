/** Adds one row's cells to another's of the same layout, wherever both are. */

import { readExponential } from './exponential-cells.ts';
import { mergeExponential } from './exponential-record.ts';
import type { RowLayout } from './row-layout.ts';

/**
 * What adds up, and the smaller minimum and the larger maximum. `shown`: so many of `from`'s cells are there, from the first on.
 * Default: those of the value.
 */
export function addRow(
  layout: RowLayout,
  cells: Float64Array,
  at: number,
  from: Float64Array,
  fromAt: number,
  shown = layout.valueCells,
): void {
  const { exponential, summedCells, minMax } = layout;
  const isWhole = shown >= summedCells;
  // Of exponential buckets that are not there, count and sum are.
  const plain = exponential !== undefined && isWhole ? exponential.at : Math.min(shown, summedCells);
  for (let cell = 0; cell < plain; cell++) (cells[at + cell] as number) += from[fromAt + cell] as number;
  if (exponential !== undefined && isWhole)
    mergeExponential(cells, at + plain, exponential.shape, readExponential(from, fromAt + plain, exponential.shape));
  if (minMax === undefined || shown < layout.valueCells) return;
  const { min, max } = minMax;
  cells[at + min] = Math.min(cells[at + min] as number, from[fromAt + min] as number);
  cells[at + max] = Math.max(cells[at + max] as number, from[fromAt + max] as number);
}
