/**
 * A sender, for tests: requests as plain data, written as protobuf by hand from metrics.proto, so that they can say whatever the
 * wire can.
 */

export interface SentPoint {
  /** In the order in which they are sent; numbers as integers. */
  readonly attributes?: SentAttributes;
  /** Nanoseconds; absent: not sent. */
  readonly start?: bigint | number;
  readonly time?: bigint | number;
  readonly double?: number;
  readonly int?: bigint | number;
  readonly count?: number;
  readonly sum?: number;
  readonly counts?: readonly number[];
  readonly bounds?: readonly number[];
  readonly scale?: number;
  readonly zeroCount?: number;
  readonly positive?: SentBuckets;
  readonly negative?: SentBuckets;
  /** Pairs of quantile and value. */
  readonly quantiles?: readonly (readonly [number, number])[];
  readonly exemplars?: readonly SentExemplar[];
  readonly flags?: number;
}
export type SentAttributes = Readonly<Record<string, string | number | boolean>>;
export interface SentBuckets {
  readonly offset: number;
  readonly counts: readonly number[];
}
export interface SentExemplar {
  readonly time: bigint | number;
  readonly double: number;
  readonly trace?: Uint8Array;
  readonly span?: Uint8Array;
  readonly attributes?: SentAttributes;
}
export interface SentMetric {
  readonly name: string;
  readonly unit?: string;
  readonly description?: string;
  readonly type: keyof typeof typeNumbers;
  readonly temporality?: number;
  readonly monotonic?: boolean;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly points: readonly SentPoint[];
}
export interface SentResource {
  readonly attributes?: Readonly<Record<string, string>>;
  readonly scope?: string;
  readonly metrics: readonly SentMetric[];
}

const typeNumbers = { gauge: 5, sum: 7, histogram: 9, exponentialHistogram: 10, summary: 11 } as const;
/** Single bytes, and whole strings of bytes. */
type Bytes = readonly (number | Uint8Array)[];

export function requestOf(...resources: readonly SentResource[]): Uint8Array {
  return bytesOf(resources.flatMap((resource) => message(1, resourceOf(resource))));
}

function resourceOf({ attributes = {}, scope = '', metrics }: SentResource): Bytes {
  const scopeMetrics = [...message(1, text(1, scope)), ...metrics.flatMap((metric) => message(2, metricOf(metric)))];
  return [...message(1, keyValues(1, attributes)), ...message(2, scopeMetrics)];
}

function metricOf({
  name,
  unit = '',
  description = '',
  type,
  temporality = 0,
  monotonic = false,
  metadata,
  points,
}: SentMetric): Bytes {
  const data = [
    ...points.flatMap((point) => message(1, pointOf(type, point))),
    ...(temporality === 0 ? [] : [...varint(2 * 8), ...varint(temporality)]),
    ...(monotonic ? [...varint(3 * 8), 1] : []),
  ];
  return [
    ...text(1, name),
    ...text(2, description),
    ...text(3, unit),
    ...message(typeNumbers[type], data),
    ...keyValues(12, metadata),
  ];
}

function pointOf(type: SentMetric['type'], point: SentPoint): Bytes {
  const common = [...fixed(2, point.start), ...fixed(3, point.time)];
  const flags = (field: number) => (point.flags === undefined ? [] : [...varint(field * 8), ...varint(point.flags)]);
  const exemplars = (field: number) => (point.exemplars ?? []).flatMap((exemplar) => message(field, exemplarOf(exemplar)));
  if (type === 'gauge' || type === 'sum') {
    return [
      ...keyValues(7, point.attributes),
      ...common,
      ...double(4, point.double),
      ...fixed(6, point.int),
      ...exemplars(5),
      ...flags(8),
    ];
  }
  if (type === 'histogram') {
    const counts = (point.counts ?? []).flatMap((count) => eight(BigInt(count)));
    const bounds = (point.bounds ?? []).flatMap(eightOfDouble);
    const values = [...fixed(4, point.count), ...double(5, point.sum), ...message(6, counts), ...message(7, bounds)];
    return [...common, ...values, ...exemplars(8), ...keyValues(9, point.attributes), ...flags(10)];
  }
  if (type === 'exponentialHistogram') {
    const values = [
      ...fixed(4, point.count),
      ...double(5, point.sum),
      6 * 8,
      ...signed(point.scale ?? 0),
      ...fixed(7, point.zeroCount),
    ];
    const buckets = [...bucketsOf(8, point.positive), ...bucketsOf(9, point.negative)];
    return [...keyValues(1, point.attributes), ...common, ...values, ...buckets, ...flags(10), ...exemplars(11)];
  }
  const quantiles = (point.quantiles ?? []).flatMap(([quantile, value]) =>
    message(6, [...double(1, quantile), ...double(2, value)]),
  );
  return [
    ...common,
    ...fixed(4, point.count),
    ...double(5, point.sum),
    ...quantiles,
    ...keyValues(7, point.attributes),
    ...flags(8),
  ];
}

function exemplarOf({ time, double: value, trace, span, attributes }: SentExemplar): Bytes {
  const ids = [...(span === undefined ? [] : message(4, [span])), ...(trace === undefined ? [] : message(5, [trace]))];
  return [...fixed(2, time), ...double(3, value), ...ids, ...keyValues(7, attributes)];
}

function bucketsOf(field: number, buckets: SentBuckets | undefined): Bytes {
  if (buckets === undefined) return [];
  return message(field, [8, ...signed(buckets.offset), ...message(2, buckets.counts.flatMap(varint))]);
}

export function keyValues(field: number, attributes: SentAttributes = {}): Bytes {
  return Object.entries(attributes).flatMap(([key, value]) => message(field, [...text(1, key), ...message(2, anyValue(value))]));
}

function anyValue(value: string | number | boolean): Bytes {
  if (typeof value === 'string') return text(1, value);
  return typeof value === 'boolean' ? [2 * 8, value ? 1 : 0] : [3 * 8, ...varint(value)];
}

function message(field: number, content: Bytes): Bytes {
  return [...varint(field * 8 + 2), ...varint(lengthOf(content)), ...content];
}

function lengthOf(parts: Bytes): number {
  return parts.reduce<number>((sum, part) => sum + (typeof part === 'number' ? 1 : part.length), 0);
}

function bytesOf(parts: Bytes): Uint8Array {
  const bytes = new Uint8Array(lengthOf(parts));
  let at = 0;
  for (const part of parts) {
    if (typeof part === 'number') bytes[at++] = part;
    else {
      bytes.set(part, at);
      at += part.length;
    }
  }
  return bytes;
}

function text(field: number, value: string): Bytes {
  if (value === '') return [];
  const bytes = Buffer.from(value);
  return message(field, bytes.length < 1_000 ? [...bytes] : [bytes]);
}

function fixed(field: number, value: bigint | number | undefined): Bytes {
  return value === undefined ? [] : [...varint(field * 8 + 1), ...eight(BigInt(value))];
}

function double(field: number, value: number | undefined): Bytes {
  return value === undefined ? [] : [...varint(field * 8 + 1), ...eightOfDouble(value)];
}

function eight(value: bigint): Bytes {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt.asUintN(64, value));
  return [...bytes];
}

function eightOfDouble(value: number): Bytes {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return [...bytes];
}

function signed(value: number): Bytes {
  return varint(value < 0 ? -2 * value - 1 : 2 * value);
}

function varint(value: number): readonly number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return [...bytes, rest];
}
