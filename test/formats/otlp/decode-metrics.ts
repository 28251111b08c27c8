/**
 * Reads an `ExportMetricsServiceRequest` for tests: written from opentelemetry-proto's .proto files (metrics/v1, common/v1,
 * resource/v1), apart from the encoder. The result is what OTLP in JSON looks like; 64-bit integers are numbers, but for times,
 * which are texts. A sum says whether it is monotonic, and a histogram its counts, also where proto3 leaves out a default.
 */

type Kind =
  | 'string'
  | 'bytes'
  | 'bool'
  | 'uint32'
  | 'int64'
  | 'uint64'
  | 'sint32'
  | 'fixed64'
  | 'sfixed64'
  | 'time'
  | 'double'
  | Message;
interface Message {
  readonly [field: number]: readonly [name: string, kind: Kind | (() => Message), label?: 'repeated' | 'packed'];
}

const anyValue: Message = {
  1: ['stringValue', 'string'],
  2: ['boolValue', 'bool'],
  3: ['intValue', 'int64'],
  4: ['doubleValue', 'double'],
  5: ['arrayValue', () => ({ 1: ['values', anyValue, 'repeated'] })],
};
const keyValue: Message = { 1: ['key', 'string'], 2: ['value', anyValue] };
const exemplar: Message = {
  7: ['filteredAttributes', keyValue, 'repeated'],
  2: ['timeUnixNano', 'time'],
  3: ['asDouble', 'double'],
  6: ['asInt', 'sfixed64'],
  4: ['spanId', 'bytes'],
  5: ['traceId', 'bytes'],
};
const times: Message = { 2: ['startTimeUnixNano', 'time'], 3: ['timeUnixNano', 'time'] };
const numberPoint: Message = {
  ...times,
  7: ['attributes', keyValue, 'repeated'],
  4: ['asDouble', 'double'],
  6: ['asInt', 'sfixed64'],
  5: ['exemplars', exemplar, 'repeated'],
  8: ['flags', 'uint32'],
};
const histogramPoint: Message = {
  ...times,
  9: ['attributes', keyValue, 'repeated'],
  4: ['count', 'fixed64'],
  5: ['sum', 'double'],
  6: ['bucketCounts', 'fixed64', 'packed'],
  7: ['explicitBounds', 'double', 'packed'],
  8: ['exemplars', exemplar, 'repeated'],
  10: ['flags', 'uint32'],
  11: ['min', 'double'],
  12: ['max', 'double'],
};
const buckets: Message = { 1: ['offset', 'sint32'], 2: ['bucketCounts', 'uint64', 'packed'] };
const exponentialPoint: Message = {
  ...times,
  1: ['attributes', keyValue, 'repeated'],
  4: ['count', 'fixed64'],
  5: ['sum', 'double'],
  6: ['scale', 'sint32'],
  7: ['zeroCount', 'fixed64'],
  8: ['positive', buckets],
  9: ['negative', buckets],
  10: ['flags', 'uint32'],
  11: ['exemplars', exemplar, 'repeated'],
  12: ['min', 'double'],
  13: ['max', 'double'],
  14: ['zeroThreshold', 'double'],
};
const quantile: Message = { 1: ['quantile', 'double'], 2: ['value', 'double'] };
const summaryPoint: Message = {
  ...times,
  7: ['attributes', keyValue, 'repeated'],
  4: ['count', 'fixed64'],
  5: ['sum', 'double'],
  6: ['quantileValues', quantile, 'repeated'],
  8: ['flags', 'uint32'],
};
const temporality = ['aggregationTemporality', 'uint32'] as const;
const sum: Message = { 1: ['dataPoints', numberPoint, 'repeated'], 2: temporality, 3: ['isMonotonic', 'bool'] };
const metric: Message = {
  1: ['name', 'string'],
  2: ['description', 'string'],
  3: ['unit', 'string'],
  5: ['gauge', { 1: ['dataPoints', numberPoint, 'repeated'] }],
  7: ['sum', sum],
  9: ['histogram', { 1: ['dataPoints', histogramPoint, 'repeated'], 2: temporality }],
  10: ['exponentialHistogram', { 1: ['dataPoints', exponentialPoint, 'repeated'], 2: temporality }],
  11: ['summary', { 1: ['dataPoints', summaryPoint, 'repeated'] }],
};
const scope: Message = { 1: ['name', 'string'], 2: ['version', 'string'] };
const scopeMetrics: Message = { 1: ['scope', scope], 2: ['metrics', metric, 'repeated'], 3: ['schemaUrl', 'string'] };
const resource: Message = { 1: ['attributes', keyValue, 'repeated'], 2: ['droppedAttributesCount', 'uint32'] };
const resourceMetrics: Message = {
  1: ['resource', resource],
  2: ['scopeMetrics', scopeMetrics, 'repeated'],
  3: ['schemaUrl', 'string'],
};
const request: Message = { 1: ['resourceMetrics', resourceMetrics, 'repeated'] };

// biome-ignore lint/suspicious/noExplicitAny: read by tests only
export function decodeMetrics(contentType: string | undefined, bytes: Uint8Array): any {
  if (contentType === 'application/x-protobuf') return read(request, Buffer.from(bytes));
  if (contentType !== 'application/json') throw new Error(`content type ${contentType}`);
  return JSON.parse(Buffer.from(bytes).toString('utf8'), (key, value) => {
    if (/^(count|zeroCount|intValue|asInt)$/.test(key) && typeof value === 'string') return Number(value);
    if (key === 'sum' && typeof value === 'object') return { isMonotonic: false, ...value };
    if (key === 'dataPoints')
      return value.map((point: object) => ('positive' in point ? { count: 0, zeroCount: 0, ...point } : point));
    return key === 'bucketCounts' ? value.map(Number) : value;
  });
}

const wireTypes = { varint: 0, fixed: 1, length: 2 } as const;

function read(message: Message, bytes: Buffer): Record<string, unknown> {
  const result: Record<string, unknown> = message === sum ? { isMonotonic: false } : {};
  const at = { value: 0 };
  while (at.value < bytes.length) {
    const tag = Number(varint(bytes, at));
    const field = message[Math.floor(tag / 8)];
    if (field === undefined) throw new Error(`unknown field ${tag / 8} at ${at.value}`);
    const [name, described, label] = field;
    const kind = typeof described === 'function' ? described() : described;
    if (label === 'packed') {
      if (tag % 8 !== wireTypes.length) throw new Error(`${name} is not packed`);
      const part = piece(bytes, at);
      const inner = { value: 0 };
      const list: unknown[] = [];
      while (inner.value < part.length) list.push(scalar(kind as string, part, inner));
      result[name] = list;
      continue;
    }
    const value = single(kind, tag % 8, bytes, at);
    if (label !== 'repeated') result[name] = value;
    else if (result[name] === undefined) result[name] = [value];
    else (result[name] as unknown[]).push(value);
  }
  return result;
}

function single(kind: Kind, type: number, bytes: Buffer, at: { value: number }): unknown {
  const isLength = typeof kind === 'object' || kind === 'string' || kind === 'bytes';
  const isFixed = typeof kind === 'string' && /^(s?fixed64|time|double)$/.test(kind);
  const expected = isLength ? wireTypes.length : isFixed ? wireTypes.fixed : wireTypes.varint;
  if (type !== expected) throw new Error(`wire type ${type} of ${typeof kind === 'string' ? kind : 'a message'} at ${at.value}`);
  if (typeof kind === 'object') return read(kind, piece(bytes, at));
  if (kind === 'string') return new TextDecoder('utf-8', { fatal: true }).decode(piece(bytes, at));
  if (kind === 'bytes') return piece(bytes, at).toString('hex');
  return scalar(kind, bytes, at);
}

function scalar(kind: string, bytes: Buffer, at: { value: number }): unknown {
  if (kind === 'bool') return varint(bytes, at) === 1n;
  if (kind === 'uint32' || kind === 'uint64') return Number(varint(bytes, at));
  if (kind === 'int64') return Number(BigInt.asIntN(64, varint(bytes, at)));
  if (kind === 'sint32') {
    const value = varint(bytes, at);
    return Number(value % 2n === 0n ? value / 2n : -(value + 1n) / 2n);
  }
  at.value += 8;
  const from = at.value - 8;
  if (kind === 'double') return bytes.readDoubleLE(from);
  if (kind === 'time') return String(bytes.readBigUInt64LE(from));
  return Number(kind === 'fixed64' ? bytes.readBigUInt64LE(from) : bytes.readBigInt64LE(from));
}

function piece(bytes: Buffer, at: { value: number }): Buffer {
  const length = Number(varint(bytes, at));
  if (at.value + length > bytes.length) throw new Error(`a length of ${length} at ${at.value} of ${bytes.length}`);
  at.value += length;
  return bytes.subarray(at.value - length, at.value);
}

function varint(bytes: Buffer, at: { value: number }): bigint {
  let value = 0n;
  for (let shift = 0n; ; shift += 7n) {
    const byte = bytes[at.value++];
    if (byte === undefined) throw new Error('a varint that does not end');
    value |= BigInt(byte & 127) << shift;
    if (byte < 128) return value;
  }
}
