import { ByteSink } from '../wire/byte-sink.ts';
import type { Batch, PointAttributes } from './batch.ts';
import { pointAt } from './batch-index.ts';
import { pointsOf, walk } from './walk.ts';

/** A batch that stays as it is, whatever its owner does with its memory. */
export function copyBatch({ bytes, index, length, points, rejected, why, pointAttributes }: Batch): Batch {
  const own = bytes.slice();
  const view = new DataView(own.buffer, own.byteOffset, own.byteLength);
  const batch = { bytes: own, view, index: index.slice(0, length), length, points, rejected, why };
  return Object.freeze(pointAttributes === undefined ? batch : { ...batch, pointAttributes: copyAttributes(pointAttributes, batch) });
}

/** Bytes that a batch holds, those of its index included. */
export function batchBytes({ bytes, index, pointAttributes }: Batch): number {
  return bytes.length + index.byteLength + (pointAttributes?.bytes.length ?? 0);
}

/** Those that the points name, each once. In the index, which is the copy's own, their places change to where they stand then. */
function copyAttributes({ bytes }: PointAttributes, batch: Batch): PointAttributes {
  const { index } = batch;
  const sink = new ByteSink();
  const moved = new Map<number, number>();
  sink.reserve(1);
  // What stands at 0 is absent.
  sink.byte(0);

  function move(p: number): void {
    const from = index[p + pointAt.attributesFrom] as number;
    const size = (index[p + pointAt.attributesTo] as number) - from;
    if (size === 0) return;
    const place = moved.get(from) ?? sink.at;
    if (!moved.has(from)) {
      sink.reserve(size);
      sink.copy(bytes, from, from + size);
      moved.set(from, place);
    }
    index[p + pointAt.attributesFrom] = place;
    index[p + pointAt.attributesTo] = place + size;
  }

  walk(batch, {
    metric(m) {
      for (const p of pointsOf(batch, m)) move(p);
    },
  });
  const own = sink.take();
  return { bytes: own, view: new DataView(own.buffer, own.byteOffset, own.byteLength), lasting: {} };
}
