/** Whether a row's cells are a value that its kind can have. Nothing in here allocates: every point of a push is asked. */
import type { Kind } from '../../naming/kind.ts';
import { areCountCells, isCount } from '../value-rule.ts';
import { exponentialCell, negativeCell, rangeCell } from './exponential-cells.ts';
import type { Histograms } from './read-point.ts';
import type { ExponentialPart, RowLayout } from './row-layout.ts';

/**
 * Counts have to be whole, because OTLP's and Prometheus' are unsigned integers; a counter, which is a double there, must not be
 * negative or NaN. Of a histogram that has both buckets, `histograms` says whose counts.
 */
export function hasValue(kind: Kind, layout: RowLayout, cells: Float64Array, at: number, histograms: Histograms): boolean {
  const { form, exponential } = layout;
  if (form === 'number') return kind !== 'counter' || (cells[at] as number) >= 0;
  if (form === 'summary') return isCount(cells[at + layout.count]);
  if (exponential !== undefined && (form === 'exponential' || histograms === 'exponential'))
    return hasExponential(cells, at, exponential);
  return form === 'histogram' && areCountCells(cells, at, layout.buckets);
}

function hasExponential(cells: Float64Array, row: number, { at: offset, shape }: ExponentialPart): boolean {
  const at = row + offset;
  if (!isCount(cells[at + exponentialCell.count]) || !isCount(cells[at + exponentialCell.zeroCount])) return false;
  if (!hasRange(cells, at + exponentialCell.positive)) return false;
  return shape.negative !== true || hasRange(cells, at + negativeCell(shape));
}

function hasRange(cells: Float64Array, range: number): boolean {
  return areCountCells(cells, range + rangeCell.buckets, cells[range + rangeCell.length] as number);
}
