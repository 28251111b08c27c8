/** Attributes as a list that actions change: names as strings, values as the bytes of their `AnyValue`, in wire order. */
import { ByteSink } from '../../../otlp/wire/byte-sink.ts';
import { attributeTags as tags } from '../../../otlp/wire/protobuf-tags.ts';
import { stringIn } from '../../../otlp/wire/read-message.ts';
import { content, unknown, varint, wire } from '../../../otlp/wire/varint.ts';

export interface Attribute {
  readonly key: string;
  /** Empty: a value that holds nothing. Never changed in place. */
  value: Uint8Array;
}

const nothing: Uint8Array = new Uint8Array(0);
const sink = new ByteSink();

/** Of `KeyValue` fields that have been checked. Values are views of the bytes. */
export function readAttributes(bytes: Uint8Array): Attribute[] {
  const list: Attribute[] = [];
  for (let at = 0; at < bytes.length; ) {
    const from = content(bytes, varint(bytes, at, bytes.length), bytes.length);
    at = wire.end;
    list.push(readPair(bytes, from, at));
  }
  return list;
}

function readPair(bytes: Uint8Array, from: number, to: number): Attribute {
  let key = '';
  let value = nothing;
  for (let at = from; at < to; ) {
    const tag = bytes[at] as number;
    if (tag !== tags.key && tag !== tags.value) {
      at = unknown(bytes, at, to, 0);
      continue;
    }
    const start = content(bytes, at + 1, to);
    at = wire.end;
    if (tag === tags.key) key = stringIn(bytes, start, at);
    else value = bytes.subarray(start, at);
  }
  return { key, value };
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
