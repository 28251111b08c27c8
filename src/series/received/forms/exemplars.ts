/** `Exemplar`: each bucket keeps the newest that was received, a counter its newest. */
import type { Batch } from '../../../otlp/batch.ts';
import { exemplarPlaces, readExemplar as readPlaces } from '../../../otlp/batch-exemplars.ts';
import { pointAt } from '../../../otlp/batch-index.ts';
import { millisAt } from '../../../otlp/batch-values.ts';
import { readExemplar, writeReceivedExemplar } from '../../../store/exemplar-cells.ts';
import { exemplarAt, type RowLayout } from '../../../store/row-layout.ts';
import type { Shape } from '../groups.ts';

/** The one at hand: where it lies, and as rows take it. */
const places = exemplarPlaces();
const read = { bytes: new Uint8Array(0) as Uint8Array, traceAt: -1, spanAt: -1, value: 0, timeMs: 0 };

/** Those without a value are none. */
export function keepExemplars(batch: Batch, point: number, { layout }: Shape, cells: Float64Array, at: number): void {
  const { bytes, index } = batch;
  const to = index[point + pointAt.exemplarsTo] as number;
  read.bytes = bytes;
  for (let from = index[point + pointAt.exemplarsFrom] as number; from < to; ) {
    from = readPlaces(batch, from, places);
    read.value = places.value;
    read.timeMs = millisAt(batch, places.time);
    read.traceAt = places.traceId === 0 ? -1 : places.traceId;
    read.spanAt = places.spanId === 0 ? -1 : places.spanId;
    if (!Number.isNaN(read.value)) keep(layout, cells, at);
  }
}

function keep(layout: RowLayout, cells: Float64Array, at: number): void {
  const place = at + exemplarAt(layout, layout.form === 'histogram' ? bucketOf(layout.bounds, read.value) : 0);
  const present = readExemplar(cells, place);
  if (present === undefined || present.timeMs <= read.timeMs) writeReceivedExemplar(cells, place, read.value, read.timeMs, read);
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
