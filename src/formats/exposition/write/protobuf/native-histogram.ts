/** The native buckets of a message `Histogram`. */
import {
  type ExponentialShape,
  exponentialCell,
  negativeCell,
  rangeCell,
} from '../../../../core/store/cells/exponential-cells.ts';
import type { ExponentialPart } from '../../../../core/store/index.ts';
import type { ByteBuffer } from '../bytes/byte-buffer.ts';
import { histogramTag } from './fields.ts';
import { mostRange, NativeBuckets } from './native-buckets.ts';
import { mostDouble, mostVarint, putDoubleField, putSigned, putVarint } from './wire.ts';

/** "Currently, valid numbers are -4 <= n <= 8" (metrics.proto, `schema`). */
const [leastSchema, mostSchema] = [-4, 8];
/**
 * Replaces a threshold of 0, with which Prometheus 2.42 treats a histogram without observations as a classic one: so the
 * Collector and Prometheus' OTLP receiver write it.
 */
const leastThreshold = 1e-128;

/** A class, because it keeps its memory from row to row. */
export class NativeHistogram {
  /** Bytes at most. */
  readonly most: number;
  private readonly from: number;
  private readonly shape: ExponentialShape;
  private readonly positive: NativeBuckets;
  private readonly negative: NativeBuckets;

  constructor({ at, shape }: ExponentialPart) {
    this.from = at;
    this.shape = shape;
    this.positive = new NativeBuckets(shape.maxSize);
    this.negative = new NativeBuckets(shape.negative === true ? shape.maxSize : 0);
    this.most = 2 * mostDouble + 4 * mostVarint + 2 * mostRange(shape.maxSize);
  }

  /**
   * Writes the buckets of a row. The capacity is reserved. False: Prometheus has no native histogram of them, and nothing is
   * written.
   */
  put(out: ByteBuffer, cells: Float64Array, cellAt: number): boolean {
    const at = cellAt + this.from;
    const scale = cells[at + exponentialCell.scale] as number;
    // NaN: another thread changes it.
    if (!(scale >= leastSchema)) return false;
    this.read(cells, at, Math.max(0, scale - mostSchema));
    if (!this.isTaken(cells, at)) return false;
    putVarint(out, histogramTag.schema);
    putSigned(out, Math.min(mostSchema, scale));
    putDoubleField(
      out,
      histogramTag.zeroThreshold,
      Math.max(leastThreshold, cells[at + exponentialCell.zeroThreshold] as number),
    );
    putVarint(out, histogramTag.zeroCount);
    putVarint(out, cells[at + exponentialCell.zeroCount] as number);
    this.negative.write(out, histogramTag.negativeSpan, histogramTag.negativeDelta);
    this.positive.write(out, histogramTag.positiveSpan, histogramTag.positiveDelta);
    return true;
  }

  private read(cells: Float64Array, at: number, down: number): void {
    const { shape, positive, negative } = this;
    readRange(cells, at + exponentialCell.positive, down, positive);
    if (shape.negative === true) readRange(cells, at + negativeCell(shape), down, negative);
  }

  /**
   * Prometheus gives a whole scrape up for a histogram that counts other than its buckets, but for one whose sum is NaN: there
   * the observations that are in no bucket were NaN (its `Histogram.Validate`).
   */
  private isTaken(cells: Float64Array, at: number): boolean {
    const count = cells[at + exponentialCell.count] as number;
    const buckets = this.positive.sum + this.negative.sum + (cells[at + exponentialCell.zeroCount] as number);
    return Number.isNaN(cells[at + exponentialCell.sum]) ? count >= buckets : count === buckets;
  }
}

function readRange(cells: Float64Array, range: number, down: number, into: NativeBuckets): void {
  into.read(
    cells,
    range + rangeCell.buckets,
    cells[range + rangeCell.offset] as number,
    cells[range + rangeCell.length] as number,
    down,
  );
}
