/**
 * The layout of a batch's index: a tree of records in one `Int32Array`, each parent before its children. An offset is one into
 * the batch's bytes; no field's content is at 0, so 0 means that a field is absent. A range is two offsets, the second after its
 * last byte; absent is 0, 0.
 *
 * The tree is walked by the ends that the records name (`walk.ts`). A metric's points follow its record, each `metricAt.stride`
 * long.
 *
 * What an index points to is in regular form (`Batch.bytes`): a list of attributes is one range of `KeyValue` fields, each with
 * one key and at most one value; so are exemplars and quantiles; numbers are packed; no message occurs twice where one belongs.
 */

/** `ResourceMetrics`. */
export const resourceAt = {
  /** The `Resource` message, without its tag and length: it distinguishes resources. */
  from: 0,
  to: 1,
  attributesFrom: 2,
  attributesTo: 3,
  schemaUrlFrom: 4,
  schemaUrlTo: 5,
  /** The offset in the index after its last scope. */
  end: 6,
  size: 7,
} as const;

/** `ScopeMetrics`. */
export const scopeAt = {
  /** The `InstrumentationScope` message: with the schema URL it distinguishes scopes. */
  from: 0,
  to: 1,
  nameFrom: 2,
  nameTo: 3,
  versionFrom: 4,
  versionTo: 5,
  attributesFrom: 6,
  attributesTo: 7,
  schemaUrlFrom: 8,
  schemaUrlTo: 9,
  /** The offset in the index after its last metric. */
  end: 10,
  size: 11,
} as const;

/** `Metric`. */
export const metricAt = {
  /** The `Metric` message. */
  from: 0,
  to: 1,
  nameFrom: 2,
  nameTo: 3,
  unitFrom: 4,
  unitTo: 5,
  descriptionFrom: 6,
  descriptionTo: 7,
  metadataFrom: 8,
  metadataTo: 9,
  /** One of `metricType`. */
  type: 10,
  /** As sent: 0 unspecified, 1 delta, 2 cumulative, or a number that OTLP does not know. 0 for gauges and summaries. */
  temporality: 11,
  /** Of a sum: 1. */
  monotonic: 12,
  /** Size of each of its points' records. */
  stride: 13,
  /** The offset in the index after its last point. */
  end: 14,
  size: 15,
} as const;

/** The field numbers of `Metric.data`. */
export const metricType = { none: 0, gauge: 5, sum: 7, histogram: 9, exponentialHistogram: 10, summary: 11 } as const;

/** Every point, of whatever type. */
const anyPoint = {
  /** The point's message. */
  from: 0,
  to: 1,
  attributesFrom: 2,
  attributesTo: 3,
  /** Eight bytes each, nanoseconds since the epoch. */
  start: 4,
  time: 5,
  /** The flags themselves: `DataPointFlags`. */
  flags: 6,
  /** From the first exemplar's tag to the end of the last one, with nothing between them. */
  exemplarsFrom: 7,
  exemplarsTo: 8,
} as const;

/** `NumberDataPoint`, of gauges and sums. */
export const numberAt = {
  ...anyPoint,
  /** Eight bytes. Absent only with the flag `FLAG_NO_RECORDED_VALUE`. */
  value: 9,
  /** 1: the value is an `sfixed64`; 0: a double. */
  isInt: 10,
  size: 11,
} as const;

/** `HistogramDataPoint`. Without buckets both ranges are empty; else there is one count more than bounds. */
export const histogramAt = {
  ...anyPoint,
  /** Eight bytes, `fixed64`; absent: 0. */
  count: 9,
  /** Doubles. Absent: unknown. */
  sum: 10,
  min: 11,
  max: 12,
  /** Eight bytes a bucket, `fixed64`. */
  countsFrom: 13,
  countsTo: 14,
  /** Eight bytes a bound, doubles: strictly ascending, no NaN. The last one may be +Infinity. */
  boundsFrom: 15,
  boundsTo: 16,
  size: 17,
} as const;

/** `ExponentialHistogramDataPoint`. */
export const exponentialAt = {
  ...anyPoint,
  count: 9,
  sum: 10,
  min: 11,
  max: 12,
  /** The scale itself. */
  scale: 13,
  zeroCount: 14,
  zeroThreshold: 15,
  /** The offset itself, and the range of the packed varints. */
  positiveOffset: 16,
  positiveFrom: 17,
  positiveTo: 18,
  negativeOffset: 19,
  negativeFrom: 20,
  negativeTo: 21,
  size: 22,
} as const;

/** `SummaryDataPoint`. */
export const summaryAt = {
  ...anyPoint,
  count: 9,
  /** A double; absent: 0. */
  sum: 10,
  /** From the first quantile's tag to the end of the last one, with nothing between them. */
  quantilesFrom: 11,
  quantilesTo: 12,
  size: 13,
} as const;

/** Of any point, whatever its type. */
export const pointAt = anyPoint;

/** The size of a point's record. */
export function strideOf(type: number): number {
  if (type === metricType.histogram) return histogramAt.size;
  if (type === metricType.exponentialHistogram) return exponentialAt.size;
  return type === metricType.summary ? summaryAt.size : numberAt.size;
}
