/**
 * Exponential buckets as buckets with bounds that all rows of a family share: powers of two, at which those of each scale from 0
 * on end, and of each scale `-s` those of every `2^s`-th.
 */
import { type ExponentialShape, exponentialCell, negativeCell, rangeCell } from './exponential-cells.ts';

/** The largest power of two that is a double. */
const mostExponent = 1_023;

/** What rows have, to find bounds for all. */
export class PowerRange {
  /** Exponents of the bounds that end the lowest and the highest bucket in use. */
  private low = Number.POSITIVE_INFINITY;
  private high = Number.NEGATIVE_INFINITY;
  /** That of the widest buckets. */
  private step = 1;

  /** `at`: where a row's exponential cells begin. */
  add(cells: Float64Array, at: number): void {
    const scale = cells[at + exponentialCell.scale] as number;
    const range = at + exponentialCell.positive;
    const length = cells[range + rangeCell.length] as number;
    // NaN: another thread lowers it.
    if (length === 0 || Number.isNaN(scale)) return;
    const octaves = 2 ** -scale;
    const offset = cells[range + rangeCell.offset] as number;
    this.low = Math.min(this.low, Math.ceil((offset + 1) * octaves));
    this.high = Math.max(this.high, Math.ceil((offset + length) * octaves));
    this.step = Math.max(this.step, octaves);
  }

  /**
   * The exponents of at most `most` bounds from the lowest bucket to the highest, ascending: every one, every second, every
   * fourth, and so on. So where the range grows, those that stay are some of those that there were.
   */
  exponents(most: number): readonly number[] {
    if (this.low > this.high) return [];
    let { step } = this;
    while (Math.ceil(this.high / step) - Math.ceil(this.low / step) >= most) step *= 2;
    const first = Math.ceil(this.low / step);
    const last = Math.min(Math.ceil(this.high / step), Math.floor(mostExponent / step));
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => (first + index) * step);
  }
}

/**
 * Counts a row's values by bounds `2^exponents[i]`, not added up; the last of `counts`, one more than there are bounds, is +Inf.
 * In all they are the row's count. Allocates nothing.
 *
 * @param at where the row's exponential cells begin
 */
export function countByPowers(
  cells: Float64Array,
  at: number,
  shape: ExponentialShape,
  exponents: readonly number[],
  counts: Float64Array,
): void {
  counts.fill(0);
  const negative = shape.negative === true ? sumOf(cells, at + negativeCell(shape)) : 0;
  let total = (cells[at + exponentialCell.zeroCount] as number) + negative;
  counts[0] = total;
  const factor = 2 ** (cells[at + exponentialCell.scale] as number);
  const range = at + exponentialCell.positive;
  const offset = cells[range + rangeCell.offset] as number;
  const length = cells[range + rangeCell.length] as number;
  let bound = 0;
  for (let bucket = 0; bucket < length; bucket++) {
    const count = cells[range + rangeCell.buckets + bucket] as number;
    if (count === 0) continue;
    // It ends at 2^((index + 1) / factor), which it includes, as `le` does.
    while (bound < exponents.length && offset + bucket + 1 > (exponents[bound] as number) * factor) bound++;
    counts[bound] = (counts[bound] as number) + count;
    total += count;
  }
  const rest = (cells[at + exponentialCell.count] as number) - total;
  if (rest > 0) counts[exponents.length] = (counts[exponents.length] as number) + rest;
}

function sumOf(cells: Float64Array, range: number): number {
  let sum = 0;
  for (let bucket = 0; bucket < (cells[range + rangeCell.length] as number); bucket++)
    sum += cells[range + rangeCell.buckets + bucket] as number;
  return sum;
}
