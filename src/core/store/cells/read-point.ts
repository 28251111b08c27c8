/** A row's cells as an object, for readers that may allocate. Hot readers take single cells from the offsets in `RowLayout`. */
import { isNewer, readExemplar, type StoredExemplar } from './exemplar-cells.ts';
import { type ExponentialPoint, readExponential } from './exponential-cells.ts';
import { type ExponentialPart, exemplarAt, type RowLayout } from './row-layout.ts';

/** Absent where the family does not keep them, or nothing was recorded. */
export interface MinMax {
  readonly min?: number;
  readonly max?: number;
}

export interface NumberPoint {
  readonly form: 'number';
  readonly value: number;
}

export interface HistogramPoint extends MinMax {
  readonly form: 'histogram';
  readonly count: number;
  /** NaN: unknown, too. */
  readonly sum: number;
  readonly bounds: readonly number[];
  /** Not cumulative; the last is +Inf. */
  readonly counts: number[];
}

export interface ExponentialHistogramPoint extends ExponentialPoint, MinMax {
  readonly form: 'exponential';
}

export interface SummaryPoint {
  readonly form: 'summary';
  readonly count: number;
  readonly sum: number;
  readonly quantiles: readonly QuantileValue[];
}

export interface QuantileValue {
  readonly quantile: number;
  readonly value: number;
}

type SummaryLayout = Extract<RowLayout, { form: 'summary' }>;

export type Point = NumberPoint | HistogramPoint | ExponentialHistogramPoint | SummaryPoint;

/** Which buckets of a histogram that has both: its exponential ones, or those with explicit bounds. */
export type Histograms = 'exponential' | 'explicit';

/** The value of the row that begins at `at`. Counts of exponential buckets are views of `cells`. */
export function readPoint(layout: RowLayout, cells: Float64Array, at: number, histograms: Histograms = 'explicit'): Point {
  const { form, exponential } = layout;
  if (exponential !== undefined && histograms === 'exponential') return exponentialPoint(layout, exponential, cells, at);
  switch (form) {
    case 'number':
      return { form, value: cells[at] as number };
    case 'summary':
      return {
        form,
        count: cells[at + layout.count] as number,
        sum: cells[at + layout.sum] as number,
        quantiles: readQuantiles(layout, cells, at),
      };
    case 'exponential':
      return exponentialPoint(layout, { at: 0, shape: layout.shape }, cells, at);
    case 'histogram': {
      const counts = Array.from(cells.subarray(at, at + layout.buckets));
      const count = counts.reduce((total, bucket) => total + bucket, 0);
      const sum = layout.hasSum ? (cells[at + layout.sum] as number) : Number.NaN;
      return { form, count, sum, bounds: layout.bounds, counts, ...readMinMax(layout, cells, at) };
    }
  }
}

function exponentialPoint(layout: RowLayout, part: ExponentialPart, cells: Float64Array, at: number): ExponentialHistogramPoint {
  return { form: 'exponential', ...readExponential(cells, at + part.at, part.shape), ...readMinMax(layout, cells, at) };
}

/** The values of a summary's quantiles, in the order of its family. */
export function readQuantiles(
  { quantiles, firstQuantile }: SummaryLayout,
  cells: Float64Array,
  at: number,
): readonly QuantileValue[] {
  return quantiles.map((quantile, index) => ({ quantile, value: cells[at + firstQuantile + index] as number }));
}

/** The smallest and the largest value of a row; undefined where there are none. */
export function readMinMax({ minMax }: RowLayout, cells: Float64Array, at: number): Required<MinMax> | undefined {
  if (minMax === undefined) return undefined;
  const [min, max] = [cells[at + minMax.min] as number, cells[at + minMax.max] as number];
  return min <= max ? { min, max } : undefined;
}

/** The place of the newest exemplar of the row that begins at `at`; of none, of the first. */
export function newestExemplar(layout: RowLayout, cells: Float64Array, at: number): number {
  let newest = at + exemplarAt(layout, 0);
  for (let index = 1; index < layout.exemplars; index++) {
    const place = at + exemplarAt(layout, index);
    if (isNewer(cells, place, newest)) newest = place;
  }
  return newest;
}

/**
 * The exemplars of a row, as far as they were measured since `sinceMs`: they "SHOULD have occurred within the start/stop
 * timestamps" of their point (Metrics SDK, "ExemplarReservoir"). Undefined: none.
 */
export function readExemplars(
  layout: RowLayout,
  cells: Float64Array,
  at: number,
  sinceMs: number,
): readonly StoredExemplar[] | undefined {
  const found: StoredExemplar[] = [];
  for (let index = 0; index < layout.exemplars; index++) {
    const exemplar = readExemplar(cells, at + exemplarAt(layout, index));
    if (exemplar !== undefined && exemplar.timeMs >= sinceMs) found.push(exemplar);
  }
  return found.length === 0 ? undefined : found;
}
