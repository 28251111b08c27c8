/** The samples of a message, as Prometheus makes series of them, and the rules that they must follow. */
import { boundText } from '../../write/bytes/bound-text.ts';
import type { FindingId } from '../findings.ts';
import type { NativeBuckets, NativeHistogram, ParsedExemplar, ParsedSample } from '../parsed.ts';
import type { Family, Histogram, Labels, Metric, Side } from './messages.ts';

/** Reports a problem of this message. */
export type Fault = (id: FindingId, got: string, rejected?: boolean) => void;

/** The field of `Metric` that has the value, by `MetricType`. */
const fieldOfType = [3, 2, 4, 5, 7, 7] as const;
const [leastSchema, mostSchema] = [-4, 8];

export function* samplesOf(family: Family, fault: Fault): Generator<ParsedSample> {
  const field = fieldOfType[family.type];
  if (field === undefined) return;
  for (const metric of family.metrics) {
    checkLabels(family.name, metric.labels, fault);
    // Prometheus reads an absent field as zeros.
    if (!metric.has.has(field)) fault('protobuf-value', family.name);
    if (field === 4) yield* summarySamples(family, metric, fault);
    else if (field === 7) yield* histogramSamples(family, metric, fault);
    else {
      const value = metric.values.get(field) ?? 0;
      if (field === 3 && !(value >= 0)) fault(Number.isNaN(value) ? 'value-nan' : 'value-negative', `${family.name} ${value}`);
      const own = field === 3 ? { ...exemplarOf(metric.exemplar, fault), ...startOf(metric.start) } : {};
      yield { name: family.name, labels: metric.labels, value, ...timeOf(metric), ...own };
    }
  }
}

function checkLabels(name: string, labels: Labels, fault: Fault): void {
  const seen = new Set<string>();
  for (const [label] of labels) {
    if (label === '') fault('label-name', name, true);
    else if (seen.has(label) || label === '__name__') fault('label-twice', label, true);
    else if (label.startsWith('__')) fault('label-reserved', label);
    seen.add(label);
  }
}

function timeOf({ timestamp }: Metric): { timestamp?: number } {
  // Prometheus takes 0 for none.
  return timestamp === undefined || timestamp === 0 ? {} : { timestamp: timestamp / 1000 };
}

function startOf(start: number | undefined): { start?: number } {
  return start === undefined ? {} : { start };
}

function exemplarOf(exemplar: ParsedExemplar | undefined, fault: Fault): { exemplar?: ParsedExemplar } {
  if (exemplar === undefined) return {};
  let length = 0;
  for (const [name, value] of exemplar.labels) for (const _ of name + value) length++;
  if (length > 128) fault('exemplar-length', `${length} characters`);
  return { exemplar };
}

function* summarySamples({ name }: Family, metric: Metric, fault: Fault): Generator<ParsedSample> {
  const { labels, summary = { count: 0, sum: 0, quantiles: [], start: undefined } } = metric;
  const more = { ...timeOf(metric), ...startOf(summary.start) };
  yield { name: `${name}_count`, labels, value: summary.count, ...more };
  yield { name: `${name}_sum`, labels, value: summary.sum, ...more };
  for (const { quantile, value } of summary.quantiles) {
    if (!(quantile >= 0 && quantile <= 1)) fault('summary-quantile', `${name} ${quantile}`);
    yield { name, labels: [...labels, ['quantile', boundText(quantile, 'openmetrics')]], value, ...more };
  }
}

/** As Prometheus does: native where there are spans, a zero threshold or a zero count. */
function isNative(read: Histogram): boolean {
  return read.positive.spans.length > 0 || read.negative.spans.length > 0 || read.zeroThreshold > 0 || read.zeroCount > 0;
}

function* histogramSamples(family: Family, metric: Metric, fault: Fault): Generator<ParsedSample> {
  const read = metric.histogram;
  if (read === undefined) return;
  const more = { ...timeOf(metric), ...startOf(read.start) };
  const { labels } = metric;
  const native = isNative(read);
  if (native) {
    const histogram = nativeOf(read, family.name, fault);
    if (histogram !== undefined) yield { name: family.name, labels, value: Number.NaN, ...more, histogram };
  }
  // Without classic buckets beside it, a native histogram has no other samples.
  if (native && read.buckets.length === 0) return;
  const count = read.countFloat > 0 ? read.countFloat : read.count;
  yield { name: `${family.name}_count`, labels, value: count, ...more };
  yield { name: `${family.name}_sum`, labels, value: read.sum, ...more };
  yield* bucketSamples(family.name, labels, read, count, more, fault);
}

function* bucketSamples(
  name: string,
  labels: Labels,
  read: Histogram,
  count: number,
  more: object,
  fault: Fault,
): Generator<ParsedSample> {
  let before: { bound: number; count: number } | undefined;
  for (const bucket of read.buckets) {
    if (Number.isNaN(bucket.bound)) fault('bucket-bound', name);
    else if (before !== undefined && bucket.bound <= before.bound) fault('bucket-order', `${name} ${bucket.bound}`);
    else if (before !== undefined && bucket.count < before.count) fault('bucket-cumulative', `${name} ${bucket.bound}`);
    before = bucket;
    const le = boundText(bucket.bound, 'openmetrics');
    yield {
      name: `${name}_bucket`,
      labels: [...labels, ['le', le]],
      value: bucket.count,
      ...more,
      ...exemplarOf(bucket.exemplar, fault),
    };
    // Prometheus reads no bucket behind it.
    if (bucket.bound === Infinity) break;
  }
  if (before?.bound === Infinity) {
    if (before.count !== count) fault('histogram-count', name);
    return;
  }
  if (before !== undefined && before.count > count) fault('bucket-cumulative', `${name} +Inf`);
  // "+Inf bucket is optional."
  yield { name: `${name}_bucket`, labels: [...labels, ['le', '+Inf']], value: count, ...more };
}

function nativeOf(read: Histogram, name: string, fault: Fault): NativeHistogram | undefined {
  // "Overrides sample_count if > 0."
  const float = read.countFloat > 0 || read.zeroCountFloat > 0;
  const positive = bucketsOf(read.positive, float, name, fault);
  const negative = bucketsOf(read.negative, float, name, fault);
  if (positive === undefined || negative === undefined) return undefined;
  if (read.schema < leastSchema || read.schema > mostSchema) fault('native-schema', `${name}: schema ${read.schema}`);
  const count = float ? read.countFloat : read.count;
  const zeroCount = float ? read.zeroCountFloat : read.zeroCount;
  let sum = zeroCount;
  for (const value of positive.counts) sum += value;
  for (const value of negative.counts) sum += value;
  // An observed NaN is in the count alone; the sums of floats may differ in the last digits.
  const odd = float ? Math.abs(sum - count) > 1e-6 * Math.max(sum, count) : Number.isNaN(read.sum) ? sum > count : sum !== count;
  if (odd) fault('native-count', `${name}: ${sum} in buckets, count ${count}`);
  if (read.exemplars.some(({ timestamp }) => timestamp === undefined)) fault('exemplar-time', name);
  const { schema, zeroThreshold, exemplars } = read;
  return { schema, zeroThreshold, zeroCount, count, sum: read.sum, positive, negative, float, exemplars };
}

function bucketsOf(
  { spans, deltas, counts: floats }: Side,
  float: boolean,
  name: string,
  fault: Fault,
): NativeBuckets | undefined {
  let length = 0;
  for (const [i, [offset, count]] of spans.entries()) {
    length += count;
    if (i > 0 && offset < 0) fault('native-order', `${name}: offset ${offset}`);
  }
  const given = float ? floats.length : deltas.length;
  if (length !== given) {
    fault('native-spans', `${name}: ${length} in spans, ${given} counts`, true);
    return undefined;
  }
  const counts: number[] = [];
  if (float) for (const count of floats) counts.push(count);
  else {
    let count = 0n;
    for (const delta of deltas) {
      // As Go does.
      count = BigInt.asIntN(64, count + delta);
      counts.push(Number(count));
    }
  }
  if (counts.some((count) => count < 0)) fault('native-negative', name);
  return { spans, counts };
}
