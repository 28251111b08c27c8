/** `KeyValue` and `AnyValue` of common.proto as JSON. */
import type { Batch } from '../batch/batch.ts';
import type { ByteSink } from '../wire/byte-sink.ts';
import { fixedOf, lengthOf, valueTags as tags } from '../wire/protobuf-tags.ts';
import { content, unknown, varint, wire } from '../wire/varint.ts';
import {
  endList,
  endObject,
  put,
  putBase64,
  putByte,
  putComma,
  putDouble,
  putInt64,
  putString,
  type Words,
  words,
} from './json-text.ts';

const key = words(',{"key":');
const stringValue = words(',"value":{"stringValue":');
const endOfString = words('}}');
const member = { key: words(',"key":'), value: words(',"value":') };
const values = words(',"values":');
const kinds = {
  string: words('"stringValue":'),
  true: words('"boolValue":true'),
  false: words('"boolValue":false'),
  int: words('"intValue":'),
  double: words('"doubleValue":'),
  array: words('"arrayValue":'),
  map: words('"kvlistValue":'),
  bytes: words('"bytesValue":'),
};
const KEY = lengthOf(1);
const VALUE = lengthOf(2);
const ITEM = lengthOf(1);
const MAP = lengthOf(6);
const BYTES = lengthOf(7);

/** A member that is a list of attributes, from a range of the index; none where it is empty. */
export function putAttributes(sink: ByteSink, batch: Batch, name: Words, from: number, to: number): void {
  if (from === to) return;
  const { bytes } = batch;
  put(sink, name);
  const list = sink.at;
  for (let at = from; at < to; ) {
    const end = putPlainPair(sink, batch, at, to);
    if (end !== 0) at = end;
    else {
      const start = content(bytes, at + 1, to);
      at = wire.end;
      putPair(sink, batch, start, at);
    }
  }
  endList(sink, list);
}

/** A short key with a short string, in this order: almost all are. Returns the offset after it; 0: it is of another form. */
function putPlainPair(sink: ByteSink, batch: Batch, at: number, to: number): number {
  const { bytes } = batch;
  const size = bytes[at + 1] as number;
  const end = at + 2 + size;
  if (size < 7 || size > 127 || end > to || bytes[at + 2] !== KEY) return 0;
  const value = at + 4 + (bytes[at + 3] as number);
  if (value === at + 4 || value + 4 > end || bytes[value] !== VALUE || bytes[value + 2] !== tags.string) return 0;
  if (bytes[value + 1] !== end - value - 2 || bytes[value + 3] !== end - value - 4) return 0;
  put(sink, key);
  putString(sink, batch, at + 4, value);
  put(sink, stringValue);
  putString(sink, batch, value + 4, end);
  put(sink, endOfString);
  return end;
}

/** A `KeyValue`, with a comma ahead of it. */
function putPair(sink: ByteSink, batch: Batch, from: number, to: number): void {
  const { bytes } = batch;
  let keyFrom = 0;
  let keyTo = 0;
  let valueFrom = 0;
  let valueTo = 0;
  for (let at = from; at < to; ) {
    const tag = bytes[at] as number;
    if (tag !== KEY && tag !== VALUE) {
      at = unknown(bytes, at, to, 0);
      continue;
    }
    const start = content(bytes, at + 1, to);
    at = wire.end;
    if (tag === KEY) {
      keyFrom = start;
      keyTo = at;
    } else {
      valueFrom = start;
      valueTo = at;
    }
  }
  putComma(sink);
  const object = sink.at;
  if (keyFrom !== keyTo) {
    put(sink, member.key);
    putString(sink, batch, keyFrom, keyTo);
  }
  put(sink, member.value);
  putValue(sink, batch, valueFrom, valueTo);
  endObject(sink, object);
}

/** An `AnyValue`; `{}` where it holds nothing. */
function putValue(sink: ByteSink, batch: Batch, from: number, to: number): void {
  const { bytes } = batch;
  putByte(sink, 0x7b);
  for (let at = from; at < to; ) {
    const tag = bytes[at] as number;
    if (tag === tags.bool || tag === tags.int) {
      at = varint(bytes, at + 1, to);
      const { low, high } = wire;
      if (tag === tags.bool) put(sink, low === 0 && high === 0 ? kinds.false : kinds.true);
      else {
        put(sink, kinds.int);
        putInt64(sink, low, high);
      }
    } else if (tag === fixedOf(4)) {
      put(sink, kinds.double);
      putDouble(sink, batch.view.getFloat64(at + 1, true));
      at += 9;
    } else if (tag === tags.string || tag === tags.array || tag === MAP || tag === BYTES) {
      const start = content(bytes, at + 1, to);
      at = wire.end;
      putLong(sink, batch, tag, start, at);
    } else at = unknown(bytes, at, to, 0);
  }
  putByte(sink, 0x7d);
}

function putLong(sink: ByteSink, batch: Batch, tag: number, from: number, to: number): void {
  if (tag === tags.string) {
    put(sink, kinds.string);
    putString(sink, batch, from, to);
  } else if (tag === BYTES) {
    put(sink, kinds.bytes);
    putBase64(sink, batch.bytes, from, to);
  } else {
    put(sink, tag === MAP ? kinds.map : kinds.array);
    putItems(sink, batch, tag === MAP, from, to);
  }
}

/** `ArrayValue` or `KeyValueList`. */
function putItems(sink: ByteSink, batch: Batch, isMap: boolean, from: number, to: number): void {
  const { bytes } = batch;
  const object = sink.at;
  let list = 0;
  for (let at = from; at < to; ) {
    if (bytes[at] !== ITEM) {
      at = unknown(bytes, at, to, 0);
      continue;
    }
    if (list === 0) {
      put(sink, values);
      list = sink.at;
    }
    const start = content(bytes, at + 1, to);
    at = wire.end;
    if (isMap) putPair(sink, batch, start, at);
    else {
      putComma(sink);
      putValue(sink, batch, start, at);
    }
  }
  if (list !== 0) endList(sink, list);
  endObject(sink, object);
}
