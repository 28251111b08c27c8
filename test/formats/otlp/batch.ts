/** A batch as plain data, for tests: written by our encoder, and by OpenTelemetry JS where that can say it. */
import type { Attributes, HrTime } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { AggregationTemporality, DataPointType, type MetricData, type ResourceMetrics } from '@opentelemetry/sdk-metrics';
import fc from 'fast-check';
import type { ExponentialHistogram, MetricHead, MetricsWriter } from '../../../src/formats/otlp/index.ts';
import { encodeAttributes } from '../../../src/formats/otlp/value/attributes.ts';

export interface TestPoint {
  readonly attributes: Attributes;
  readonly startMs: number;
  readonly timeMs: number;
  readonly value: number;
  readonly counts: readonly number[];
  readonly exponential: ExponentialHistogram;
  readonly min: number | undefined;
}
export interface TestMetric extends MetricHead {
  readonly bounds: readonly number[];
  readonly points: readonly TestPoint[];
}
export interface Batch {
  readonly resource: Attributes;
  readonly scopes: readonly {
    readonly name: string;
    readonly version: string;
    readonly schemaUrl: string;
    readonly metrics: readonly TestMetric[];
  }[];
}

const text = fc.string({ unit: 'grapheme', maxLength: 12 });
/** Whole numbers beyond 2^53 are doubles to us and integers to the peer. */
const attributeDouble = fc
  .double({ noNaN: true, noDefaultInfinity: true })
  .filter((one) => !Number.isInteger(one) || Number.isSafeInteger(one));
const value = fc.oneof(text, fc.boolean(), fc.maxSafeInteger(), attributeDouble, fc.array(text, { maxLength: 3 }));
/** Keys sorted, since ours always are. */
const attributes = fc
  .dictionary(fc.string({ minLength: 1, maxLength: 8 }), value, { maxKeys: 4 })
  .map((all) => Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1))) as Attributes)
  // An object puts names that are numbers first, whatever their order.
  .filter((all) => !Object.keys(all).some((key) => /^\d+$|^__proto__$/.test(key)));
const time = fc.integer({ min: 0, max: 4_000_000_000_000 });
const counts = fc.array(fc.nat({ max: 2 ** 40 }), { minLength: 4, maxLength: 4 });
const number = fc.double({ noNaN: true, noDefaultInfinity: true });
const buckets = fc.record({ offset: fc.integer({ min: -1000, max: 1000 }), counts: fc.array(fc.nat(), { maxLength: 5 }) });
const exponential = fc.record({
  count: fc.nat(),
  sum: number,
  scale: fc.integer({ min: -10, max: 20 }),
  zeroCount: fc.nat(),
  positive: buckets,
  negative: buckets,
});
const point = fc.record({
  attributes,
  startMs: time,
  timeMs: time,
  value: number,
  counts,
  exponential,
  min: fc.option(number, { nil: undefined }),
});
const metric = fc.record({
  name: fc.string({ minLength: 1, maxLength: 20 }),
  description: text,
  unit: fc.constantFrom('', 's', '{run}'),
  type: fc.constantFrom('gauge', 'sum', 'histogram', 'exponentialHistogram'),
  temporality: fc.constantFrom('delta', 'cumulative'),
  monotonic: fc.boolean(),
  bounds: fc.constant([0.1, 1, 10]),
  points: fc.array(point, { minLength: 1, maxLength: 3 }),
} as const);
const scope = fc.record({
  name: text,
  version: fc.constantFrom('', '1.2'),
  schemaUrl: fc.constantFrom('', 'https://x/y'),
  metrics: fc.array(metric, { minLength: 1, maxLength: 3 }),
});
export const anyBatch: fc.Arbitrary<Batch> = fc.record({
  resource: attributes,
  scopes: fc.array(scope, { minLength: 1, maxLength: 2 }),
});

export function write(writer: MetricsWriter, batch: Batch): void {
  writer.resource({ attributes: encodeAttributes(batch.resource) });
  for (const { name, version, schemaUrl, metrics } of batch.scopes) {
    writer.scope({ name, version, schemaUrl });
    for (const metric of metrics) {
      writer.metric(metric);
      for (const one of metric.points) writePoint(writer, metric, one);
    }
  }
}

function writePoint(
  writer: MetricsWriter,
  { type, bounds }: TestMetric,
  { attributes: labels, startMs, timeMs, ...rest }: TestPoint,
): void {
  const bytes = encodeAttributes(labels);
  // Not at the beginning of the buffer nor at its end, as in a store, or just so.
  const behind = new Uint8Array(timeMs % 40).fill(255);
  const padded = Uint8Array.of(1, 2, ...bytes, ...behind);
  const place = { attributes: padded, from: 2, to: 2 + bytes.length, startMs, timeMs };
  const extras = rest.min === undefined ? undefined : { min: rest.min, max: rest.value };
  if (type === 'histogram') writer.histogram(place, bounds, [9, ...rest.counts, 9], 1, rest.value, extras);
  else if (type === 'exponentialHistogram') writer.exponentialHistogram(place, rest.exponential, extras);
  else writer.number(place, rest.value);
}

const hrTime = (ms: number): HrTime => [Math.floor(ms / 1000), (ms % 1000) * 1e6];

/** The same, as the SDK's exporters want it. */
export function sdkMetrics(batch: Batch): ResourceMetrics {
  const metricOf = (metric: TestMetric): MetricData => {
    const { name, description, unit, type, monotonic, points, bounds } = metric;
    const aggregationTemporality =
      metric.temporality === 'delta' ? AggregationTemporality.DELTA : AggregationTemporality.CUMULATIVE;
    const base = { descriptor: { name, description, unit, valueType: 1 }, aggregationTemporality };
    const all = <V>(valueFor: (one: TestPoint) => V) =>
      points.map((one) => ({
        attributes: one.attributes,
        startTime: hrTime(one.startMs),
        endTime: hrTime(one.timeMs),
        value: valueFor(one),
      }));
    const extremes = ({ min, value: max }: TestPoint) => (min === undefined ? {} : { min, max });
    if (type === 'gauge') return { ...base, dataPointType: DataPointType.GAUGE, dataPoints: all((one) => one.value) };
    if (type === 'sum')
      return { ...base, dataPointType: DataPointType.SUM, isMonotonic: monotonic, dataPoints: all((one) => one.value) };
    if (type === 'histogram') {
      const dataPoints = all((one) => ({
        buckets: { boundaries: [...bounds], counts: [...one.counts] },
        sum: one.value,
        count: one.counts.reduce((total, count) => total + count, 0),
        ...extremes(one),
      }));
      return { ...base, dataPointType: DataPointType.HISTOGRAM, dataPoints };
    }
    const dataPoints = all((one) => {
      const { positive, negative, ...rest } = one.exponential;
      const sides = {
        positive: { offset: positive.offset, bucketCounts: [...Array.from(positive.counts)] },
        negative: { offset: negative.offset, bucketCounts: [...Array.from(negative.counts)] },
      };
      return { ...rest, sum: rest.sum ?? 0, ...sides, ...extremes(one) };
    });
    return { ...base, dataPointType: DataPointType.EXPONENTIAL_HISTOGRAM, dataPoints };
  };
  return {
    resource: resourceFromAttributes(batch.resource),
    scopeMetrics: batch.scopes.map(({ name, version, schemaUrl, metrics }) => ({
      scope: { name, version, schemaUrl },
      metrics: metrics.map(metricOf),
    })),
  };
}
