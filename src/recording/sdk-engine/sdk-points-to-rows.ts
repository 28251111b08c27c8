/** From the SDK's data points to the store's rows, for a metric of a contract. */
import type { DataPoint, ExponentialHistogram } from '@opentelemetry/sdk-metrics';
import { identityOf } from '../../series/identity.ts';
import { generationAttribute, type Series } from '../../series/series.ts';
import type { Admit } from '../../series/series-table.ts';
import { blankRow, type ExponentialPoint, type ExponentialShape, mergeExponential, readExponential } from '../../store/index.ts';
import type { Family } from '../../store/store.ts';
import { summedCellsOf, valueCellsOf } from '../../store/stride.ts';
import type { Attached } from '../engine.ts';

/** The part of the SDK's histogram value that is used; its own count is the buckets' sum. */
export interface HistogramPoint extends MinMax {
  readonly buckets: { readonly counts: readonly number[] };
  readonly sum?: number;
}

interface MinMax {
  readonly min?: number;
  readonly max?: number;
}

export type PointValue = number | HistogramPoint | ExponentialHistogram;

/**
 * Writes each point to the row of its series (`showSeries` gave it one). Points of removed series (an older generation) are ignored: the SDK
 * keeps them for ever. Returns how many there were.
 */
export function pourMetric(attached: Attached, points: readonly DataPoint<PointValue>[]): number {
  const { metric, admit, family } = attached;
  let gone = 0;
  for (const { attributes, value } of points) {
    const series = admit.lookup(attributes);
    if (series === undefined || series.generation !== (attributes[generationAttribute] ?? 0)) gone += 1;
    else if (series.row !== 0) writePoint(series, value);
  }
  return gone;

  function writePoint(series: Series, value: PointValue): void {
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
export function rebase({ admit, family }: Attached): void {
  const { cells, stride, spec } = family;
  const count = valueCellsOf(spec);
  for (const series of admit.all()) {
    const at = series.row * stride;
    if (series.row !== 0 && series.last === undefined) series.base = cells.slice(at, at + count);
  }
}

/** Gives every series that is shown its row. */
export function showSeries({ metric, admit, family }: Attached): void {
  for (const series of [...admit.all()]) {
    if (!series.shown || series.row !== 0) continue;
    series.row = family.row(identityOf(metric, series), series.startMs);
    if (series.row === 0) refuseRoom(admit, series);
  }
}

/** The store has no room for it: it is as if it had never come. */
export function refuseRoom(admit: Admit, series: Series): void {
  admit.release(series);
  admit.refuse('no_room');
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
