/** Exemplars as messages `Exemplar`. */
import { exemplarIds } from '../../../../core/naming/index.ts';
import { exemplarAt, type RowLayout, readExemplar, type StoredExemplar } from '../../../../core/store/index.ts';
import type { ByteBuffer } from '../bytes/byte-buffer.ts';
import { type ExemplarLabels, mostLabelBytes } from '../exemplar-labels.ts';
import { exemplarTag, labelTag } from './fields.ts';
import { mostTimestamp, putTimestamp } from './timestamp.ts';
import { mostDouble, Nested, putDoubleField, putTextField } from './wire.ts';

const [traceDigits, spanDigits] = [32, 16];
/** Of a label besides its name and value: its field and length, and those of both. */
const aroundLabel = 6;
/** The same where a length may take two bytes. */
const aroundLong = 9;
/** A name may be escaped as `_2e_`. */
const mostEscaped = 4;
const mostIds = exemplarIds.trace.length + traceDigits + exemplarIds.span.length + spanDigits + 2 * aroundLabel;

/** Of one of a row: its field and length, two bytes each, and what is in it. `putTextField` reserves more than it writes. */
export function mostExemplar(layout: RowLayout): number {
  return 4 + mostIds + mostLabelBytes(layout, aroundLong, mostEscaped) + mostDouble + mostTimestamp + 128;
}

const exemplarMessage = new Nested();
const labelMessage = new Nested();

/** Writes the exemplar at `at`, if there is one. The capacity is reserved. */
export function putExemplar(out: ByteBuffer, tag: number, cells: Float64Array, at: number, labelsOf: ExemplarLabels): void {
  const exemplar = readExemplar(cells, at);
  if (exemplar !== undefined) putStored(out, tag, exemplar, labelsOf);
}

/**
 * Those with a time, in its order: Prometheus takes no others for a native histogram, and none behind a newer one. The capacity
 * is reserved.
 */
export function putExemplars(
  out: ByteBuffer,
  tag: number,
  layout: RowLayout,
  cells: Float64Array,
  cellAt: number,
  labelsOf: ExemplarLabels,
): void {
  const found: StoredExemplar[] = [];
  for (let index = 0; index < layout.exemplars; index++) {
    const exemplar = readExemplar(cells, cellAt + exemplarAt(layout, index));
    if (exemplar !== undefined && exemplar.timeMs > 0) found.push(exemplar);
  }
  found.sort((one, other) => one.timeMs - other.timeMs);
  for (const exemplar of found) putStored(out, tag, exemplar, labelsOf);
}

function putStored(out: ByteBuffer, tag: number, exemplar: StoredExemplar, labelsOf: ExemplarLabels): void {
  const message = exemplarMessage.open(out, tag);
  for (const [name, value] of labelsOf(exemplar)) putLabel(out, name, value);
  putDoubleField(out, exemplarTag.value, exemplar.value);
  putTimestamp(out, exemplarTag.timestamp, exemplar.timeMs);
  exemplarMessage.close(out, message);
}

function putLabel(out: ByteBuffer, name: string, value: string): void {
  const message = labelMessage.open(out, exemplarTag.label);
  putTextField(out, labelTag.name, name);
  putTextField(out, labelTag.value, value);
  labelMessage.close(out, message);
}
