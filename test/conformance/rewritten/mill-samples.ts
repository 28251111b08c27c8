/**
 * Samples of the mill before and after a change, as a request of OTLP: it carries native histograms of the past, which text
 * cannot.
 */

import { type MetricJson, toJson } from '../../../src/core/contract/index.ts';
import { constantTexts } from '../constant-texts.ts';
import { type Random, random } from '../random.ts';
import type { Became } from './changed-contract.ts';
import { mill } from './mill.ts';
import { end, everySeconds, start } from './samples.ts';

type Pairs = Readonly<Record<string, string>>;

const steps = (end - start) / everySeconds + 1;
/** Counts fall here, as they do at a restart. */
const restart = 90;
/** What a unit's factor is among the exponential buckets of this scale. */
const scale = 3;
const shift = (factor: number) => Math.round(Math.log2(factor) * 2 ** scale);
const buckets = 12;
const firstBucket = -6;
const quantiles = [0.5, 0.9, 0.99];

/** What one old series observed: counts that a split divides without a rest. */
interface Observed {
  /** By step. */
  readonly counts: readonly (readonly number[])[];
  readonly sums: readonly number[];
  readonly levels: readonly (readonly number[])[];
}

interface Series extends Observed {
  readonly labels: Pairs;
  readonly factor: number;
}

/** @param became by the old series; absent: the old samples */
export function requestOf(became?: ReadonlyMap<string, Became>): string {
  const metrics = Object.values(toJson(mill).metrics).flatMap((metric) => pushed(metric, became?.get(metric.series)));
  const resource = { attributes: attributesOf({ 'service.name': 'mill', 'service.instance.id': 'mill:80' }) };
  return JSON.stringify({ resourceMetrics: [{ resource, scopeMetrics: [{ scope: { name: 'mill' }, metrics }] }] });
}

function pushed(metric: MetricJson, now: Became | undefined): object[] {
  // The same values on both sides.
  const draw = random([...metric.series].reduce((seed, letter) => (seed * 31 + letter.charCodeAt(0)) | 0, 28));
  const all = new Map<string, Series>();
  const factor = now?.factor ?? 1;
  for (const labels of setsOf(metric)) {
    const own = { ...constantTexts(metric.constantLabels), ...labels };
    const observed = observe(draw);
    for (const { labels: pairs, share } of now?.series(own) ?? [{ labels: own, share: 1 }]) {
      const key = JSON.stringify(Object.entries(pairs).sort());
      all.set(key, { labels: pairs, factor, ...together(all.get(key), observed, share) });
    }
  }
  const { series: name, bounds = [] } = now?.metric ?? metric;
  const list = [...all.values()];
  const cumulative = { aggregationTemporality: 2 };
  if (metric.kind === 'counter') return [{ name, sum: { ...cumulative, isMonotonic: true, dataPoints: points(list, totalAt) } }];
  if (metric.kind === 'summary') return [{ name, summary: { dataPoints: points(list, summaryAt) } }];
  const native = { name, exponentialHistogram: { ...cumulative, dataPoints: points(list, exponentialAt) } };
  if (bounds.length === 0) return [native];
  return [native, { name, histogram: { ...cumulative, dataPoints: points(list, (one, at) => classicAt(one, at, bounds)) } }];
}

function setsOf({ labels }: MetricJson): Pairs[] {
  return Object.entries(labels).reduce<Pairs[]>(
    (sets, [name, label]) =>
      sets.flatMap((set) => (label.kind === 'closed' ? label.values : []).map((value) => ({ ...set, [name]: value }))),
    [{}],
  );
}

function observe(draw: Random): Observed {
  let counts = Array.from({ length: buckets }, () => draw.between(2_000, 9_000) * 4);
  let sum = draw.between(90_000, 99_000);
  const of: { counts: number[][]; sums: number[]; levels: number[][] } = { counts: [], sums: [], levels: [] };
  for (let at = 0; at < steps; at += 1) {
    if (at === restart) {
      counts = counts.map(() => draw.between(500, 900) * 4);
      sum = draw.between(20_000, 30_000);
    } else {
      counts = counts.map((count) => count + draw.between(0, 9) * 4);
      sum += draw.next() * 200;
    }
    of.counts.push(counts);
    of.sums.push(sum);
    of.levels.push(quantiles.map((quantile) => quantile * (0.5 + draw.next())));
  }
  return of;
}

function together(before: Observed | undefined, { counts, sums, levels }: Observed, share: number): Observed {
  const and = (old: number | undefined, value: number) => (old ?? 0) + value * share;
  return {
    counts: counts.map((row, at) => row.map((count, bucket) => and(before?.counts[at]?.[bucket], count))),
    sums: sums.map((sum, at) => and(before?.sums[at], sum)),
    // Quantiles do not add up: nothing is said of them then.
    levels: before?.levels ?? levels,
  };
}

const attributesOf = (pairs: Pairs) => Object.entries(pairs).map(([key, value]) => ({ key, value: { stringValue: value } }));
const totalOf = (counts: readonly number[] = []) => counts.reduce((sum, count) => sum + count, 0);

function points(list: readonly Series[], pointAt: (one: Series, at: number) => object): object[] {
  return list.flatMap((one) =>
    Array.from({ length: steps }, (_, at) => ({
      attributes: attributesOf(one.labels),
      timeUnixNano: `${start + at * everySeconds}000000000`,
      ...pointAt(one, at),
    })),
  );
}

const totalAt = ({ sums, factor }: Series, at: number) => ({ asDouble: (sums[at] ?? 0) * factor });

const countAndSum = ({ counts, sums, factor }: Series, at: number) => ({
  count: String(totalOf(counts[at])),
  sum: (sums[at] ?? 0) * factor,
});

const summaryAt = (one: Series, at: number) => ({
  ...countAndSum(one, at),
  quantileValues: quantiles.map((quantile, index) => ({ quantile, value: (one.levels[at]?.[index] ?? 0) * one.factor })),
});

const exponentialAt = (one: Series, at: number) => ({
  ...countAndSum(one, at),
  scale,
  zeroCount: '0',
  positive: { offset: firstBucket + shift(one.factor), bucketCounts: one.counts[at]?.map(String) },
});

/** The first buckets each, and all others beyond the last bound. */
function classicAt(one: Series, at: number, bounds: readonly number[]): object {
  const counts = one.counts[at] ?? [];
  const within = bounds.map((_, index) => counts[index] ?? 0);
  const beyond = totalOf(counts) - totalOf(within);
  return { ...countAndSum(one, at), explicitBounds: bounds, bucketCounts: [...within, beyond].map(String) };
}
