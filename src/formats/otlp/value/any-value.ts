/** `AnyValue` of OTLP, what an attribute's value is: as OpenTelemetry's API has it, and as bytes. */
import type { AttributeValue } from '@opentelemetry/api';
import type { AnyValue } from '../batch/batch-tree.ts';
import type { ByteSink } from '../wire/byte-sink.ts';
import { valueTags as tags } from '../wire/protobuf-tags.ts';
import { decodeAnyValue } from './any-value-bytes.ts';

/**
 * The value that an `AnyValue` holds. Undefined: nothing, or a type that the API does not have. @throws RangeError when the bytes
 * are no protobuf
 */
export function decodeValue(bytes: Uint8Array): AttributeValue | undefined {
  return attributeValue(decodeAnyValue(bytes));
}

/** Arrays of attributes hold one type only: the API's types demand it, the wire does not. */
function attributeValue({ stringValue, boolValue, intValue, doubleValue, arrayValue }: AnyValue): AttributeValue | undefined {
  if (arrayValue !== undefined) return arrayValue.values.map((item) => attributeValue(item) ?? null) as AttributeValue;
  return stringValue ?? boolValue ?? doubleValue ?? (intValue === undefined ? undefined : Number(intValue));
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

export function isAttributeValue(value: unknown): value is AttributeValue {
  return (
    isScalar(value) || (Array.isArray(value) && value.every((item) => item === null || item === undefined || isScalar(item)))
  );
}

/** A field that holds an `AnyValue`. */
export function writeValueField(sink: ByteSink, tag: number, value: AttributeValue | null | undefined): void {
  const opened = sink.open(tag);
  if (typeof value === 'string') sink.text(tags.string, value);
  else if (typeof value === 'boolean') {
    sink.reserve(2);
    sink.byte(tags.bool);
    sink.byte(value ? 1 : 0);
  } else if (typeof value === 'number') writeNumber(sink, value);
  else if (Array.isArray(value)) {
    const array = sink.open(tags.array);
    for (const item of value) writeValueField(sink, tags.item, item);
    sink.close(array);
  }
  sink.close(opened);
}

function writeNumber(sink: ByteSink, value: number): void {
  sink.reserve(11);
  if (Number.isSafeInteger(value)) {
    sink.byte(tags.int);
    sink.int64(value);
  } else {
    sink.byte(tags.double);
    sink.double(value);
  }
}
