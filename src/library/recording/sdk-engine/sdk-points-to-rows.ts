/** Writes the SDK's data points to the store's rows: those of a contract's metric, and what any point says. */
import type { DataPoint, ExponentialHistogram } from '@opentelemetry/sdk-metrics';
import {
  addRow,
  blankRow,
  type ExponentialPoint,
  type MinMax,
  mergeExponential,
  writeHistogram,
  writeMinMax,
  writeSummary,
} from '../../../core/store/index.ts';
import type { Family } from '../../../core/store/store.ts';
import type { SdkSeries, SdkSeriesTable } from './sdk-series.ts';

/** The part of the SDK's histogram value that Meterbridge uses; the count is the sum of the buckets. */
export interface HistogramPoint extends MinMax {
  readonly buckets: { readonly boundaries: readonly number[]; readonly counts: readonly number[] };
  readonly sum?: number;
}

export type PointValue = number | HistogramPoint | ExponentialHistogram;

/** A recorded metric, and its series by the SDK's attribute sets. */
export interface SdkMetric {
  readonly family: Family;
  readonly known: SdkSeriesTable;
}

/**
 * Writes each point to the row of its series. Ignores points of dropped series, because the SDK keeps those forever, and returns
 * how many there were.
 */
export function pointsToRows({ family, known }: SdkMetric, points: readonly DataPoint<PointValue>[]): number {
  let gone = 0;
  for (const { attributes, value } of points) {
    const series = known.find(attributes);
    if (series === undefined) gone += 1;
    else writePoint(series, value);
  }
  return gone;

  function writePoint(series: SdkSeries, value: PointValue): void {
    const at = series.row * family.stride;
    writePointValue(family, at, typeof value === 'number' ? (series.last ?? value) : value);
    if (series.base !== undefined) addBase(family, at, series.base);
  }
}

/** Over what the cells of a row say. */
export function writePointValue(family: Family, at: number, value: PointValue): void {
  const { cells, rowLayout } = family;
  if (typeof value === 'number') cells[at] = value;
  else if ('scale' in value) writeExponential(family, at, value);
  else if (rowLayout.form === 'histogram') writeHistogram(rowLayout, cells, at, value.buckets.counts, value.sum ?? 0);
  else if (rowLayout.form === 'summary') writeSummary(rowLayout, cells, at, value.buckets.counts[0] ?? 0, value.sum ?? 0);
  if (typeof value !== 'number') writeMinMax(rowLayout, cells, at, value);
}

/** The SDK has no maximum scale, and its own scale for a series of zeros only: the row starts at the contract's scale. */
function writeExponential(
  { cells, rowLayout }: Family,
  at: number,
  { sum = 0, positive, negative, ...rest }: ExponentialHistogram,
): void {
  if (rowLayout.form !== 'exponential') return;
  cells.set(blankRow(rowLayout).subarray(0, rowLayout.valueCells), at);
  const ranges = { positive: rangeOf(positive), negative: rangeOf(negative) };
  mergeExponential(cells, at, rowLayout.shape, { sum, ...ranges, ...rest });
}

function rangeOf({ offset, bucketCounts: counts }: ExponentialHistogram['positive']): ExponentialPoint['positive'] {
  return { offset, counts };
}

/** Adds what an earlier instrument counted, or another point of the same row. */
export function addBase({ cells, rowLayout }: Family, at: number, base: Float64Array): void {
  addRow(rowLayout, cells, at, base, 0);
}

/** Keeps the totals so far as the base of the next instrument. */
export function rebase({ known, family }: SdkMetric): void {
  const { cells, stride, rowLayout } = family;
  for (const series of known.all()) {
    const at = series.row * stride;
    if (series.last === undefined) series.base = cells.slice(at, at + rowLayout.valueCells);
  }
}
