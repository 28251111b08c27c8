/**
 * The messages of https://github.com/prometheus/client_model/blob/v0.6.3/io/prometheus/client/metrics.proto: field numbers and
 * types are that file's. Fields that it does not have are skipped.
 */
import type { Kind } from '../../../../core/naming/kind.ts';
import type { ParsedExemplar } from '../parsed.ts';
import { doubleOf, eachDouble, eachField, eachVarint, expect, type Field, signedOf, textOf, unsignedOf, zigZag } from './wire.ts';

export type Labels = (readonly [string, string])[];

export interface Quantile {
  quantile: number;
  value: number;
}
export interface Bucket {
  count: number;
  bound: number;
  exemplar: ParsedExemplar | undefined;
}
export interface Histogram {
  count: number;
  countFloat: number;
  sum: number;
  readonly buckets: Bucket[];
  start: number | undefined;
  schema: number;
  zeroThreshold: number;
  zeroCount: number;
  zeroCountFloat: number;
  readonly negative: Side;
  readonly positive: Side;
  readonly exemplars: ParsedExemplar[];
}
export interface Side {
  readonly spans: [number, number][];
  readonly deltas: bigint[];
  readonly counts: number[];
}
export interface Metric {
  readonly labels: Labels;
  /** The numbers of the fields that have a value: 2 gauge, 3 counter, 4 summary, 5 untyped, 7 histogram. */
  readonly has: Set<number>;
  /** Of `gauge`, `counter` and `untyped`, by that number. */
  readonly values: Map<number, number>;
  exemplar: ParsedExemplar | undefined;
  start: number | undefined;
  summary: { count: number; sum: number; quantiles: Quantile[]; start: number | undefined } | undefined;
  histogram: Histogram | undefined;
  /** Milliseconds. */
  timestamp: number | undefined;
}
export interface Family {
  name: string;
  help: string | undefined;
  unit: string | undefined;
  /** `MetricType`. */
  type: number;
  kind: Kind | undefined;
  readonly metrics: Metric[];
}

/** `MetricType` by its number. */
const kinds: readonly Kind[] = ['counter', 'gauge', 'summary', 'unknown', 'histogram', 'gaugehistogram'];

/** @throws RangeError */
export function readFamily(bytes: Uint8Array, from: number, to: number): Family {
  const family: Family = { name: '', help: undefined, unit: undefined, type: 0, kind: 'counter', metrics: [] };
  eachField(bytes, from, to, (field) => {
    if (field.number === 1) family.name = textOf(bytes, field);
    else if (field.number === 2) family.help = textOf(bytes, field);
    else if (field.number === 3) {
      family.type = unsignedOf(field);
      family.kind = kinds[family.type];
    } else if (field.number === 4) family.metrics.push(readMetric(bytes, inside(field)));
    else if (field.number === 5) family.unit = textOf(bytes, field);
  });
  return family;
}

interface Range {
  readonly from: number;
  readonly to: number;
}

function inside(field: Field): Range {
  expect(field, 2);
  return { from: field.from, to: field.to };
}

function readMetric(bytes: Uint8Array, { from, to }: Range): Metric {
  const metric: Metric = {
    labels: [],
    has: new Set(),
    values: new Map(),
    exemplar: undefined,
    start: undefined,
    summary: undefined,
    histogram: undefined,
    timestamp: undefined,
  };
  eachField(bytes, from, to, (field) => {
    const { number } = field;
    if (number === 1) metric.labels.push(readLabel(bytes, inside(field)));
    else if (number === 6) metric.timestamp = signedOf(field);
    else if (number === 2 || number === 3 || number === 5) readNumber(bytes, inside(field), number, metric);
    else if (number === 4) metric.summary = readSummary(bytes, inside(field));
    else if (number === 7) metric.histogram = readHistogram(bytes, inside(field));
    if (number >= 2 && number <= 7 && number !== 6) metric.has.add(number);
  });
  return metric;
}

function readLabel(bytes: Uint8Array, { from, to }: Range): readonly [string, string] {
  let name = '';
  let value = '';
  eachField(bytes, from, to, (field) => {
    if (field.number === 1) name = textOf(bytes, field);
    else if (field.number === 2) value = textOf(bytes, field);
  });
  return [name, value];
}

/** `Gauge` (2), `Counter` (3), `Untyped` (5). */
function readNumber(bytes: Uint8Array, { from, to }: Range, kind: number, metric: Metric): void {
  metric.values.set(kind, 0);
  eachField(bytes, from, to, (field) => {
    if (field.number === 1) metric.values.set(kind, doubleOf(bytes, field));
    else if (field.number === 2 && kind === 3) metric.exemplar = readExemplar(bytes, inside(field));
    else if (field.number === 3 && kind === 3) metric.start = readTime(bytes, inside(field));
  });
}

function readSummary(bytes: Uint8Array, { from, to }: Range): NonNullable<Metric['summary']> {
  const summary: NonNullable<Metric['summary']> = { count: 0, sum: 0, quantiles: [], start: undefined };
  eachField(bytes, from, to, (field) => {
    if (field.number === 1) summary.count = unsignedOf(field);
    else if (field.number === 2) summary.sum = doubleOf(bytes, field);
    else if (field.number === 3) summary.quantiles.push(readQuantile(bytes, inside(field)));
    else if (field.number === 4) summary.start = readTime(bytes, inside(field));
  });
  return summary;
}

function readQuantile(bytes: Uint8Array, { from, to }: Range): Quantile {
  const read: Quantile = { quantile: 0, value: 0 };
  eachField(bytes, from, to, (field) => {
    if (field.number === 1) read.quantile = doubleOf(bytes, field);
    else if (field.number === 2) read.value = doubleOf(bytes, field);
  });
  return read;
}

function readHistogram(bytes: Uint8Array, { from, to }: Range): Histogram {
  const side = (): Side => ({ spans: [], deltas: [], counts: [] });
  const read: Histogram = {
    ...{
      count: 0,
      countFloat: 0,
      sum: 0,
      buckets: [],
      start: undefined,
      schema: 0,
      zeroThreshold: 0,
      zeroCount: 0,
      zeroCountFloat: 0,
    },
    ...{ negative: side(), positive: side(), exemplars: [] },
  };
  eachField(bytes, from, to, (field) => {
    const { number } = field;
    if (number === 1) read.count = unsignedOf(field);
    else if (number === 2) read.sum = doubleOf(bytes, field);
    else if (number === 3) read.buckets.push(readBucket(bytes, inside(field)));
    else if (number === 4) read.countFloat = doubleOf(bytes, field);
    else if (number === 5) read.schema = zigZag32(field);
    else if (number === 6) read.zeroThreshold = doubleOf(bytes, field);
    else if (number === 7) read.zeroCount = unsignedOf(field);
    else if (number === 8) read.zeroCountFloat = doubleOf(bytes, field);
    else if (number === 9) read.negative.spans.push(readSpan(bytes, inside(field)));
    else if (number === 12) read.positive.spans.push(readSpan(bytes, inside(field)));
    else if (number === 10) eachVarint(bytes, field, (low, high) => read.negative.deltas.push(zigZag(low, high)));
    else if (number === 13) eachVarint(bytes, field, (low, high) => read.positive.deltas.push(zigZag(low, high)));
    else if (number === 11) eachDouble(bytes, field, (value) => read.negative.counts.push(value));
    else if (number === 14) eachDouble(bytes, field, (value) => read.positive.counts.push(value));
    else if (number === 15) read.start = readTime(bytes, inside(field));
    else if (number === 16) read.exemplars.push(readExemplar(bytes, inside(field)));
  });
  return read;
}

function zigZag32(field: Field): number {
  expect(field, 0);
  return (field.low >>> 1) ^ -(field.low & 1);
}

function readBucket(bytes: Uint8Array, { from, to }: Range): Bucket {
  let float = 0;
  const read: Bucket = { count: 0, bound: 0, exemplar: undefined };
  eachField(bytes, from, to, (field) => {
    if (field.number === 1) read.count = unsignedOf(field);
    else if (field.number === 2) read.bound = doubleOf(bytes, field);
    else if (field.number === 3) read.exemplar = readExemplar(bytes, inside(field));
    else if (field.number === 4) float = doubleOf(bytes, field);
  });
  // "Overrides cumulative_count if > 0."
  if (float > 0) read.count = float;
  return read;
}

function readSpan(bytes: Uint8Array, { from, to }: Range): [number, number] {
  const read: [number, number] = [0, 0];
  eachField(bytes, from, to, (field) => {
    if (field.number === 1) read[0] = zigZag32(field);
    else if (field.number === 2) {
      expect(field, 0);
      read[1] = field.low;
    }
  });
  return read;
}

function readExemplar(bytes: Uint8Array, { from, to }: Range): ParsedExemplar {
  const labels: Labels = [];
  let value = 0;
  let timestamp: number | undefined;
  eachField(bytes, from, to, (field) => {
    if (field.number === 1) labels.push(readLabel(bytes, inside(field)));
    else if (field.number === 2) value = doubleOf(bytes, field);
    else if (field.number === 3) timestamp = readTime(bytes, inside(field));
  });
  return { labels, value, ...(timestamp === undefined ? {} : { timestamp }) };
}

/** `google.protobuf.Timestamp` in seconds: `seconds` is 1, `nanos` is 2 (protobuf's timestamp.proto). */
function readTime(bytes: Uint8Array, { from, to }: Range): number {
  let seconds = 0;
  let nanos = 0;
  eachField(bytes, from, to, (field) => {
    if (field.number === 1) seconds = signedOf(field);
    else if (field.number === 2) nanos = signedOf(field);
  });
  return seconds + nanos / 1e9;
}
