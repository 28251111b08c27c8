/** From the SDK's data points to the store's rows, for a metric of a contract. */
import type { DataPoint, ExponentialHistogram } from '@opentelemetry/sdk-metrics';
import type { Metric } from '../../contract/metric.ts';
import { blankRow, type ExponentialPoint, type ExponentialShape, mergeExponential, readExponential } from '../../store/index.ts';
import type { Family } from '../../store/store.ts';
import { summedCellsOf, valueCellsOf } from '../../store/stride.ts';
import { type MinMax, writeHistogram, writeMinMax, writeSummary } from '../write-cells.ts';
import type { SdkSeries, SdkSeriesTable } from './sdk-series.ts';

/** The part of the SDK's histogram value that is used; its own count is the buckets' sum. */
export interface HistogramPoint extends MinMax {
  readonly buckets: { readonly counts: readonly number[] };
  readonly sum?: number;
}

export type PointValue = number | HistogramPoint | ExponentialHistogram;

/** A recorded metric, and what the SDK knows of its series. */
export interface Poured {
  readonly metric: Metric;
  readonly family: Family;
  readonly known: SdkSeriesTable;
}

/** Writes each point to the row of its series. Points of series that were dropped are ignored: the SDK keeps them for ever. Returns how many there were. */
export function pourMetric({ metric, family, known }: Poured, points: readonly DataPoint<PointValue>[]): number {
  let gone = 0;
  for (const { attributes, value } of points) {
    const series = known.find(attributes);
    if (series === undefined) gone += 1;
    else writePoint(series, value);
  }
  return gone;

  function writePoint(series: SdkSeries, value: PointValue): void {
    const { cells, stride } = family;
    const at = series.row * stride;
    if (typeof value === 'number') cells[at] = series.last ?? value;
    else if ('scale' in value) writeExponential(family, at, value);
    else if (metric.kind === 'histogram') writeHistogram(cells, at, value.buckets.counts, value.sum ?? 0);
    else writeSummary(cells, at, value.buckets.counts[0] ?? 0, value.sum ?? 0);
    if (typeof value !== 'number' && metric.minMax) writeMinMax(family, at, value);
    if (series.base !== undefined) addBase(family, at, series.base);
  }
}

/** The SDK has no largest scale, and one of its own for a series of nothing but zeros: the row's begins anew at the contract's. */
function writeExponential({ cells, spec }: Family, at: number, { sum = 0, positive, negative, ...rest }: ExponentialHistogram): void {
  cells.set(blankRow(spec).subarray(0, valueCellsOf(spec)), at);
  const ranges = { positive: rangeOf(positive), negative: rangeOf(negative) };
  mergeExponential(cells, at, spec.exponential as ExponentialShape, { sum, ...ranges, ...rest });
}

function rangeOf({ offset, bucketCounts: counts }: ExponentialHistogram['positive']): ExponentialPoint['positive'] {
  return { offset, counts };
}

/** What an earlier instrument has counted comes on top. */
function addBase({ cells, spec }: Family, at: number, base: Float64Array): void {
  const { exponential, minMax } = spec;
  const summed = summedCellsOf(spec);
  if (exponential !== undefined) mergeExponential(cells, at, exponential, readExponential(base, 0, exponential));
  else for (let cell = 0; cell < summed; cell++) (cells[at + cell] as number) += base[cell] as number;
  if (minMax !== true) return;
  cells[at + summed] = Math.min(cells[at + summed] as number, base[summed] as number);
  cells[at + summed + 1] = Math.max(cells[at + summed + 1] as number, base[summed + 1] as number);
}

/** What was accumulated so far is what the next instrument begins with. */
export function rebase({ known, family }: Poured): void {
  const { cells, stride, spec } = family;
  const count = valueCellsOf(spec);
  for (const series of known.all()) {
    const at = series.row * stride;
    if (series.last === undefined) series.base = cells.slice(at, at + count);
  }
}
