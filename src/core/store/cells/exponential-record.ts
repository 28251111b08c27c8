/**
 * Recording into the cells of an exponential histogram, as specified (OpenTelemetry Metrics SDK, "Base2 Exponential Bucket
 * Histogram Aggregation"): the scale is the largest at which both ranges fit, so it only falls. Nothing in here allocates but
 * `mergeExponential`.
 */
import {
  type ExponentialPoint,
  type ExponentialRange,
  type ExponentialShape,
  exponentialCell,
  negativeCell,
  rangeCell,
} from './exponential-cells.ts';
import { bucketIndex } from './exponential-index.ts';

/**
 * `value` is finite, and not below 0 unless the shape has a range for it. Only `bucketIndex` gets the number, and this function
 * is short enough to be inlined: V8 puts a double that is passed to another function on the heap, 16 bytes a call.
 */
export function recordExponential(cells: Float64Array, at: number, shape: ExponentialShape, value: number): void {
  (cells[at + exponentialCell.count] as number) += 1;
  if (value === 0) {
    (cells[at + exponentialCell.zeroCount] as number) += 1;
    return;
  }
  (cells[at + exponentialCell.sum] as number) += value;
  const range = at + (value > 0 ? exponentialCell.positive : negativeCell(shape));
  const index = bucketIndex(value, cells[at + exponentialCell.scale] as number);
  const slot = index - (cells[range + rangeCell.offset] as number);
  if (slot >= 0 && slot < (cells[range + rangeCell.length] as number)) (cells[range + rangeCell.buckets + slot] as number) += 1;
  // After a change of scale computed again, not shifted: so does the SDK, and near a bound the two may differ.
  else
    addTo(
      cells,
      at,
      range,
      madeRoom(cells, at, shape, range, index) ? bucketIndex(value, cells[at + exponentialCell.scale] as number) : index,
      1,
    );
}

/** Lowers the scale until a range holds `index`, and returns whether it had to. */
function madeRoom(cells: Float64Array, at: number, shape: ExponentialShape, range: number, index: number): boolean {
  const excess = excessOf(cells, range, index, index, shape.maxSize);
  downscale(cells, at, shape, excess);
  return excess > 0;
}

/** Adds what another histogram has counted. The wider of two zero thresholds is that of both. */
export function mergeExponential(cells: Float64Array, at: number, shape: ExponentialShape, point: ExponentialPoint): void {
  (cells[at + exponentialCell.count] as number) += point.count;
  (cells[at + exponentialCell.sum] as number) += point.sum;
  (cells[at + exponentialCell.zeroCount] as number) += point.zeroCount;
  cells[at + exponentialCell.zeroThreshold] = Math.max(
    cells[at + exponentialCell.zeroThreshold] as number,
    point.zeroThreshold ?? 0,
  );
  const ranges: [number, ExponentialRange][] = [[at + exponentialCell.positive, point.positive]];
  if (shape.negative === true) ranges.push([at + negativeCell(shape), point.negative]);
  const filled = ranges.filter(([, { counts }]) => counts.length > 0);
  if (filled.length === 0) return;
  const scale = cells[at + exponentialCell.scale] as number;
  downscale(cells, at, shape, Math.max(0, scale - point.scale));
  for (const [range, { offset, counts }] of filled) {
    const shift = point.scale - (cells[at + exponentialCell.scale] as number);
    downscale(cells, at, shape, excessOf(cells, range, offset >> shift, (offset + counts.length - 1) >> shift, shape.maxSize));
  }
  const shift = point.scale - (cells[at + exponentialCell.scale] as number);
  for (const [range, { offset, counts }] of filled) {
    for (let index = 0; index < counts.length; index++)
      addTo(cells, at, range, (offset + index) >> shift, counts[index] as number);
  }
}

/**
 * Takes away what it had when its row was copied to `before`: what was recorded since is left, at the scale that it has now.
 * Allocates nothing.
 */
export function subtractExponential(
  cells: Float64Array,
  at: number,
  shape: ExponentialShape,
  before: Float64Array,
  beforeAt: number,
): void {
  for (const cell of summed) (cells[at + cell] as number) -= before[beforeAt + cell] as number;
  const shift = (before[beforeAt + exponentialCell.scale] as number) - (cells[at + exponentialCell.scale] as number);
  subtractRange(cells, at + exponentialCell.positive, before, beforeAt + exponentialCell.positive, shift);
  if (shape.negative === true) subtractRange(cells, at + negativeCell(shape), before, beforeAt + negativeCell(shape), shift);
}

const summed = [exponentialCell.count, exponentialCell.sum, exponentialCell.zeroCount];

function subtractRange(cells: Float64Array, range: number, before: Float64Array, beforeRange: number, shift: number): void {
  const buckets = range + rangeCell.buckets;
  const first = buckets - (cells[range + rangeCell.offset] as number);
  const offset = before[beforeRange + rangeCell.offset] as number;
  for (let index = 0; index < (before[beforeRange + rangeCell.length] as number); index++) {
    (cells[first + ((offset + index) >> shift)] as number) -= before[beforeRange + rangeCell.buckets + index] as number;
  }
  let length = cells[range + rangeCell.length] as number;
  while (length > 0 && cells[buckets + length - 1] === 0) length--;
  cells[range + rangeCell.length] = length;
}

/** By how much the scale has to fall, so that a range holds the buckets from `low` to `high` too. */
function excessOf(cells: Float64Array, range: number, low: number, high: number, maxSize: number): number {
  const length = cells[range + rangeCell.length] as number;
  const offset = cells[range + rangeCell.offset] as number;
  let first = length === 0 ? low : Math.min(low, offset);
  let last = length === 0 ? high : Math.max(high, offset + length - 1);
  let excess = 0;
  for (; last - first >= maxSize; excess++) {
    first >>= 1;
    last >>= 1;
  }
  return excess;
}

function downscale(cells: Float64Array, at: number, shape: ExponentialShape, by: number): void {
  if (by === 0) return;
  const scale = markMoving(cells, at);
  downscaleRange(cells, at + exponentialCell.positive, by);
  if (shape.negative === true) downscaleRange(cells, at + negativeCell(shape), by);
  cells[at + exponentialCell.scale] = scale - by;
}

/** In place: a bucket never moves up. */
function downscaleRange(cells: Float64Array, range: number, by: number): void {
  const length = cells[range + rangeCell.length] as number;
  if (length === 0) return;
  const offset = cells[range + rangeCell.offset] as number;
  const first = offset >> by;
  const buckets = range + rangeCell.buckets;
  for (let index = 0; index < length; index++) {
    const count = cells[buckets + index] as number;
    cells[buckets + index] = 0;
    (cells[buckets + ((offset + index) >> by) - first] as number) += count;
  }
  cells[range + rangeCell.offset] = first;
  cells[range + rangeCell.length] = ((offset + length - 1) >> by) - first + 1;
}

/** The bucket fits. */
function addTo(cells: Float64Array, at: number, range: number, index: number, count: number): void {
  const length = cells[range + rangeCell.length] as number;
  const offset = length === 0 ? index : (cells[range + rangeCell.offset] as number);
  const buckets = range + rangeCell.buckets;
  const below = Math.max(0, offset - index);
  if (below === 0) {
    cells[range + rangeCell.offset] = offset;
    cells[range + rangeCell.length] = Math.max(length, index - offset + 1);
  } else {
    const scale = markMoving(cells, at);
    cells.copyWithin(buckets + below, buckets, buckets + length);
    cells.fill(0, buckets, buckets + below);
    cells[range + rangeCell.offset] = index;
    cells[range + rangeCell.length] = length + below;
    cells[at + exponentialCell.scale] = scale;
  }
  (cells[buckets + index - offset + below] as number) += count;
}

/**
 * Tells a reader in another thread (`exponential-copy.ts`) that buckets move, until the scale is set again. Returns the scale
 * that it had.
 */
function markMoving(cells: Float64Array, at: number): number {
  const scale = cells[at + exponentialCell.scale] as number;
  cells[at + exponentialCell.scale] = Number.NaN;
  return scale;
}
