/** Lines that are kept from an earlier rendering. */

import { numberBytes } from '../../../../core/numbers/write-number.ts';
import { type ByteBuffer, copyBytes } from '../bytes/byte-buffer.ts';
import { appendValue, type RowLines } from '../rows/row-lines.ts';
import { writeBuckets } from './bucket-text.ts';
import type { LineSegment } from './line-segment.ts';

/** Those of a `LineSegment`. */
export class KeptLines implements RowLines {
  private segment: LineSegment | undefined;
  private place = 0;

  use(segment: LineSegment, slot: number): this {
    this.segment = segment;
    this.place = slot;
    return this;
  }

  reserve(out: ByteBuffer, more: number): void {
    const segment = this.segment as LineSegment;
    out.reserve(segment.bytesAt(this.place) + segment.lines * (numberBytes + 1 + more));
  }

  append(out: ByteBuffer, line: number): void {
    const { bounds, prefixes, buckets } = this.segment as LineSegment;
    const at = this.place + line - buckets.length;
    out.length = copyBytes(prefixes.view, bounds[at] as number, bounds[at + 1] as number, out.view, out.length);
  }

  appendBuckets(out: ByteBuffer, buckets: number, cells: Float64Array, cellAt: number): number {
    const segment = this.segment as LineSegment;
    if (segment.buckets.length > 0) return writeBuckets(out, segment, this.place + segment.lines - buckets, cells, cellAt);
    let count = 0;
    for (let bucket = 0; bucket < buckets; bucket++) {
      count += cells[cellAt + bucket] as number;
      this.append(out, bucket);
      appendValue(out, count);
    }
    return count;
  }
}
