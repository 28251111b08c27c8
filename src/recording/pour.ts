/** From the SDK's data points to the store's rows, for a metric of a contract. */
import type { DataPoint } from '@opentelemetry/sdk-metrics';
import type { Attached } from './engine.ts';
import { identityOf } from './identity.ts';
import { generationAttribute, type Series } from './series.ts';

/** The part of the SDK's histogram value that is used; its own count is the buckets' sum. */
export interface HistogramPoint {
  readonly buckets: { readonly counts: readonly number[] };
  readonly sum?: number;
}

/**
 * Writes each point to the row of its series (`showSeries` gave it one). Points of removed series (an older generation) are ignored: the SDK
 * keeps them for ever. Returns how many there were.
 */
export function pourMetric(attached: Attached, points: readonly DataPoint<number | HistogramPoint>[]): number {
  const { metric, admit, family } = attached;
  let gone = 0;
  for (const { attributes, value } of points) {
    const series = admit.lookup(attributes);
    if (series === undefined || series.generation !== (attributes[generationAttribute] ?? 0)) gone += 1;
    else if (series.row !== 0) writePoint(series, value);
  }
  return gone;

  function writePoint(series: Series, value: number | HistogramPoint): void {
    const { cells, stride } = family;
    const at = series.row * stride;
    if (typeof value === 'number') cells[at] = series.last ?? value;
    else if (metric.kind === 'histogram') writeHistogram(cells, at, value.buckets.counts, value.sum ?? 0);
    else writeSummary(cells, at, value.buckets.counts[0] ?? 0, value.sum ?? 0);
    series.base?.forEach((cell, index) => {
      cells[at + index] = (cells[at + index] as number) + cell;
    });
  }
}

/** What was accumulated so far is what the next instrument begins with. */
export function rebase({ admit, family }: Attached): void {
  const { cells, stride } = family;
  for (const series of admit.all()) {
    if (series.row !== 0 && series.last === undefined) series.base = cells.slice(series.row * stride, (series.row + 1) * stride);
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
