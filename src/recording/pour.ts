/** From the SDK's data points to the store's rows, for a metric of a contract. */
import type { DataPoint, ExponentialHistogram } from '@opentelemetry/sdk-metrics';
import {
  blankRow,
  type ExponentialPoint,
  mergeExponential,
  readExponential,
  writeHistogram,
  writeMinMax,
  writeSummary,
} from '../store/index.ts';
import type { Family } from '../store/store.ts';
import type { Admit } from './admit.ts';
import type { Attached } from './engine.ts';
import { identityOf } from './identity.ts';
import { generationAttribute, type Series } from './series.ts';

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
export function pourMetric({ admit, family }: Attached, points: readonly DataPoint<PointValue>[]): number {
  let gone = 0;
  for (const { attributes, value } of points) {
    const series = admit.lookup(attributes);
    if (series === undefined || series.generation !== (attributes[generationAttribute] ?? 0)) gone += 1;
    else if (series.row !== 0) writePoint(series, value);
  }
  return gone;

  function writePoint(series: Series, value: PointValue): void {
    const { cells, stride, rowLayout } = family;
    const at = series.row * stride;
    if (typeof value === 'number') cells[at] = series.last ?? value;
    else if ('scale' in value) writeExponential(family, at, value);
    else if (rowLayout.form === 'histogram') writeHistogram(rowLayout, cells, at, value.buckets.counts, value.sum ?? 0);
    else if (rowLayout.form === 'summary') writeSummary(rowLayout, cells, at, value.buckets.counts[0] ?? 0, value.sum ?? 0);
    if (typeof value !== 'number') writeMinMax(rowLayout, cells, at, value);
    if (series.base !== undefined) addBase(family, at, series.base);
  }
}

/** The SDK has no largest scale, and one of its own for a series of nothing but zeros: the row's begins anew at the contract's. */
function writeExponential({ cells, rowLayout }: Family, at: number, { sum = 0, positive, negative, ...rest }: ExponentialHistogram): void {
  if (rowLayout.form !== 'exponential') return;
  cells.set(blankRow(rowLayout).subarray(0, rowLayout.valueCells), at);
  const ranges = { positive: rangeOf(positive), negative: rangeOf(negative) };
  mergeExponential(cells, at, rowLayout.shape, { sum, ...ranges, ...rest });
}

function rangeOf({ offset, bucketCounts: counts }: ExponentialHistogram['positive']): ExponentialPoint['positive'] {
  return { offset, counts };
}

/** What an earlier instrument has counted comes on top. */
function addBase({ cells, rowLayout }: Family, at: number, base: Float64Array): void {
  const { form, summedCells, minMax } = rowLayout;
  if (form === 'exponential') mergeExponential(cells, at, rowLayout.shape, readExponential(base, 0, rowLayout.shape));
  else for (let cell = 0; cell < summedCells; cell++) (cells[at + cell] as number) += base[cell] as number;
  if (minMax === undefined) return;
  const { min, max } = minMax;
  cells[at + min] = Math.min(cells[at + min] as number, base[min] as number);
  cells[at + max] = Math.max(cells[at + max] as number, base[max] as number);
}

/** What was accumulated so far is what the next instrument begins with. */
export function rebase({ admit, family }: Attached): void {
  const { cells, stride, rowLayout } = family;
  for (const series of admit.all()) {
    const at = series.row * stride;
    if (series.row !== 0 && series.last === undefined) series.base = cells.slice(at, at + rowLayout.valueCells);
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
