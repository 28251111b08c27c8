/** `Exemplar` of metrics.proto as JSON. */
import type { Batch } from '../batch/batch.ts';
import { exemplarOffsets, readExemplar } from '../batch/batch-exemplars.ts';
import { pointAt } from '../batch/batch-index.ts';
import type { ByteSink } from '../wire/byte-sink.ts';
import { endList, endObject, put, putComma, putDouble, putHex, putInt64, putUint64, type Words, words } from './json-text.ts';
import { putAttributes } from './put-values.ts';

const exemplars = words(',"exemplars":');
const filteredAttributes = words(',"filteredAttributes":');
const timeUnixNano = words(',"timeUnixNano":');
const asDouble = words(',"asDouble":');
const asInt = words(',"asInt":');
const traceId = words(',"traceId":');
const spanId = words(',"spanId":');

/** Those of a point, from the index. */
export function putExemplars(sink: ByteSink, batch: Batch, point: number): void {
  const from = batch.index[point + pointAt.exemplarsFrom] as number;
  const to = batch.index[point + pointAt.exemplarsTo] as number;
  if (from === to) return;
  put(sink, exemplars);
  const list = sink.at;
  for (let at = from; at < to; ) {
    at = readExemplar(batch, at, offsets);
    putExemplar(sink, batch);
  }
  endList(sink, list);
}

/** Of the one at hand. */
const offsets = exemplarOffsets();

function putExemplar(sink: ByteSink, batch: Batch): void {
  const { view } = batch;
  const { time, double, int } = offsets;
  putComma(sink);
  const object = sink.at;
  putAttributes(sink, batch, filteredAttributes, offsets.attributesFrom, offsets.attributesTo);
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
  putId(sink, batch, traceId, offsets.traceId, 16);
  putId(sink, batch, spanId, offsets.spanId, 8);
  endObject(sink, object);
}

/** An id of zeros is none. */
function putId(sink: ByteSink, batch: Batch, name: Words, offset: number, size: number): void {
  if (offset === 0 || isZero(batch, offset, size)) return;
  put(sink, name);
  putHex(sink, batch.bytes, offset, offset + size);
}

function isZero({ bytes }: Batch, from: number, size: number): boolean {
  for (let at = from; at < from + size; at++) if (bytes[at] !== 0) return false;
  return true;
}
