/** A batch of the debug exporter's text as series, under the names that a Prometheus shows. */
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
  /** Only histograms; a summary is pushed as a histogram without bounds. */
  readonly bounds?: readonly number[];
}

export type ExpectedInstruments = Readonly<Record<string, ExpectedInstrument>>;

/** OpenTelemetry's data model: what each kind is on the wire. */
const onTheWire = {
  counter: { type: 'Sum', monotonic: true, temporality: 'Cumulative' },
  updowncounter: { type: 'Sum', monotonic: false, temporality: 'Cumulative' },
  gauge: { type: 'Gauge', monotonic: undefined, temporality: undefined },
  info: { type: 'Gauge', monotonic: undefined, temporality: undefined },
  histogram: { type: 'Histogram', monotonic: undefined, temporality: 'Cumulative' },
  summary: { type: 'Histogram', monotonic: undefined, temporality: 'Cumulative' },
} as const;

/** Series and values as printed. Asserts scope, name, unit, description, kind, temporality and bounds of every metric on the way. */
export function debugSeries(batch: DebugBatch, expected: ExpectedInstruments): Map<string, string> {
  const series = new Map<string, string>();
  for (const metric of batch.metrics) {
    const instrument = expected[metric.name];
    assert.ok(instrument, `nobody expects an instrument called ${metric.name}`);
    const { scope, name, unit, description, type, monotonic, temporality } = metric;
    const { series: _, kind, help, bounds = [], ...rest } = instrument;
    assert.deepEqual(
      { scope, name, unit, description, type, monotonic, temporality },
      { ...rest, name, description: help, ...onTheWire[kind] },
    );
    for (const point of metric.points) {
      if (metric.type === 'Histogram') assert.deepEqual(point.bounds.map(Number), bounds, `bounds of ${name}`);
      for (const [key, value] of samplesOf(metric, point, instrument)) {
        assert.ok(!series.has(key), `${key} is in the batch twice`);
        series.set(key, value);
      }
    }
  }
  return series;
}

function* samplesOf(metric: DebugMetric, point: DebugPoint, { series, kind }: ExpectedInstrument): Generator<[string, string]> {
  const labels = Object.entries(point.attributes).map(([name, value]): [string, string] => [labelOf(name), value]);
  const { Value, Sum, Count } = point.numbers;
  if (metric.type !== 'Histogram') {
    yield [seriesKey(series, labels), Value ?? 'no value'];
    return;
  }
  yield [seriesKey(`${series}_sum`, labels), Sum ?? 'no sum'];
  yield [seriesKey(`${series}_count`, labels), Count ?? 'no count'];
  if (kind === 'summary') return;
  let cumulative = 0;
  for (const [i, count] of point.buckets.entries()) {
    cumulative += Number(count);
    yield [seriesKey(`${series}_bucket`, [...labels, ['le', point.bounds[i] ?? '+Inf']]), String(cumulative)];
  }
}

/** What Prometheus calls an attribute, for the names that occur here: `rpc.method` becomes `rpc_method`. */
function labelOf(attribute: string): string {
  return attribute.replace(/[^A-Za-z0-9_]/g, '_');
}

/** Does a value agree with what `%f` (six decimals, ties either way) made of it? */
export function agreesWithPrinted(value: number, printed: string): boolean {
  const distance = Math.abs(value - Number(printed));
  return distance <= 0.500_001e-6 + Math.abs(value) * Number.EPSILON;
}
