/** `Exemplar` of metrics.proto as JSON. */
import type { Batch } from '../batch/batch.ts';
import { pointAt } from '../batch/batch-index.ts';
import type { ByteSink } from '../wire/byte-sink.ts';
import { fixedOf, lengthOf } from '../wire/protobuf-tags.ts';
import { content, unknown, wire } from '../wire/varint.ts';
import { endList, endObject, put, putComma, putDouble, putHex, putInt64, putUint64, type Words, words } from './json-text.ts';
import { putAttributes } from './put-values.ts';

const exemplars = words(',"exemplars":');
const filteredAttributes = words(',"filteredAttributes":');
const timeUnixNano = words(',"timeUnixNano":');
const asDouble = words(',"asDouble":');
const asInt = words(',"asInt":');
const traceId = words(',"traceId":');
const spanId = words(',"spanId":');
const TIME = fixedOf(2);
const DOUBLE = fixedOf(3);
const SPAN = lengthOf(4);
const TRACE = lengthOf(5);
const INT = fixedOf(6);
const ATTRIBUTE = lengthOf(7);

/** Those of a point, from the index. */
export function putExemplars(sink: ByteSink, batch: Batch, point: number): void {
  const from = batch.index[point + pointAt.exemplarsFrom] as number;
  const to = batch.index[point + pointAt.exemplarsTo] as number;
  if (from === to) return;
  put(sink, exemplars);
  const list = sink.at;
  for (let at = from; at < to; ) {
    const start = content(batch.bytes, at + 1, to);
    at = wire.end;
    putExemplar(sink, batch, start, at);
  }
  endList(sink, list);
}

/** Places of fields; 0: absent. */
const places = { time: 0, double: 0, int: 0, span: 0, trace: 0, attributesFrom: 0, attributesTo: 0 };

function putExemplar(sink: ByteSink, batch: Batch, from: number, to: number): void {
  const { view } = batch;
  findPlaces(batch, from, to);
  const { time, double, int, span, trace } = places;
  putComma(sink);
  const object = sink.at;
  putAttributes(sink, batch, filteredAttributes, places.attributesFrom, places.attributesTo);
  if (time !== 0 && !isZero(batch, time, 8)) {
    put(sink, timeUnixNano);
    putUint64(sink, view.getUint32(time, true), view.getUint32(time + 4, true));
  }
  // The last one of a `oneof` wins.
  if (double > int) {
    put(sink, asDouble);
    putDouble(sink, view.getFloat64(double, true));
  } else if (int !== 0) {
    put(sink, asInt);
    putInt64(sink, view.getUint32(int, true), view.getUint32(int + 4, true));
  }
  putId(sink, batch, traceId, trace, 16);
  putId(sink, batch, spanId, span, 8);
  endObject(sink, object);
}

function findPlaces({ bytes }: Batch, from: number, to: number): void {
  places.time = places.double = places.int = places.span = places.trace = 0;
  places.attributesFrom = places.attributesTo = 0;
  for (let at = from; at < to; ) {
    const tag = bytes[at] as number;
    if (tag === TIME || tag === DOUBLE || tag === INT) {
      if (tag === TIME) places.time = at + 1;
      else if (tag === DOUBLE) places.double = at + 1;
      else places.int = at + 1;
      at += 9;
    } else if (tag === SPAN || tag === TRACE || tag === ATTRIBUTE) {
      const start = content(bytes, at + 1, to);
      if (tag === ATTRIBUTE) {
        if (places.attributesFrom === 0) places.attributesFrom = at;
        places.attributesTo = wire.end;
      } else if (tag === SPAN) places.span = start === wire.end ? 0 : start;
      else places.trace = start === wire.end ? 0 : start;
      at = wire.end;
    } else at = unknown(bytes, at, to, 0);
  }
}

/** An id of zeros is none. */
function putId(sink: ByteSink, batch: Batch, name: Words, place: number, size: number): void {
  if (place === 0 || isZero(batch, place, size)) return;
  put(sink, name);
  putHex(sink, batch.bytes, place, place + size);
}

function isZero({ bytes }: Batch, from: number, size: number): boolean {
  for (let at = from; at < from + size; at++) if (bytes[at] !== 0) return false;
  return true;
}
