/** `Exemplar`: each bucket keeps the newest that was received, a counter its newest, exponential buckets some of theirs. */
import { isKnown, isLabelled, writeReceivedExemplar } from '../../../core/store/cells/exemplar-cells.ts';
import { exponentialExemplar } from '../../../core/store/cells/exponential-index.ts';
import { exemplarAt, type RowLayout } from '../../../core/store/cells/row-layout.ts';
import type { Batch } from '../../../formats/otlp/batch/batch.ts';
import { exemplarOffsets, readExemplar as readPlaces } from '../../../formats/otlp/batch/batch-exemplars.ts';
import { pointAt } from '../../../formats/otlp/batch/batch-index.ts';
import { millisAt } from '../../../formats/otlp/batch/batch-values.ts';
import type { Group, Shape } from '../resources/groups.ts';
import { exemplarTexts, hasId } from './exemplar-texts.ts';

/** The one at hand: where it lies, and as rows take it. */
const offsets = exemplarOffsets();
const read = { bytes: new Uint8Array(0) as Uint8Array, traceAt: -1, spanAt: -1, value: 0, timeMs: 0 };
const text = { bytes: new Uint8Array(0) as Uint8Array, from: 0, to: 0 };

/**
 * Bytes of the labels that a row has to have room for: 0 for exemplars without attributes, `noExemplars` where there are none
 * that are kept.
 */
export function exemplarRoom(batch: Batch, point: number, group: Group): number {
  return group.keepsExemplars && batch.index[point + pointAt.exemplarsFrom] !== 0
    ? exemplarTexts.roomOf(batch, point, group)
    : noExemplars;
}

export const noExemplars = -1;

/** Whether a row of the shape has the room. */
export function hasRoom({ exemplars, layout }: Shape, room: number): boolean {
  return room === noExemplars || (exemplars && layout.exemplarText >= room);
}

/** Of a row that has to have this room, and has what it has. */
export function roomBeside(present: Shape | undefined, room: number): number {
  return present?.exemplars === true ? Math.max(present.layout.exemplarText, room) : room;
}

/** Those without a value are none. Returns how many labels had no room in those that are kept from now on. */
export function keepExemplars(batch: Batch, point: number, { layout, group }: Shape, cells: Float64Array, at: number): number {
  const { bytes, index } = batch;
  const to = index[point + pointAt.exemplarsTo] as number;
  exemplarTexts.read(batch, point, group);
  text.bytes = exemplarTexts.writer.bytes;
  read.bytes = bytes;
  let leftOut = 0;
  let exemplar = 0;
  for (let from = index[point + pointAt.exemplarsFrom] as number; from < to; exemplar++) {
    from = readPlaces(batch, from, offsets);
    read.value = offsets.value;
    read.timeMs = millisAt(batch, offsets.time);
    read.traceAt = hasId(bytes, offsets.traceId, 16) ? offsets.traceId : -1;
    read.spanAt = hasId(bytes, offsets.spanId, 8) ? offsets.spanId : -1;
    text.from = exemplarTexts.start(exemplar);
    text.to = exemplarTexts.end(exemplar);
    if (!Number.isNaN(read.value) && keep(layout, cells, at)) leftOut += exemplarTexts.leftOut(exemplar);
  }
  exemplarTexts.forget();
  return leftOut;
}

/** One without any label takes the place of no other that has some: it leads nowhere. */
function keep(layout: RowLayout, cells: Float64Array, at: number): boolean {
  const offset = at + exemplarAt(layout, placeOf(layout));
  if (isKnown(cells, offset, read)) return false;
  if (read.traceAt < 0 && read.spanAt < 0 && text.from === text.to && isLabelled(cells, offset)) return false;
  writeReceivedExemplar(cells, offset, read, text);
  return true;
}

function placeOf(layout: RowLayout): number {
  if (layout.form === 'histogram') return bucketOf(layout.bounds, read.value);
  return layout.form === 'exponential' ? exponentialExemplar(read.value) : 0;
}

/** The first bucket whose bound is not below the value. */
function bucketOf(bounds: readonly number[], value: number): number {
  let low = 0;
  for (let high = bounds.length; low < high; ) {
    const middle = (low + high) >>> 1;
    if ((bounds[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
