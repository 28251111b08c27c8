/**
 * Random requests: what the index, the plain objects and the readers of values say, against a decoder that protobufjs generates.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Batch, readBatch } from '../../../../src/formats/otlp/batch/batch.ts';
import { exemplarOffsets, readExemplar } from '../../../../src/formats/otlp/batch/batch-exemplars.ts';
import { exponentialAt, histogramAt, metricType, pointAt, summaryAt } from '../../../../src/formats/otlp/batch/batch-index.ts';
import * as values from '../../../../src/formats/otlp/batch/batch-values.ts';
import { full } from '../../../full.ts';
import { decodeGenerated, request } from '../generated.ts';
import { pointNode, wholeBatch } from '../whole-batch.ts';
import { Choices, writeRandom } from '../wire-forms.ts';

const numRuns = Number(process.env.METERBRIDGE_CASES ?? (full ? 10_000 : 2_000));
const seed = Number(process.env.METERBRIDGE_SEED ?? 1);
const data = { gauge: 5, sum: 7, histogram: 9, exponentialHistogram: 10, summary: 11 } as const;
const noRecordedValue = 1;

// biome-ignore lint/suspicious/noExplicitAny: what protobufjs decodes
type Any = any;

/**
 * metrics.proto: a number point has a value, unless flagged; a histogram one count more than bounds, which ascend, or neither.
 */
function isSound(type: number, point: Any): boolean {
  if (((point.flags ?? 0) & noRecordedValue) !== 0) return true;
  if (type === data.gauge || type === data.sum) return point.asDouble !== undefined || point.asInt !== undefined;
  if (type !== data.histogram) return true;
  const { bucketCounts: counts, explicitBounds: bounds } = point;
  const ascend = bounds.every((bound: number, index: number) => (index === 0 ? !Number.isNaN(bound) : bound > bounds[index - 1]));
  return ascend && (counts.length === bounds.length + 1 || (counts.length === 0 && bounds.length === 0));
}

/** Of an id of no bytes, too: it is not set. */
const hex = (id: Uint8Array | undefined) => Buffer.from(id ?? []).toString('hex');
/** The nearest double: one of all nanoseconds would be rounded before. */
const millis = (nanos = 0n) => Number(nanos / 1_000_000n) + Number(nanos % 1_000_000n) / 1e6;

function expectedValues(type: number, point: Any): unknown {
  const exemplars = (point.exemplars ?? []).map((one: Any) => ({
    value: one.asDouble ?? (one.asInt === undefined ? Number.NaN : Number(one.asInt)),
    time: millis(one.timeUnixNano),
    trace: hex(one.traceId),
    span: hex(one.spanId),
  }));
  const base = { flags: point.flags ?? 0, start: millis(point.startTimeUnixNano), time: millis(point.timeUnixNano), exemplars };
  if (type === data.gauge || type === data.sum) {
    return { ...base, value: point.asDouble ?? (point.asInt === undefined ? Number.NaN : Number(point.asInt)) };
  }
  const whole = { ...base, count: Number(point.count ?? 0n), sum: point.sum ?? Number.NaN };
  // A summary's sum is not `optional`.
  if (type === data.summary)
    return {
      ...whole,
      sum: point.sum ?? 0,
      quantiles: point.quantileValues.map((one: Any) => [one.quantile ?? 0, one.value ?? 0]),
    };
  const extremes = { ...whole, min: point.min ?? Number.NaN, max: point.max ?? Number.NaN };
  if (type === data.histogram) return { ...extremes, buckets: point.bucketCounts.map(Number), bounds: point.explicitBounds };
  const range = (one: Any) => [one?.offset ?? 0, ...(one?.bucketCounts ?? []).map(Number)];
  return {
    ...extremes,
    scale: point.scale ?? 0,
    zero: [Number(point.zeroCount ?? 0n), point.zeroThreshold ?? 0],
    positive: range(point.positive),
    negative: range(point.negative),
  };
}

function readValues(batch: Batch, point: number, type: number): unknown {
  const at = (column: number) => batch.index[point + column] as number;
  const id = (place: number, length: number) => hex(place === 0 ? undefined : batch.bytes.subarray(place, place + length));
  const exemplars: unknown[] = [];
  const places = exemplarOffsets();
  for (let next = at(pointAt.exemplarsFrom); next < at(pointAt.exemplarsTo); ) {
    next = readExemplar(batch, next, places);
    const time = values.millisAt(batch, places.time);
    exemplars.push({ value: places.value, time, trace: id(places.traceId, 16), span: id(places.spanId, 8) });
  }
  const times = { start: values.millisAt(batch, at(pointAt.start)), time: values.millisAt(batch, at(pointAt.time)) };
  const base = { flags: at(pointAt.flags) >>> 0, ...times, exemplars };
  if (type === metricType.gauge || type === metricType.sum) return { ...base, value: values.numberOf(batch, point) };
  const double = (column: number, absent = Number.NaN) => values.doubleAt(batch, at(column), absent);
  if (type === metricType.summary) {
    const quantiles: unknown[] = [];
    const pair = { quantile: 0, value: 0 };
    for (let next = at(summaryAt.quantilesFrom); next < at(summaryAt.quantilesTo); ) {
      next = values.readQuantile(batch, next, pair);
      quantiles.push([pair.quantile, pair.value]);
    }
    const whole = { ...base, count: values.countAt(batch, at(summaryAt.count)), sum: double(summaryAt.sum, 0) };
    return { ...whole, quantiles };
  }
  const count = values.countAt(batch, at(histogramAt.count));
  const extremes = { ...base, count, sum: double(histogramAt.sum), min: double(histogramAt.min), max: double(histogramAt.max) };
  if (type === metricType.histogram) {
    const buckets = new Float64Array(values.bucketsOf(batch, point));
    const bounds = new Float64Array((at(histogramAt.boundsTo) - at(histogramAt.boundsFrom)) / 8);
    values.copyBuckets(batch, point, buckets, 0);
    values.copyBounds(batch, point, bounds, 0);
    assert.equal(values.hasBounds(batch, point, bounds), !bounds.some(Number.isNaN));
    return { ...extremes, buckets: [...buckets], bounds: [...bounds] };
  }
  const range = (column: values.Range) => {
    const cells = new Float64Array(values.rangeLength(batch, point, column));
    values.copyRange(batch, point, column, cells, 0);
    return [at(column), ...cells];
  };
  return {
    ...extremes,
    scale: at(exponentialAt.scale),
    zero: [values.countAt(batch, at(exponentialAt.zeroCount)), double(exponentialAt.zeroThreshold, 0)],
    positive: range(exponentialAt.positiveOffset),
    negative: range(exponentialAt.negativeOffset),
  };
}

/** The tree that is due, and how many points it leaves out. */
function expected(bytes: Uint8Array, visit: (type: number, point: Any) => unknown) {
  let rejected = 0;
  const metric = ({ name = '', description = '', unit = '', metadata, ...rest }: Any) => {
    const key = (Object.keys(data) as (keyof typeof data)[]).find((one) => rest[one] !== undefined);
    const type = key === undefined ? 0 : data[key];
    const {
      dataPoints = [],
      aggregationTemporality: temporality = 0,
      isMonotonic: monotonic = false,
    } = key === undefined ? {} : rest[key];
    const points = dataPoints.filter((point: Any) => isSound(type, point));
    rejected += dataPoints.length - points.length;
    return {
      name,
      description,
      unit,
      metadata,
      type,
      temporality,
      monotonic,
      points: points.map((point: Any) => visit(type, point)),
    };
  };
  const scope = ({ scope: own = { attributes: [] }, metrics, schemaUrl = '' }: Any) => ({
    ...own,
    schemaUrl,
    metrics: metrics.map(metric),
  });
  const resource = ({ resource: own = { attributes: [], entityRefs: [] }, scopeMetrics, schemaUrl = '' }: Any) => ({
    ...own,
    schemaUrl,
    scopes: scopeMetrics.map(scope),
  });
  return { tree: decodeGenerated(bytes).resourceMetrics.map(resource), rejected };
}

/** Those of a `oneof`, and those that are `optional`: the only scalars of which metrics.proto tells absent from 0. */
const present = /^(stringValue|boolValue|intValue|doubleValue|bytesValue|asDouble|asInt|sum|min|max)$/;

/** Bytes as text, since one side has `Buffer`s. Without scalars that say no more than their absence does. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return `bytes ${hex(value)}`;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const kept = (key: string, inner: unknown) =>
    (present.test(key) && !('quantileValues' in value)) ||
    (!['', 0n, false, 'bytes '].includes(inner as string) && !Object.is(inner, 0));
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, inner]) => [key, plain(inner)] as const)
      .filter(([key, inner]) => kept(key, inner)),
  );
}

test('a request in any form of protobuf says the same as to a generated decoder', () => {
  let points = 0;
  let rejected = 0;
  const entropy = fc.uint8Array({ minLength: 20, maxLength: 500, size: 'max' });
  fc.assert(
    fc.property(entropy, (choices) => {
      const bytes = writeRandom(request, new Choices(choices));
      const due = expected(bytes, (type, point) => [plain(point), expectedValues(type, point)]);
      const batch = readBatch(bytes);
      assert.deepEqual(
        plain(wholeBatch(batch, (point, type) => [pointNode(batch, point, type), readValues(batch, point, type)])),
        plain(due.tree),
      );
      assert.equal(batch.rejected, due.rejected);
      points += batch.points;
      rejected += batch.rejected;
    }),
    { numRuns, seed },
  );
  assert.ok(
    points > numRuns / 2 && rejected > numRuns / 10,
    `only ${points} points, ${rejected} rejected: the requests say nothing`,
  );
});
