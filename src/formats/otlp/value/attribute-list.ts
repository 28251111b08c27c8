/** Attributes as a list: names as strings, values as the bytes of their `AnyValue`, in wire order. */
import { ByteSink } from '../wire/byte-sink.ts';
import { attributeTags as tags } from '../wire/protobuf-tags.ts';
import { stringIn, sure } from '../wire/read-message.ts';
import { content, unknown, varint, wire } from '../wire/varint.ts';

export interface Attribute {
  readonly key: string;
  /** Empty: a value that holds nothing. Never changed in place. */
  value: Uint8Array;
}

const sink = new ByteSink();

/** Of `KeyValue` fields that have been checked. Values are views of the bytes. */
export function readAttributes(bytes: Uint8Array): Attribute[] {
  const list: Attribute[] = [];
  eachAttribute(bytes, (key, from, to) => list.push({ key, value: bytes.subarray(from, to) }));
  return list;
}

/**
 * The `KeyValue` fields of a message, in their order.
 *
 * @param visit is given the range of the value's `AnyValue`; from and to are the same where there is none
 * @param field the tag of these fields; without it, the bytes hold no other fields
 * @throws RangeError when the bytes are no protobuf
 */
export function eachAttribute(bytes: Uint8Array, visit: (key: string, from: number, to: number) => void, field?: number): void {
  for (let at = 0; at < bytes.length; ) {
    const start = sure(varint(bytes, at, bytes.length));
    if (field !== undefined && wire.low !== field) {
      at = sure(unknown(bytes, at, bytes.length, 0));
      continue;
    }
    const inner = sure(content(bytes, start, bytes.length));
    at = wire.end;
    visitPair(bytes, inner, at, visit);
  }
}

function visitPair(bytes: Uint8Array, from: number, to: number, visit: (key: string, from: number, to: number) => void): void {
  let key = '';
  let valueFrom = to;
  let valueTo = to;
  for (let at = from; at < to; ) {
    const tag = bytes[at] as number;
    if (tag !== tags.key && tag !== tags.value) {
      at = sure(unknown(bytes, at, to, 0));
      continue;
    }
    const start = sure(content(bytes, at + 1, to));
    at = wire.end;
    if (tag === tags.key) key = stringIn(bytes, start, at);
    else {
      valueFrom = start;
      valueTo = at;
    }
  }
  visit(key, valueFrom, valueTo);
}

/** @param tag of each field: attributes have another number in each kind of message */
export function writeAttributes(list: readonly Attribute[], tag: number): Uint8Array {
  sink.at = 0;
  for (const { key, value } of list) {
    const pair = sink.open(tag);
    sink.text(tags.key, key);
    const opened = sink.open(tags.value);
    sink.reserve(value.length);
    sink.copy(value, 0, value.length);
    sink.close(opened);
    sink.close(pair);
  }
  return sink.bytes.slice(0, sink.at);
}
