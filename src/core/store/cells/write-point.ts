/** Writes totals into a row's cells, as they are observed or come from elsewhere. Nothing in here allocates. */
import type { MinMax } from './read-point.ts';
import type { RowLayout } from './row-layout.ts';

type LayoutOf<Form extends RowLayout['form']> = Extract<RowLayout, { form: Form }>;

/**
 * Returns whether a bucket fell, that is, whether its source began again. A new row never falls. The sum may fall: negative
 * values do that.
 */
export function writeHistogram(
  layout: LayoutOf<'histogram'>,
  cells: Float64Array,
  at: number,
  counts: readonly number[],
  sum: number,
): boolean {
  let fell = false;
  cells[at + layout.sum] = sum;
  for (let bucket = 0; bucket < counts.length; bucket++) fell = put(cells, at + bucket, counts[bucket] as number) || fell;
  return fell;
}

/** Returns whether the count fell. */
export function writeSummary(layout: LayoutOf<'summary'>, cells: Float64Array, at: number, count: number, sum: number): boolean {
  cells[at + layout.sum] = sum;
  return put(cells, at + layout.count, count);
}

/** Does nothing where rows keep none. `+ 0`: -0 is shown as 0. */
export function writeMinMax({ minMax }: RowLayout, cells: Float64Array, at: number, { min, max }: MinMax): void {
  if (minMax === undefined) return;
  cells[at + minMax.min] = (min ?? Number.POSITIVE_INFINITY) + 0;
  cells[at + minMax.max] = (max ?? Number.NEGATIVE_INFINITY) + 0;
}

function put(cells: Float64Array, at: number, value: number): boolean {
  const fell = value < (cells[at] as number);
  cells[at] = value;
  return fell;
}
