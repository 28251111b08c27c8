/**
 * Copies a row with exponential buckets while its writer, in another thread, may be at work. A guard would cost time in every
 * measurement, so the copy says itself whether it is whole. Scale and ranges are what they were, so no bucket moved meanwhile;
 * and the buckets add up to the count. Else it is made again.
 */
import { type ExponentialShape, exponentialCell, negativeCell, rangeCell } from './exponential-cells.ts';
import type { ExponentialPart } from './row-layout.ts';

/** A copy takes some 0.2 µs, and a writer seldom measures as often. */
const mostTries = 64;
/** How often a reader lets the writer run, which the operating system has stopped while it moved buckets, for `pauseMs` each. */
const mostPauses = 250;
const pauseMs = 1;
const pause = new Int32Array(new SharedArrayBuffer(4));

export function copyExponential(
  from: Float64Array,
  fromAt: number,
  to: Float64Array,
  toAt: number,
  cells: number,
  { at, shape }: ExponentialPart,
): void {
  const own = toAt + at;
  let pauses = 0;
  for (let tries = 1; ; tries++) {
    for (let cell = 0; cell < cells; cell++) to[toAt + cell] = from[fromAt + cell] as number;
    const sum = sumOf(to, own, shape);
    const steady = isSteady(from, fromAt + at, to, own, shape);
    if (steady && sum === to[own + exponentialCell.count]) return;
    if (tries < mostTries) continue;
    if (steady || pauses === mostPauses) {
      // The writer pauses within a measurement, or measures without a pause: what is in no bucket yet does not count yet.
      to[own + exponentialCell.count] = sum;
      return;
    }
    Atomics.wait(pause, 0, 0, pauseMs);
    pauses++;
  }
}

function sumOf(cells: Float64Array, at: number, shape: ExponentialShape): number {
  const positive = sumOfRange(cells, at + exponentialCell.positive, shape.maxSize);
  const negative = shape.negative === true ? sumOfRange(cells, at + negativeCell(shape), shape.maxSize) : 0;
  return (cells[at + exponentialCell.zeroCount] as number) + positive + negative;
}

function sumOfRange(cells: Float64Array, range: number, maxSize: number): number {
  const length = Math.min(maxSize, cells[range + rangeCell.length] as number);
  let sum = 0;
  for (let bucket = 0; bucket < length; bucket++) sum += cells[range + rangeCell.buckets + bucket] as number;
  return sum;
}

function isSteady(from: Float64Array, fromAt: number, to: Float64Array, toAt: number, shape: ExponentialShape): boolean {
  return (
    // NaN while buckets move.
    from[fromAt + exponentialCell.scale] === to[toAt + exponentialCell.scale] &&
    isSameRange(from, fromAt + exponentialCell.positive, to, toAt + exponentialCell.positive) &&
    (shape.negative !== true || isSameRange(from, fromAt + negativeCell(shape), to, toAt + negativeCell(shape)))
  );
}

function isSameRange(from: Float64Array, fromRange: number, to: Float64Array, toRange: number): boolean {
  return (
    from[fromRange + rangeCell.offset] === to[toRange + rangeCell.offset] &&
    from[fromRange + rangeCell.length] === to[toRange + rangeCell.length]
  );
}
