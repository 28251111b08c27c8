/**
 * The messages of `ExportMetricsServiceRequest` as data, from opentelemetry-proto's metrics.proto, resource.proto and
 * common.proto. Code that reads or writes any message, whatever its fields, uses this table; code that must be fast has its
 * fields built in.
 */
import { fixedOf, lengthOf, varintOf } from './protobuf-tags.ts';

/** How a field is encoded on the wire; ids are `bytes` that JSON writes as hexadecimal digits. */
export type FieldKind =
  | 'string'
  | 'bytes'
  | 'traceId'
  | 'spanId'
  | 'message'
  | 'bool'
  | 'uint32'
  | 'enum'
  | 'sint32'
  | 'int64'
  | 'uint64'
  | 'fixed64'
  | 'sfixed64'
  | 'double';

export interface Field {
  readonly number: number;
  /** Its number and wire type. Repeated numbers are packed. */
  readonly tag: number;
  /** As JSON has it. */
  readonly name: string;
  /** As the .proto file has it. */
  readonly protoName: string;
  readonly kind: FieldKind;
  readonly repeated: boolean;
  /** Of the message's one `oneof`. */
  readonly oneof: boolean;
  /** Of a message; called late, since values nest. */
  readonly message: (() => Message) | undefined;
}

export interface Message {
  readonly name: string;
  readonly fields: readonly Field[];
  /** Names of repeated fields. */
  readonly lists: readonly string[];
  readonly byNumber: readonly (Field | undefined)[];
  /** By either name. */
  readonly byName: ReadonlyMap<string, Field>;
}

/** `AggregationTemporality`, by its number. */
export const temporalityNames = [
  'AGGREGATION_TEMPORALITY_UNSPECIFIED',
  'AGGREGATION_TEMPORALITY_DELTA',
  'AGGREGATION_TEMPORALITY_CUMULATIVE',
] as const;

export function hasLength(kind: FieldKind): boolean {
  return kind === 'message' || kind === 'string' || kind === 'bytes' || kind === 'traceId' || kind === 'spanId';
}

type Draft = (number: number, protoName: string) => Field;

function draft(kind: FieldKind, extra: { repeated?: true; oneof?: true; message?: () => Message } = {}): Draft {
  const { repeated = false, oneof = false, message } = extra;
  return (number, protoName) => {
    const name = protoName.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
    const type = repeated || hasLength(kind) ? lengthOf : kind === 'double' || kind.endsWith('fixed64') ? fixedOf : varintOf;
    return Object.freeze({ number, tag: type(number), name, protoName, kind, repeated, oneof, message });
  };
}

export const one = (kind: FieldKind) => draft(kind);
const oneof = (kind: FieldKind) => draft(kind, { oneof: true });
const many = (kind: FieldKind) => draft(kind, { repeated: true });
export const nested = (message: () => Message) => draft('message', { message });
const list = (message: () => Message) => draft('message', { repeated: true, message });
const choice = (message: () => Message) => draft('message', { oneof: true, message });

/** @param drafts by the names of the .proto file */
export function message(name: string, drafts: Readonly<Record<string, readonly [number: number, draft: Draft]>>): Message {
  const fields = Object.entries(drafts).map(([protoName, [number, make]]) => make(number, protoName));
  const byNumber: (Field | undefined)[] = [];
  for (const field of fields) byNumber[field.number] = field;
  const byName = new Map(fields.flatMap((field) => [[field.name, field] as const, [field.protoName, field] as const]));
  const lists = fields.flatMap((field) => (field.repeated ? [field.name] : []));
  return Object.freeze({ name, fields, lists, byNumber, byName });
}

export const anyValue: Message = message('AnyValue', {
  string_value: [1, oneof('string')],
  bool_value: [2, oneof('bool')],
  int_value: [3, oneof('int64')],
  double_value: [4, oneof('double')],
  array_value: [5, choice(() => arrayValue)],
  kvlist_value: [6, choice(() => keyValueList)],
  bytes_value: [7, oneof('bytes')],
});
export const keyValue: Message = message('KeyValue', { key: [1, one('string')], value: [2, nested(() => anyValue)] });
const arrayValue = message('ArrayValue', { values: [1, list(() => anyValue)] });
const keyValueList = message('KeyValueList', { values: [1, list(() => keyValue)] });
const attributes = list(() => keyValue);

const exemplar = message('Exemplar', {
  filtered_attributes: [7, attributes],
  time_unix_nano: [2, one('fixed64')],
  as_double: [3, oneof('double')],
  as_int: [6, oneof('sfixed64')],
  span_id: [4, one('spanId')],
  trace_id: [5, one('traceId')],
});
const times = { start_time_unix_nano: [2, one('fixed64')], time_unix_nano: [3, one('fixed64')] } as const;
const exemplars = list(() => exemplar);

export const numberDataPoint = message('NumberDataPoint', {
  attributes: [7, attributes],
  ...times,
  as_double: [4, oneof('double')],
  as_int: [6, oneof('sfixed64')],
  exemplars: [5, exemplars],
  flags: [8, one('uint32')],
});
export const histogramDataPoint = message('HistogramDataPoint', {
  attributes: [9, attributes],
  ...times,
  count: [4, one('fixed64')],
  sum: [5, one('double')],
  bucket_counts: [6, many('fixed64')],
  explicit_bounds: [7, many('double')],
  exemplars: [8, exemplars],
  flags: [10, one('uint32')],
  min: [11, one('double')],
  max: [12, one('double')],
});
const buckets = message('Buckets', { offset: [1, one('sint32')], bucket_counts: [2, many('uint64')] });
export const exponentialHistogramDataPoint = message('ExponentialHistogramDataPoint', {
  attributes: [1, attributes],
  ...times,
  count: [4, one('fixed64')],
  sum: [5, one('double')],
  scale: [6, one('sint32')],
  zero_count: [7, one('fixed64')],
  positive: [8, nested(() => buckets)],
  negative: [9, nested(() => buckets)],
  flags: [10, one('uint32')],
  exemplars: [11, exemplars],
  min: [12, one('double')],
  max: [13, one('double')],
  zero_threshold: [14, one('double')],
});
const valueAtQuantile = message('ValueAtQuantile', { quantile: [1, one('double')], value: [2, one('double')] });
export const summaryDataPoint = message('SummaryDataPoint', {
  attributes: [7, attributes],
  ...times,
  count: [4, one('fixed64')],
  sum: [5, one('double')],
  quantile_values: [6, list(() => valueAtQuantile)],
  flags: [8, one('uint32')],
});

const temporality = [2, one('enum')] as const;
const gauge = message('Gauge', { data_points: [1, list(() => numberDataPoint)] });
const sum = message('Sum', {
  data_points: [1, list(() => numberDataPoint)],
  aggregation_temporality: temporality,
  is_monotonic: [3, one('bool')],
});
const histogram = message('Histogram', {
  data_points: [1, list(() => histogramDataPoint)],
  aggregation_temporality: temporality,
});
const exponentialHistogram = message('ExponentialHistogram', {
  data_points: [1, list(() => exponentialHistogramDataPoint)],
  aggregation_temporality: temporality,
});
const summary = message('Summary', { data_points: [1, list(() => summaryDataPoint)] });
const metric = message('Metric', {
  name: [1, one('string')],
  description: [2, one('string')],
  unit: [3, one('string')],
  gauge: [5, choice(() => gauge)],
  sum: [7, choice(() => sum)],
  histogram: [9, choice(() => histogram)],
  exponential_histogram: [10, choice(() => exponentialHistogram)],
  summary: [11, choice(() => summary)],
  metadata: [12, attributes],
});
export const instrumentationScope = message('InstrumentationScope', {
  name: [1, one('string')],
  version: [2, one('string')],
  attributes: [3, attributes],
  dropped_attributes_count: [4, one('uint32')],
});
const scopeMetrics = message('ScopeMetrics', {
  scope: [1, nested(() => instrumentationScope)],
  metrics: [2, list(() => metric)],
  schema_url: [3, one('string')],
});
const entityRef = message('EntityRef', {
  schema_url: [1, one('string')],
  type: [2, one('string')],
  id_keys: [3, many('string')],
  description_keys: [4, many('string')],
});
export const resource = message('Resource', {
  attributes: [1, attributes],
  dropped_attributes_count: [2, one('uint32')],
  entity_refs: [3, list(() => entityRef)],
});
const resourceMetrics = message('ResourceMetrics', {
  resource: [1, nested(() => resource)],
  scope_metrics: [2, list(() => scopeMetrics)],
  schema_url: [3, one('string')],
});
export const request = message('ExportMetricsServiceRequest', { resource_metrics: [1, list(() => resourceMetrics)] });
