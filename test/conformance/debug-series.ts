/**
 * A batch of the debug exporter's text as series, under the names that a Prometheus shows. The text does not print a point's
 * flags. What has NO_RECORDED_VALUE is told by what is missing: a number without its value, a histogram without its sum. A
 * summary always has both lines, so one whose are 0 may be either.
 */
import assert from 'node:assert/strict';
import type { DebugBatch, DebugMetric, DebugPoint } from './debug-text.ts';
import { seriesKey } from './series.ts';

/** What is expected of an instrument at the Collector, by its name. */
export interface ExpectedInstrument {
  /** Family name in text 0.0.4. */
  readonly series: string;
  readonly kind: 'counter' | 'updowncounter' | 'gauge' | 'info' | 'histogram' | 'summary';
  readonly unit: string;
  readonly help: string;
  readonly scope: string;
  /** Only histograms; where a summary is pushed as a histogram, it has none. */
  readonly bounds?: readonly number[];
}

export type ExpectedInstruments = Readonly<Record<string, ExpectedInstrument>>;

export interface DebugSeries {
  /** Values as printed. */
  readonly values: Map<string, string>;
  /** Series of points that have no recorded value. */
  readonly gone: Set<string>;
  /** Series of histograms and summaries whose count and sum are printed as 0: recorded as that, or without a recorded value. */
  readonly zeroOrGone: Set<string>;
}

/** OpenTelemetry's data model: what each kind is on the wire; a summary as one, or as a histogram. */
const onTheWire = {
  counter: { type: 'Sum', monotonic: true, temporality: 'Cumulative' },
  updowncounter: { type: 'Sum', monotonic: false, temporality: 'Cumulative' },
  gauge: { type: 'Gauge', monotonic: undefined, temporality: undefined },
  info: { type: 'Gauge', monotonic: undefined, temporality: undefined },
  histogram: { type: 'Histogram', monotonic: undefined, temporality: 'Cumulative' },
  Summary: { type: 'Summary', monotonic: undefined, temporality: undefined },
  Histogram: { type: 'Histogram', monotonic: undefined, temporality: 'Cumulative' },
} as const;

/** Asserts scope, name, unit, description, kind, temporality and bounds of every metric on the way. */
export function debugSeries(batch: DebugBatch, expected: ExpectedInstruments, summary: 'Summary' | 'Histogram'): DebugSeries {
  const values = new Map<string, string>();
  const gone = new Set<string>();
  const zeroOrGone = new Set<string>();
  for (const metric of batch.metrics) {
    const instrument = expected[metric.name];
    assert.ok(instrument, `nobody expects an instrument called ${metric.name}`);
    const { scope, name, unit, description, type, monotonic, temporality } = metric;
    const { series: _, kind, help, bounds = [], ...rest } = instrument;
    assert.deepEqual(
      { scope, name, unit, description, type, monotonic, temporality },
      { ...rest, name, description: help, ...onTheWire[kind === 'summary' ? summary : kind] },
    );
    for (const point of metric.points) {
      const recorded = isRecorded(metric, point);
      if (metric.type === 'Histogram') assert.deepEqual(point.bounds.map(Number), bounds, `bounds of ${name}`);
      if (kind === 'histogram') assert.equal(point.buckets.length, bounds.length + 1, `buckets of ${name}`);
      for (const [key, value] of samplesOf(metric, point, instrument)) {
        assert.ok(!values.has(key) && !gone.has(key), `${key} is in the batch twice`);
        if (recorded) values.set(key, value);
        else gone.add(key);
        if (recorded && isZero(point)) zeroOrGone.add(key);
      }
    }
  }
  return { values, gone, zeroOrGone };
}

/** The debug text has no flags. */
function isRecorded({ type }: DebugMetric, { numbers: { Value } }: DebugPoint): boolean {
  return type === 'Histogram' || type === 'Summary' || Value !== undefined;
}

function isZero({ numbers: { Count, Sum } }: DebugPoint): boolean {
  return Count === '0' && Sum === '0.000000';
}

/** The samples of a point under the names that a Prometheus shows, as printed. */
export function* samplesOf(metric: DebugMetric, point: DebugPoint, instrument: ExpectedInstrument): Generator<[string, string]> {
  const { series, kind, bounds = [] } = instrument;
  const labels = Object.entries(point.attributes).map(([name, value]): [string, string] => [labelOf(name), value]);
  const { Value, Sum, Count } = point.numbers;
  if (metric.type !== 'Histogram' && metric.type !== 'Summary') {
    yield [seriesKey(series, labels), Value ?? 'no value'];
    return;
  }
  yield [seriesKey(`${series}_sum`, labels), Sum ?? 'no sum'];
  yield [seriesKey(`${series}_count`, labels), Count ?? 'no count'];
  if (kind === 'summary') return;
  let cumulative = 0;
  for (const [i, bound] of [...bounds, '+Inf'].entries()) {
    cumulative += Number(point.buckets[i] ?? 'no bucket');
    yield [seriesKey(`${series}_bucket`, [...labels, ['le', String(bound)]]), String(cumulative)];
  }
}

/** What Prometheus calls an attribute, for the names that occur here: `rpc.method` becomes `rpc_method`. */
function labelOf(attribute: string): string {
  return attribute.replace(/[^A-Za-z0-9_]/g, '_');
}

/** Does a value agree with what `%f` (six decimals, ties either way) made of it? */
export function agreesWithPrinted(value: number, printed: string): boolean {
  if (!Number.isFinite(value)) return printed === (Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf');
  const distance = Math.abs(value - Number(printed));
  return distance <= 0.500_001e-6 + Math.abs(value) * Number.EPSILON;
}
