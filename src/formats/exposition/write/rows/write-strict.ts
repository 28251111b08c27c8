/**
 * Rows that OpenMetrics has no place for as they are, and that end a page for strict readers: a sum that is NaN or negative, and
 * negative quantiles (OpenMetrics 1.0, "Histogram", "Summary"). They are left out; of a histogram its count, too, which is never
 * without a sum.
 */
import type { FamilyView } from '../../../../core/store/index.ts';
import type { RowWriter } from './write-row.ts';

/** `writer`, but for rows with such values, which `inPart` writes. `onLeftOut` is called for each of these. */
export function strictWriter({ rowLayout }: FamilyView, writer: RowWriter, inPart: RowWriter, onLeftOut: () => void): RowWriter {
  if (rowLayout.form === 'number') return writer;
  const { sum } = rowLayout;
  const quantiles = rowLayout.form === 'summary' ? rowLayout.quantiles.length : 0;
  const first = rowLayout.form === 'summary' ? rowLayout.firstQuantile : 0;

  return (out, lines, cells, cellAt, family, row) => {
    let isWhole = (cells[cellAt + sum] as number) >= 0;
    for (let index = 0; index < quantiles; index++) if ((cells[cellAt + first + index] as number) < 0) isWhole = false;
    if (isWhole) return writer(out, lines, cells, cellAt, family, row);
    onLeftOut();
    return inPart(out, lines, cells, cellAt, family, row);
  };
}
