/**
 * The tags of Prometheus' messages: https://github.com/prometheus/client_model, `io/prometheus/client/metrics.proto` (package
 * `io.prometheus.client`), as of its commit 10dc9df. Each field's number is that of the file, and its type decides which of the
 * three functions makes its tag.
 */
import type { Kind } from '../../../../core/naming/index.ts';
import { doubleField, lengthField, varintField } from './wire.ts';

export const familyTag = {
  name: lengthField(1),
  help: lengthField(2),
  type: varintField(3),
  metric: lengthField(4),
  unit: lengthField(5),
} as const;

export const metricTag = {
  label: lengthField(1),
  gauge: lengthField(2),
  counter: lengthField(3),
  summary: lengthField(4),
  untyped: lengthField(5),
  timestampMs: varintField(6),
  histogram: lengthField(7),
} as const;

export const labelTag = { name: lengthField(1), value: lengthField(2) } as const;

/** Of `Gauge` and `Untyped` the first, of `Counter` all. */
export const numberTag = { value: doubleField(1), exemplar: lengthField(2), created: lengthField(3) } as const;

export const summaryTag = {
  count: varintField(1),
  sum: doubleField(2),
  quantile: lengthField(3),
  created: lengthField(4),
} as const;
export const quantileTag = { quantile: doubleField(1), value: doubleField(2) } as const;

export const histogramTag = {
  count: varintField(1),
  sum: doubleField(2),
  bucket: lengthField(3),
  /** Instead of `count`, where that is no integer. */
  countFloat: doubleField(4),
  schema: varintField(5),
  zeroThreshold: doubleField(6),
  zeroCount: varintField(7),
  negativeSpan: lengthField(9),
  negativeDelta: lengthField(10),
  positiveSpan: lengthField(12),
  positiveDelta: lengthField(13),
  created: lengthField(15),
  exemplar: lengthField(16),
} as const;

export const bucketTag = {
  count: varintField(1),
  bound: doubleField(2),
  exemplar: lengthField(3),
  countFloat: doubleField(4),
} as const;
export const spanTag = { offset: varintField(1), length: varintField(2) } as const;
export const exemplarTag = { label: lengthField(1), value: doubleField(2), timestamp: lengthField(3) } as const;
/** Of `google.protobuf.Timestamp` (protobuf's `timestamp.proto`). */
export const timestampTag = { seconds: varintField(1), nanos: varintField(2) } as const;

const metricType = { counter: 0, gauge: 1, summary: 2, untyped: 3, histogram: 4, gaugeHistogram: 5 } as const;

/** `MetricType`: info and state sets are gauges, as in text. */
export const typeOfKind: Readonly<Record<Kind, number>> = {
  counter: metricType.counter,
  updowncounter: metricType.gauge,
  gauge: metricType.gauge,
  histogram: metricType.histogram,
  summary: metricType.summary,
  info: metricType.gauge,
  unknown: metricType.untyped,
  stateset: metricType.gauge,
  gaugehistogram: metricType.gaugeHistogram,
};
