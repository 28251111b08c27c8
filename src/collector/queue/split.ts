/** Requests that are too large, in pieces. */
import { type Batch, readBatch } from '../../otlp/batch/batch.ts';
import { createSlice } from '../../otlp/batch/rewrite/build-again.ts';
import { noLimits } from '../no-limits.ts';
import { type Entry, ownBytes, type Sizer, sizeOf } from './entry.ts';

/** Pieces of at most `most`, in the unit of the sizer; a point that is larger stands alone. Who waits for the request is answered with its last piece. */
export function splitEntry(entry: Entry, most: number, sizer: Sizer): readonly Entry[] {
  const whole = readBatch(entry.bytes, noLimits);
  const slice = createSlice();
  const pieces: Entry[] = [];

  function pieceOf(batch: Batch): Entry {
    return { ...ownBytes(batch), points: batch.points, since: entry.since };
  }

  function cut(from: number, to: number): void {
    const piece = pieceOf(slice(whole, from, to));
    if (sizer === 'bytes' && sizeOf(sizer, piece) > most && to - from > 1) {
      const middle = from + Math.ceil((to - from) / 2);
      cut(from, middle);
      cut(middle, to);
    } else pieces.push(piece);
  }

  const step = sizer === 'items' ? most : whole.points;
  for (let from = 0; from < whole.points; from += step) cut(from, Math.min(whole.points, from + step));
  const last = pieces.pop();
  return last === undefined ? [entry] : [...pieces, { ...last, ...(entry.done && { done: entry.done }) }];
}
