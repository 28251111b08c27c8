/** Exemplars as messages `Exemplar`. */
import { exemplarAt, type RowLayout, readExemplar, type StoredExemplar } from '../../../store/index.ts';
import type { ByteBuffer } from '../bytes/byte-buffer.ts';
import { exemplarTag, labelTag } from './fields.ts';
import { mostTimestamp, putTimestamp } from './timestamp.ts';
import { mostDouble, Nested, putDoubleField, putTextField } from './wire.ts';

const [traceDigits, spanDigits] = [32, 16];
/** Of a label besides its name and value: its field and length, and those of both. */
const aroundLabel = 6;
const mostLabels = 'trace_id'.length + traceDigits + 'span_id'.length + spanDigits + 2 * aroundLabel;
/** Its field and length, two bytes each, and what is in it. `putTextField` reserves more than it writes. */
export const mostExemplar = 4 + mostLabels + mostDouble + mostTimestamp + 128;

const exemplarMessage = new Nested();
const labelMessage = new Nested();

/** Writes the exemplar at `at`, if there is one. The capacity is reserved. */
export function putExemplar(out: ByteBuffer, tag: number, cells: Float64Array, at: number): void {
  const exemplar = readExemplar(cells, at);
  if (exemplar !== undefined) putStored(out, tag, exemplar);
}

/** Those with a time, in its order: Prometheus takes no others for a native histogram, and none behind a newer one. The capacity is reserved. */
export function putExemplars(out: ByteBuffer, tag: number, layout: RowLayout, cells: Float64Array, cellAt: number): void {
  const found: StoredExemplar[] = [];
  for (let index = 0; index < layout.exemplars; index++) {
    const exemplar = readExemplar(cells, cellAt + exemplarAt(layout, index));
    if (exemplar !== undefined && exemplar.timeMs > 0) found.push(exemplar);
  }
  found.sort((one, other) => one.timeMs - other.timeMs);
  for (const exemplar of found) putStored(out, tag, exemplar);
}

function putStored(out: ByteBuffer, tag: number, { traceId, spanId, value, timeMs }: StoredExemplar): void {
  const message = exemplarMessage.open(out, tag);
  if (traceId !== undefined) putLabel(out, 'trace_id', traceId);
  if (spanId !== undefined) putLabel(out, 'span_id', spanId);
  putDoubleField(out, exemplarTag.value, value);
  putTimestamp(out, exemplarTag.timestamp, timeMs);
  exemplarMessage.close(out, message);
}

function putLabel(out: ByteBuffer, name: string, value: string): void {
  const message = labelMessage.open(out, exemplarTag.label);
  putTextField(out, labelTag.name, name);
  putTextField(out, labelTag.value, value);
  labelMessage.close(out, message);
}
