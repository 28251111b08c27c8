/**
 * Attributes as canonical bytes: the `repeated KeyValue attributes` of OTLP with keys in ascending order, so that equal sets have
 * equal bytes whatever their order, types survive, and an OTLP encoder can copy them as they are.
 *
 * Every pair carries field number 7, that of `NumberDataPoint` and `SummaryDataPoint`; a message that numbers its attributes
 * otherwise (`HistogramDataPoint` 9, `Resource` 1) writes another tag byte ahead of the same length and body.
 */
import type { Attributes, AttributeValue } from '@opentelemetry/api';
import { ByteSink } from './byte-sink.ts';
import { WireReader } from './wire-reader.ts';

export type AttributePair = readonly [name: string, value: AttributeValue];

/** Field number times 8, plus wire type, of each field of the attributes, `KeyValue`, `AnyValue` and `ArrayValue`. */
const tags = {
  attribute: 7 * 8 + 2,
  key: 1 * 8 + 2,
  value: 2 * 8 + 2,
  string: 1 * 8 + 2,
  bool: 2 * 8,
  int: 3 * 8,
  double: 4 * 8 + 1,
  array: 5 * 8 + 2,
  item: 1 * 8 + 2,
} as const;

/** Serves every set: writing is synchronous, and its bytes are copied out. */
const sink = new ByteSink();
const empty: Uint8Array = new Uint8Array(0);

/**
 * Writes an attribute set, keys ascending by UTF-16 code unit. A number that is a safe integer becomes an `int_value`, any other
 * a `double_value`; `null` and `undefined` inside an array an empty value. Whatever else the OpenTelemetry API does not know as
 * an attribute value (functions, objects, `undefined`) is skipped. Never throws.
 */
export function encodeAttributes(attributes: Attributes): Uint8Array {
  const names = Object.keys(attributes);
  if (names.length === 0) return empty;
  names.sort(byCodeUnit);
  sink.at = 0;
  for (const name of names) {
    const value = attributes[name];
    if (isAttributeValue(value)) writePair(name, value);
  }
  return sink.bytes.slice(0, sink.at);
}

/**
 * The pairs of `encodeAttributes`, in the order of the bytes. Field numbers and value types that it does not write are skipped.
 * Throws a `RangeError` when the bytes are no protobuf.
 */
export function decodeAttributes(bytes: Uint8Array): readonly AttributePair[] {
  const pairs: AttributePair[] = [];
  const reader = new WireReader(bytes);
  while (!reader.done) {
    const tag = reader.tag();
    if (tag === tags.attribute) readPair(reader, pairs);
    else reader.skip(tag % 8);
  }
  return pairs;
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function isAttributeValue(value: unknown): value is AttributeValue {
  return isScalar(value) || (Array.isArray(value) && value.every((item) => item === null || item === undefined || isScalar(item)));
}

function writePair(name: string, value: AttributeValue): void {
  const opened = sink.open(tags.attribute);
  sink.text(tags.key, name);
  writeValue(tags.value, value);
  sink.close(opened);
}

/** A field that holds an `AnyValue`. */
function writeValue(tag: number, value: AttributeValue | null | undefined): void {
  const opened = sink.open(tag);
  if (typeof value === 'string') sink.text(tags.string, value);
  else if (typeof value === 'boolean') {
    sink.reserve(2);
    sink.byte(tags.bool);
    sink.byte(value ? 1 : 0);
  } else if (typeof value === 'number') writeNumber(value);
  else if (Array.isArray(value)) {
    const array = sink.open(tags.array);
    for (const item of value) writeValue(tags.item, item);
    sink.close(array);
  }
  sink.close(opened);
}

function writeNumber(value: number): void {
  sink.reserve(11);
  if (Number.isSafeInteger(value)) {
    sink.byte(tags.int);
    sink.int64(value);
  } else {
    sink.byte(tags.double);
    sink.double(value);
  }
}

function readPair(reader: WireReader, pairs: AttributePair[]): void {
  const outer = reader.enter();
  let name = '';
  let value: AttributeValue | undefined;
  while (!reader.done) {
    const tag = reader.tag();
    if (tag === tags.key) name = reader.string();
    else if (tag === tags.value) value = readValue(reader);
    else reader.skip(tag % 8);
  }
  reader.leave(outer);
  if (value !== undefined) pairs.push([name, value]);
}

function readValue(reader: WireReader): AttributeValue | undefined {
  const outer = reader.enter();
  let value: AttributeValue | undefined;
  while (!reader.done) {
    const tag = reader.tag();
    if (tag === tags.string) value = reader.string();
    else if (tag === tags.bool) value = reader.varint() !== 0;
    else if (tag === tags.int) value = reader.int64();
    else if (tag === tags.double) value = reader.double();
    else if (tag === tags.array) value = readItems(reader);
    else reader.skip(tag % 8);
  }
  reader.leave(outer);
  return value;
}

/** Arrays of attributes hold one type only, which the API's types say and the wire does not. */
function readItems(reader: WireReader): AttributeValue {
  const outer = reader.enter();
  const items: unknown[] = [];
  while (!reader.done) {
    const tag = reader.tag();
    if (tag === tags.item) items.push(readValue(reader) ?? null);
    else reader.skip(tag % 8);
  }
  reader.leave(outer);
  return items as AttributeValue;
}
