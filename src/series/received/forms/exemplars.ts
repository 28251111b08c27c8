/** `Exemplar`: each bucket keeps the newest that was received, a counter its newest. */
import type { Batch } from '../../../otlp/batch.ts';
import { pointAt } from '../../../otlp/batch-index.ts';
import { doubleAt, intAt, millisAt } from '../../../otlp/batch-values.ts';
import { fixedOf, lengthOf } from '../../../otlp/protobuf-tags.ts';
import { content, unknown, wire } from '../../../otlp/read/wire.ts';
import { readExemplar, writeReceivedExemplar } from '../../../store/exemplar-cells.ts';
import { exemplarAt, type RowLayout } from '../../../store/row-layout.ts';
import type { Shape } from '../groups.ts';

const timeTag = fixedOf(2);
const doubleTag = fixedOf(3);
const spanTag = lengthOf(4);
const traceTag = lengthOf(5);
const intTag = fixedOf(6);

/** The one at hand. */
const read = { bytes: new Uint8Array(0) as Uint8Array, traceAt: -1, spanAt: -1, value: 0, timeMs: 0 };

/** `tag`: that of the point's exemplars. */
export function keepExemplars(batch: Batch, point: number, tag: number, { layout }: Shape, cells: Float64Array, at: number): void {
  const { bytes, index } = batch;
  const to = index[point + pointAt.exemplarsTo] as number;
  for (let from = index[point + pointAt.exemplarsFrom] as number; from < to; ) {
    if (bytes[from] !== tag) {
      from = unknown(bytes, from, to, 0);
      continue;
    }
    const start = content(bytes, from + 1, to);
    from = wire.end;
    readOne(batch, start, from);
    keep(layout, cells, at);
  }
}

function readOne(batch: Batch, from: number, to: number): void {
  const { bytes } = batch;
  read.bytes = bytes;
  read.traceAt = -1;
  read.spanAt = -1;
  read.value = 0;
  read.timeMs = 0;
  for (let at = from; at < to; ) {
    const tag = bytes[at];
    if (tag === timeTag) read.timeMs = millisAt(batch, at + 1);
    else if (tag === doubleTag) read.value = doubleAt(batch, at + 1, 0);
    else if (tag === intTag) read.value = intAt(batch, at + 1);
    const next = unknown(bytes, at, to, 0);
    if (tag === traceTag && next - at > 2) read.traceAt = at + 2;
    else if (tag === spanTag && next - at > 2) read.spanAt = at + 2;
    at = next;
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
