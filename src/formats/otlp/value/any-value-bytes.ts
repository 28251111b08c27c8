/** `AnyValue` of any type, from a plain object to bytes and back: for the few values that a configuration names or changes. */
import type { AnyValue, KeyValue } from '../batch/batch-tree.ts';
import { ByteSink } from '../wire/byte-sink.ts';
import { anyValue } from '../wire/messages.ts';
import { attributeTags, valueTags as known, lengthOf } from '../wire/protobuf-tags.ts';
import { readMessage, stringIn } from '../wire/read-message.ts';
import { content, wire } from '../wire/varint.ts';

const tags = { ...known, map: lengthOf(6), bytes: lengthOf(7), pair: lengthOf(1) } as const;
const sink = new ByteSink();

/** The message, without a tag and length. */
export function encodeAnyValue(value: AnyValue): Uint8Array {
  sink.at = 0;
  write(value);
  return sink.bytes.slice(0, sink.at);
}

/** Bytes within are views. @throws RangeError when the bytes are no protobuf */
export function decodeAnyValue(bytes: Uint8Array, from = 0, to = bytes.length): AnyValue {
  return readMessage(anyValue, bytes, from, to) as AnyValue;
}

/** What almost all values are, without an object. Undefined: no string, or there is more than one. */
export function stringValueIn(bytes: Uint8Array, from: number, to: number): string | undefined {
  if (from === to || bytes[from] !== tags.string) return undefined;
  const start = content(bytes, from + 1, to);
  return wire.end === to ? stringIn(bytes, start, to) : undefined;
}

function write({ stringValue, boolValue, intValue, doubleValue, arrayValue, kvlistValue, bytesValue }: AnyValue): void {
  sink.reserve(16);
  if (stringValue !== undefined) sink.text(tags.string, stringValue);
  else if (boolValue !== undefined) {
    sink.byte(tags.bool);
    sink.byte(boolValue ? 1 : 0);
  } else if (intValue !== undefined) {
    sink.byte(tags.int);
    writeInt(intValue);
  } else if (doubleValue !== undefined) {
    sink.byte(tags.double);
    sink.double(doubleValue);
  } else if (arrayValue !== undefined) {
    const opened = sink.open(tags.array);
    for (const item of arrayValue.values) writeIn(tags.item, item);
    sink.close(opened);
  } else if (kvlistValue !== undefined) writeMap(kvlistValue.values);
  else if (bytesValue !== undefined) {
    const opened = sink.open(tags.bytes);
    sink.reserve(bytesValue.length);
    sink.copy(bytesValue, 0, bytesValue.length);
    sink.close(opened);
  }
}

function writeMap(pairs: readonly KeyValue[]): void {
  const opened = sink.open(tags.map);
  for (const { key = '', value = {} } of pairs) {
    const pair = sink.open(tags.pair);
    sink.text(attributeTags.key, key);
    writeIn(attributeTags.value, value);
    sink.close(pair);
  }
  sink.close(opened);
}

function writeIn(tag: number, value: AnyValue): void {
  const opened = sink.open(tag);
  write(value);
  sink.close(opened);
}

/** Below zero, two's complement in ten bytes. */
function writeInt(value: bigint): void {
  let rest = BigInt.asUintN(64, value);
  for (; rest > 127n; rest >>= 7n) sink.byte(Number(rest & 127n) | 128);
  sink.byte(Number(rest));
}
