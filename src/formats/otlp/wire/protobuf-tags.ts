/** Numbers of OTLP's metrics in protobuf, as opentelemetry-proto's metrics.proto and common.proto give them. */

/** A field's number times 8, plus its wire type: 0 varint, 1 of eight bytes, 2 with a length. */
export const varintOf = (field: number) => field * 8;
export const fixedOf = (field: number) => field * 8 + 1;
export const lengthOf = (field: number) => field * 8 + 2;

/** `Metric.data`, and in each point the fields that are numbered differently. */
export const types = {
  gauge: { data: lengthOf(5), attributes: lengthOf(7), flags: varintOf(8) },
  sum: { data: lengthOf(7), attributes: lengthOf(7), flags: varintOf(8) },
  histogram: { data: lengthOf(9), attributes: lengthOf(9), flags: varintOf(10) },
  exponentialHistogram: { data: lengthOf(10), attributes: lengthOf(1), flags: varintOf(10) },
  summary: { data: lengthOf(11), attributes: lengthOf(7), flags: varintOf(8) },
} as const;

/** The tag that canonical attribute bytes carry. */
export const canonicalTag = lengthOf(7);
export const dataPoint = lengthOf(1);
export const temporalities = { delta: 1, cumulative: 2 } as const;
/** `FLAG_NO_RECORDED_VALUE`. */
export const noRecordedValue = 1;

/** A pair of canonical attribute bytes, and what is in it: `KeyValue` of common.proto. */
export const attributeTags = { attribute: canonicalTag, key: lengthOf(1), value: lengthOf(2) } as const;
/** `AnyValue` of common.proto, and `ArrayValue.values`. */
export const valueTags = {
  string: lengthOf(1),
  bool: varintOf(2),
  int: varintOf(3),
  double: fixedOf(4),
  array: lengthOf(5),
  item: lengthOf(1),
} as const;
