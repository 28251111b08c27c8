import type { ByteSink } from '../../wire/byte-sink.ts';
import { setNanos } from '../../wire/nanos.ts';
import { fixedOf, lengthOf } from '../../wire/protobuf-tags.ts';
import type { Exemplar } from '../metrics-writer.ts';
import { writeAttributes } from './point-fields.ts';

const time = { low: 0, high: 0 };

/** @param tag of the point's exemplars */
export function writeExemplars(sink: ByteSink, tag: number, exemplars: readonly Exemplar[] | undefined): void {
  if (exemplars === undefined) return;
  for (const exemplar of exemplars) writeExemplar(sink, tag, exemplar);
}

function writeExemplar(sink: ByteSink, tag: number, { value, timeMs, traceId, spanId, filteredAttributes }: Exemplar): void {
  const opened = sink.open(tag);
  sink.reserve(64 + (filteredAttributes?.length ?? 0));
  setNanos(time, timeMs);
  sink.byte(fixedOf(2));
  sink.fixed64(time.low, time.high);
  sink.byte(fixedOf(3));
  sink.double(value);
  if (spanId !== undefined) writeId(sink, lengthOf(4), spanId);
  if (traceId !== undefined) writeId(sink, lengthOf(5), traceId);
  if (filteredAttributes !== undefined) writeAttributes(sink, filteredAttributes, 0, filteredAttributes.length, lengthOf(7));
  sink.close(opened);
}

function writeId(sink: ByteSink, tag: number, hex: string): void {
  const id = Buffer.from(hex, 'hex');
  sink.byte(tag);
  sink.varint(id.length);
  sink.copy(id, 0, id.length);
}
