/**
 * Values of what a batch's index points to, as numbers, or into cells. `at` is a column of a record; 0 is a field that is absent.
 * Nothing here makes an object, and 64-bit integers become the nearest double.
 */

import { msOf } from '../wire/nanos.ts';
import { fixedOf } from '../wire/protobuf-tags.ts';
import { content, unknown, varint, wire } from '../wire/varint.ts';
import type { Batch } from './batch.ts';
import { type exponentialAt, histogramAt, numberAt } from './batch-index.ts';

const two32 = 2 ** 32;

/** A double; `absent` where it is. */
export function doubleAt({ view }: Batch, offset: number, absent: number): number {
  return offset === 0 ? absent : view.getFloat64(offset, true);
}

/** A `fixed64`: counts. 0 where it is absent. */
export function countAt({ view }: Batch, offset: number): number {
  return offset === 0 ? 0 : view.getUint32(offset + 4, true) * two32 + view.getUint32(offset, true);
}

/** An `sfixed64`. 0 where it is absent. */
export function intAt({ view }: Batch, offset: number): number {
  return offset === 0 ? 0 : view.getInt32(offset + 4, true) * two32 + view.getUint32(offset, true);
}

/** A time in milliseconds since the epoch, with a fraction as far as a double has it; 0 where it is absent. */
export function millisAt({ view }: Batch, offset: number): number {
  return offset === 0 ? 0 : msOf(view.getUint32(offset + 4, true), view.getUint32(offset, true));
}

/** The value of a `NumberDataPoint`; NaN where it has none. */
export function numberOf(batch: Batch, point: number): number {
  const { index } = batch;
  const offset = index[point + numberAt.value] as number;
  return index[point + numberAt.isInt] === 1 ? intAt(batch, offset) : doubleAt(batch, offset, Number.NaN);
}

/** How many buckets a `HistogramDataPoint` has. */
export function bucketsOf({ index }: Batch, point: number): number {
  return ((index[point + histogramAt.countsTo] as number) - (index[point + histogramAt.countsFrom] as number)) / 8;
}

/** The bucket counts of a `HistogramDataPoint`, not cumulative, into `cells` from `to` on. */
export function copyBuckets({ index, view }: Batch, point: number, cells: Float64Array, to: number): void {
  const end = index[point + histogramAt.countsTo] as number;
  let cell = to;
  for (let at = index[point + histogramAt.countsFrom] as number; at < end; at += 8) {
    cells[cell++] = view.getUint32(at + 4, true) * two32 + view.getUint32(at, true);
  }
}

/** The bounds of a `HistogramDataPoint` into `cells` from `to` on. */
export function copyBounds({ index, view }: Batch, point: number, cells: Float64Array, to: number): void {
  const end = index[point + histogramAt.boundsTo] as number;
  let cell = to;
  for (let at = index[point + histogramAt.boundsFrom] as number; at < end; at += 8) cells[cell++] = view.getFloat64(at, true);
}

export function hasBounds({ index, view }: Batch, point: number, bounds: ArrayLike<number>): boolean {
  const from = index[point + histogramAt.boundsFrom] as number;
  if ((index[point + histogramAt.boundsTo] as number) - from !== bounds.length * 8) return false;
  for (let bound = 0; bound < bounds.length; bound++) if (view.getFloat64(from + bound * 8, true) !== bounds[bound]) return false;
  return true;
}

/** How many counts a range of an `ExponentialHistogramDataPoint` has: `exponentialAt.positiveOffset` or `negativeOffset`. */
export function rangeLength({ bytes, index }: Batch, point: number, range: Range): number {
  const to = index[point + range + 2] as number;
  let count = 0;
  for (let at = index[point + range + 1] as number; at < to; at++) if ((bytes[at] as number) < 128) count++;
  return count;
}

/** Its counts into `cells` from `to` on. The first is that of the bucket whose index is the column `range` itself. */
export function copyRange({ bytes, index }: Batch, point: number, range: Range, cells: Float64Array, to: number): void {
  const end = index[point + range + 2] as number;
  let cell = to;
  for (let at = index[point + range + 1] as number; at < end; ) {
    at = varint(bytes, at, end);
    cells[cell++] = wire.high * two32 + wire.low;
  }
}

export type Range = typeof exponentialAt.positiveOffset | typeof exponentialAt.negativeOffset;

/**
 * Reads the `ValueAtQuantile` at `at`, which is a summary's `quantilesFrom` or what the last call returned, until it is
 * `quantilesTo`. What it leaves out is 0. Returns the offset after it.
 */
export function readQuantile({ bytes, view }: Batch, at: number, into: { quantile: number; value: number }): number {
  let inner = content(bytes, at + 1, bytes.length);
  const { end } = wire;
  into.quantile = into.value = 0;
  while (inner < end) {
    const tag = bytes[inner] as number;
    if (tag === fixedOf(1)) into.quantile = view.getFloat64(inner + 1, true);
    else if (tag === fixedOf(2)) into.value = view.getFloat64(inner + 1, true);
    inner = unknown(bytes, inner, end, 0);
  }
  return end;
}
