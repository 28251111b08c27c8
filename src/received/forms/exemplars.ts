/** `Exemplar`: each bucket keeps the newest that was received, a counter its newest, exponential buckets some of theirs. */
import type { Batch } from '../../otlp/batch/batch.ts';
import { exemplarOffsets, readExemplar as readPlaces } from '../../otlp/batch/batch-exemplars.ts';
import { pointAt } from '../../otlp/batch/batch-index.ts';
import { millisAt } from '../../otlp/batch/batch-values.ts';
import { readExemplar, writeReceivedExemplar } from '../../store/cells/exemplar-cells.ts';
import { exponentialExemplar } from '../../store/cells/exponential-index.ts';
import { exemplarAt, type RowLayout } from '../../store/cells/row-layout.ts';
import type { Shape } from '../resources/groups.ts';

/** The one at hand: where it lies, and as rows take it. */
const offsets = exemplarOffsets();
const read = { bytes: new Uint8Array(0) as Uint8Array, traceAt: -1, spanAt: -1, value: 0, timeMs: 0 };

/** Those without a value are none; those without an id show nothing, and are none either, as in the Collector. */
export function keepExemplars(batch: Batch, point: number, { layout }: Shape, cells: Float64Array, at: number): void {
  const { bytes, index } = batch;
  const to = index[point + pointAt.exemplarsTo] as number;
  read.bytes = bytes;
  for (let from = index[point + pointAt.exemplarsFrom] as number; from < to; ) {
    from = readPlaces(batch, from, offsets);
    read.value = offsets.value;
    read.timeMs = millisAt(batch, offsets.time);
    read.traceAt = idAt(bytes, offsets.traceId, 16);
    read.spanAt = idAt(bytes, offsets.spanId, 8);
    if (!Number.isNaN(read.value) && (read.traceAt >= 0 || read.spanAt >= 0)) keep(layout, cells, at);
  }
}

/** -1: there is none. One of zeros is none (trace.proto: "An ID with all zeroes … is considered invalid"). */
function idAt(bytes: Uint8Array, at: number, length: number): number {
  if (at === 0) return -1;
  for (let offset = at; offset < at + length; offset++) if (bytes[offset] !== 0) return at;
  return -1;
}

function keep(layout: RowLayout, cells: Float64Array, at: number): void {
  const offset = at + exemplarAt(layout, placeOf(layout));
  const present = readExemplar(cells, offset);
  if (present === undefined || present.timeMs <= read.timeMs) writeReceivedExemplar(cells, offset, read.value, read.timeMs, read);
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
