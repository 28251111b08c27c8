/**
 * The line prefixes of 1,024 neighbouring rows. A cache is many of them and not one, because what grows by copying, or is
 * cleared, must not block the application's event loop: a million prefixes are 60 MB.
 */
import { numberBytes } from '../../../../core/numbers/write-number.ts';
import type { Row } from '../../../../core/store/index.ts';
import { ByteBuffer } from '../bytes/byte-buffer.ts';
import type { RowLines } from '../rows/row-lines.ts';
import { bucketBounds, bucketRoom, putBuckets } from './bucket-text.ts';

const rowBits = 10;
const rowsASegment = 1 << rowBits;

export const segmentIndex = (row: Row): number => row >>> rowBits;
export const indexInSegment = (row: Row): number => row & (rowsASegment - 1);

const initialRows = 8;
/** Below this, prefixes of rows that went away are not worth collecting. */
const leastWaste = 4_096;

export class LineSegment {
  readonly prefixes = new ByteBuffer(256);
  /** Lines a row, those of `bucket-text.ts` included. */
  readonly lines: number;
  /**
   * A row's first lines are kept as `bucket-text.ts` has them: how many bytes longer than the first each prefix is. Empty: none
   * are.
   */
  readonly buckets: Int32Array;
  /** Boundaries of a row's other prefixes, one more than there are such lines, and then those of its buckets. */
  bounds: Int32Array<ArrayBuffer>;
  /** The generation whose prefixes are here, 0 for none. */
  generations = new Int32Array(initialRows);
  private readonly boundsARow: number;
  private wasted = 0;

  constructor(lines: number, buckets: Int32Array) {
    this.lines = lines;
    this.buckets = buckets;
    this.boundsARow = lines - buckets.length + 1 + (buckets.length > 0 ? bucketBounds : 0);
    this.bounds = new Int32Array(initialRows * this.boundsARow);
  }

  /** The offset of a row's first boundary in `bounds`. */
  place(row: Row): number {
    return indexInSegment(row) * this.boundsARow;
  }

  /** What is kept of the row whose first boundary is at `place`. */
  bytesAt(slot: number): number {
    return (this.bounds[slot + this.boundsARow - 1] as number) - (this.bounds[slot] as number);
  }

  /** Bytes of memory. */
  get size(): number {
    return this.prefixes.bytes.length + this.bounds.byteLength + this.generations.byteLength;
  }

  put(row: Row, generation: number, lines: RowLines): this {
    const { prefixes, buckets } = this;
    const index = indexInSegment(row);
    let slot = this.place(row);
    lines.reserve(prefixes, buckets.length > 0 ? bucketRoom - numberBytes : -numberBytes);
    this.bounds[slot++] = prefixes.length;
    for (let line = buckets.length; line < this.lines; line++) {
      lines.append(prefixes, line);
      this.bounds[slot++] = prefixes.length;
    }
    if (buckets.length > 0) putBuckets(this, slot, lines);
    this.generations[index] = generation;
    if (index === rowsASegment - 1) this.prefixes.trim();
    return this;
  }

  /** Reserves memory for a row. */
  reach(row: Row): void {
    const index = indexInSegment(row);
    if (index >= this.generations.length) this.grow(index);
  }

  /** Takes a row's prefixes out. True: so much had been wasted that all were. */
  discard(row: Row): boolean {
    const index = indexInSegment(row);
    if ((this.generations[index] ?? 0) === 0) return false;
    this.wasted += this.bytesAt(this.place(row));
    this.generations[index] = 0;
    if (this.wasted <= leastWaste || this.wasted <= this.prefixes.length / 2) return false;
    this.generations.fill(0);
    this.prefixes.length = 0;
    this.wasted = 0;
    return true;
  }

  private grow(index: number): void {
    const rows = Math.max(this.generations.length * 2, index + 1);
    this.generations = copied(this.generations, new Int32Array(rows));
    this.bounds = copied(this.bounds, new Int32Array(rows * this.boundsARow));
  }
}

function copied(from: Int32Array<ArrayBuffer>, to: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  to.set(from);
  return to;
}
