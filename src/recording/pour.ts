/** From the SDK's data points to the store's rows, for a metric of a contract. */
import type { DataPoint } from '@opentelemetry/sdk-metrics';
import type { Attached } from './engine.ts';
import { identityOf } from './identity.ts';
import { generationAttribute, type Series, seriesKey } from './series.ts';

/** The part of the SDK's histogram value that is used; its own count is the buckets' sum. */
export interface HistogramPoint {
  readonly buckets: { readonly counts: readonly number[] };
  readonly sum?: number;
}

/**
 * Writes each point to the row of its series. Points of removed series (an older generation) are ignored: the SDK keeps them for ever. Series
 * that were set to 0 and never recorded have a row without a point.
 */
export function pourMetric(attached: Attached, points: readonly DataPoint<number | HistogramPoint>[]): void {
  const { metric, admit, family } = attached;
  showSeries(attached);
  const names = Object.keys(metric.labels);
  for (const { attributes, value } of points) {
    const series = admit.find(seriesKey(names.map((name) => String(attributes[name]))));
    if (series === undefined || series.generation !== (attributes[generationAttribute] ?? 0) || series.row === 0) continue;
    const at = series.row * family.stride;
    if (typeof value === 'number') family.cells[at] = value;
    else if (metric.kind === 'histogram') writeHistogram(family.cells, at, value.buckets.counts, value.sum ?? 0);
    else writeSummary(family.cells, at, value.buckets.counts[0] ?? 0, value.sum ?? 0);
  }
}

/** Gives every series that is shown its row. */
export function showSeries({ metric, admit, family }: Attached): void {
  for (const series of admit.all()) {
    if (series.shown && series.row === 0) series.row = family.row(identityOf(metric, series), series.startMs);
  }
}

/** Takes a series out of index and store. */
export function dropSeries({ admit, family }: Pick<Attached, 'admit' | 'family'>, series: Series): void {
  admit.release(series);
  if (series.row !== 0) family.drop(series.row);
  series.row = 0;
}

/** Takes everything out, as if nothing had ever been measured. */
export function clearSeries(one: Pick<Attached, 'admit' | 'family'>): void {
  for (const series of [...one.admit.all()]) dropSeries(one, series);
  one.admit.clear();
}

export function writeHistogram(cells: Float64Array, at: number, counts: readonly number[], sum: number): void {
  for (let bucket = 0; bucket < counts.length; bucket++) cells[at + bucket] = counts[bucket] as number;
  cells[at + counts.length] = sum;
}

export function writeSummary(cells: Float64Array, at: number, count: number, sum: number): void {
  cells[at] = count;
  cells[at + 1] = sum;
}
