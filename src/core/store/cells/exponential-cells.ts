/**
 * The cells of an exponential histogram's row. Count and sum come first, as in a summary: they are all that a text format shows,
 * so a reader in another thread needs no guard. One that shows the buckets copies them as `exponential-copy.ts` does.
 */

/** The shape of every row of a family. */
export interface ExponentialShape {
  /** Most buckets of a range, at least 2. */
  readonly maxSize: number;
  /** The scale that a row begins with, from -10 to 20. */
  readonly maxScale: number;
  /** Space for a second range, of values below 0. Default false: a contract's histograms have none. */
  readonly negative?: boolean;
  /** Exposition shows up to so many buckets between powers of two besides (`power-buckets.ts`), at least 2. Default: none. */
  readonly textBuckets?: number;
}

export const exponentialCell = { count: 0, sum: 1, zeroCount: 2, scale: 3, zeroThreshold: 4, positive: 5 } as const;
/** Within a range; from `buckets` on those that are in use, all others are 0. */
export const rangeCell = { offset: 0, length: 1, buckets: 2 } as const;

export function negativeCell({ maxSize }: ExponentialShape): number {
  return exponentialCell.positive + rangeCell.buckets + maxSize;
}

export function exponentialStride(shape: ExponentialShape): number {
  return negativeCell(shape) + (shape.negative === true ? rangeCell.buckets + shape.maxSize : 0);
}

export interface ExponentialRange {
  /** The index of the first bucket. */
  readonly offset: number;
  readonly counts: ArrayLike<number>;
}

/** Named as in OTLP. */
export interface ExponentialPoint {
  readonly count: number;
  readonly sum: number;
  readonly scale: number;
  readonly zeroCount: number;
  /** Up to which magnitude values count as 0. Absent: it is 0. */
  readonly zeroThreshold?: number;
  readonly positive: ExponentialRange;
  readonly negative: ExponentialRange;
}

const noRange: ExponentialRange = Object.freeze({ offset: 0, counts: Object.freeze([]) });

/** A row as an object. Its counts are views of `cells`. */
export function readExponential(cells: Float64Array, at: number, shape: ExponentialShape): ExponentialPoint {
  const zeroThreshold = cells[at + exponentialCell.zeroThreshold] as number;
  return {
    count: cells[at + exponentialCell.count] as number,
    sum: cells[at + exponentialCell.sum] as number,
    scale: cells[at + exponentialCell.scale] as number,
    zeroCount: cells[at + exponentialCell.zeroCount] as number,
    ...(zeroThreshold > 0 && { zeroThreshold }),
    positive: readRange(cells, at + exponentialCell.positive),
    negative: shape.negative === true ? readRange(cells, at + negativeCell(shape)) : noRange,
  };
}

function readRange(cells: Float64Array, range: number): ExponentialRange {
  const from = range + rangeCell.buckets;
  const length = cells[range + rangeCell.length] as number;
  return { offset: cells[range + rangeCell.offset] as number, counts: cells.subarray(from, from + length) };
}
