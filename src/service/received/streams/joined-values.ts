/** Values that add up, cell by cell, and those that do not: NaN and infinities. */
import { metricType } from '../../../formats/otlp/batch/batch-index.ts';
import type { Shape } from '../resources/groups.ts';
import type { KnownMetric } from '../resources/nodes.ts';

/** Streams whose last value is not finite, by what it is. */
export interface Odd {
  nan: number;
  plus: number;
  minus: number;
}

/** Whether its values only grow: a new beginning is no fall of what was counted. */
export function grows({ typeNumber, monotonic }: KnownMetric): boolean {
  return typeNumber !== metricType.sum || monotonic === 1;
}

/** The cell whose value may be no finite number: a number, or the sum of a histogram. */
export function oddCell({ layout }: Shape): number {
  return layout.form === 'number' ? 0 : layout.sum;
}

export function finite(value: number): number {
  return Number.isFinite(value) ? value : 0;
}

export function count(odd: Odd, value: number, by: 1 | -1): void {
  if (Number.isNaN(value)) odd.nan += by;
  else if (value === Number.POSITIVE_INFINITY) odd.plus += by;
  else if (value === Number.NEGATIVE_INFINITY) odd.minus += by;
}

/**
 * Whether a value is less than before, without a new start: the sum of a histogram may fall, its buckets and a counter may not.
 */
export function falls(last: Float64Array, now: Float64Array, length: number): boolean {
  const counts = Math.max(1, length - 1);
  for (let cell = 0; cell < counts; cell++) if ((now[cell] as number) < (last[cell] as number)) return true;
  return false;
}
