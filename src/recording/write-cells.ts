/** Values of several cells, as a source adds them up itself, into a row. */
import type { Family } from '../store/store.ts';
import { summedCellsOf } from '../store/stride.ts';

export interface MinMax {
  readonly min?: number;
  readonly max?: number;
}

export function writeHistogram(cells: Float64Array, at: number, counts: readonly number[], sum: number): void {
  for (let bucket = 0; bucket < counts.length; bucket++) cells[at + bucket] = counts[bucket] as number;
  cells[at + counts.length] = sum;
}

/** Of a family that keeps them. `+ 0`: -0 is shown as 0. */
export function writeMinMax({ cells, spec }: Family, at: number, { min, max }: MinMax): void {
  const minAt = at + summedCellsOf(spec);
  cells[minAt] = (min ?? Number.POSITIVE_INFINITY) + 0;
  cells[minAt + 1] = (max ?? Number.NEGATIVE_INFINITY) + 0;
}

export function writeSummary(cells: Float64Array, at: number, count: number, sum: number): void {
  cells[at] = count;
  cells[at + 1] = sum;
}
