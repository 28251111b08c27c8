/** The value of a point, and what samples of an exposition it becomes. */
import type { Batch } from '../../../formats/otlp/batch/batch.ts';
import { exponentialAt, histogramAt, metricType, summaryAt } from '../../../formats/otlp/batch/batch-index.ts';
import {
  bucketsOf,
  copyBounds,
  copyBuckets,
  countAt,
  doubleAt,
  numberOf,
  readQuantile,
} from '../../../formats/otlp/batch/batch-values.ts';
import { seriesKey } from '../series-key.ts';

export interface PointValue {
  /** Of gauges and sums. */
  readonly number: number;
  readonly count: number;
  /** Undefined: unknown. */
  readonly sum: number | undefined;
  /** Upper bounds without +Inf. */
  readonly bounds: readonly number[];
  /** Of each bucket alone; one more than bounds, or none. */
  readonly buckets: readonly number[];
  readonly quantiles: readonly (readonly [quantile: number, value: number])[];
}

const none: PointValue = { number: Number.NaN, count: 0, sum: undefined, bounds: [], buckets: [], quantiles: [] };

export function readPointValue(batch: Batch, point: number, type: number): PointValue {
  const { index } = batch;
  if (type === metricType.histogram) {
    const bounds = new Float64Array(Math.max(0, bucketsOf(batch, point) - 1));
    const buckets = new Float64Array(bucketsOf(batch, point));
    copyBounds(batch, point, bounds, 0);
    copyBuckets(batch, point, buckets, 0);
    return {
      ...countAndSum(batch, index[point + histogramAt.count] as number, index[point + histogramAt.sum] as number),
      bounds: [...bounds].filter(Number.isFinite),
      buckets: [...buckets],
    };
  }
  if (type === metricType.exponentialHistogram) {
    return countAndSum(batch, index[point + exponentialAt.count] as number, index[point + exponentialAt.sum] as number);
  }
  if (type === metricType.summary) {
    const { sum = 0, ...value } = countAndSum(
      batch,
      index[point + summaryAt.count] as number,
      index[point + summaryAt.sum] as number,
    );
    return { ...value, sum, quantiles: quantilesOf(batch, point) };
  }
  return { ...none, number: numberOf(batch, point) };
}

function countAndSum(batch: Batch, count: number, sum: number): PointValue {
  return { ...none, count: countAt(batch, count), sum: sum === 0 ? undefined : doubleAt(batch, sum, 0) };
}

function quantilesOf(batch: Batch, point: number): readonly (readonly [number, number])[] {
  const { index } = batch;
  const into = { quantile: 0, value: 0 };
  const all: (readonly [number, number])[] = [];
  for (let at = index[point + summaryAt.quantilesFrom] as number; at < (index[point + summaryAt.quantilesTo] as number); ) {
    at = readQuantile(batch, at, into);
    all.push([into.quantile, into.value]);
  }
  return all;
}

/** A delta added to what came before it. One with other bounds begins anew. */
export function added(before: PointValue, delta: PointValue): PointValue {
  const isAlike = before.bounds.length === delta.bounds.length && before.bounds.every((bound, at) => bound === delta.bounds[at]);
  if (!isAlike) return delta;
  return {
    ...delta,
    number: before.number + delta.number,
    count: before.count + delta.count,
    sum: before.sum === undefined || delta.sum === undefined ? undefined : before.sum + delta.sum,
    buckets: delta.buckets.map((count, at) => count + (before.buckets[at] ?? 0)),
  };
}

/**
 * Adds the samples as an exposition in text has them, by `seriesKey`: none of an exponential histogram without a sum, which is
 * dropped.
 */
export function addSamples(
  to: Map<string, number>,
  name: string,
  labels: readonly (readonly [string, string])[],
  type: number,
  point: PointValue,
) {
  const add = (suffix: string, value: number, extra: readonly (readonly [string, string])[] = []) =>
    to.set(seriesKey(name + suffix, [...labels, ...extra]), value);
  if (type === metricType.exponentialHistogram && point.sum === undefined) return;
  if (type === metricType.gauge || type === metricType.sum) add('', point.number);
  else {
    for (const [quantile, value] of point.quantiles) add('', value, [['quantile', String(quantile)]]);
    if (type !== metricType.summary) addBuckets(add, point);
    if (point.sum !== undefined) add('_sum', point.sum);
    add('_count', point.count);
  }
}

function addBuckets(
  add: (suffix: string, value: number, extra: readonly (readonly [string, string])[]) => void,
  point: PointValue,
): void {
  let total = 0;
  for (const [at, bound] of point.bounds.entries()) {
    total += point.buckets[at] ?? 0;
    add('_bucket', total, [['le', String(bound)]]);
  }
  add('_bucket', point.count, [['le', 'Infinity']]);
}
