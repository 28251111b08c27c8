/**
 * Where a row's lines come from: kept from an earlier rendering (`kept-lines.ts`), or made from its labels (`made-lines.ts`). Row
 * writers add the numbers.
 */

import { writeNumber } from '../../../../core/numbers/write-number.ts';
import type { ByteBuffer } from '../bytes/byte-buffer.ts';

const lineFeed = 0x0a;

/** The lines of one row, which is set before they are used. */
export interface RowLines {
  /** Reserves all lines with their values, and `more` bytes in each. */
  reserve(out: ByteBuffer, more: number): void;
  /** Writes what a line has before its value. The capacity is reserved. */
  append(out: ByteBuffer, line: number): void;
  /**
   * Writes the first lines, a bucket each, added up from `cells[cellAt]` on, and returns the sum of all. The capacity is
   * reserved.
   */
  appendBuckets(out: ByteBuffer, buckets: number, cells: Float64Array, cellAt: number): number;
}

/** Ends a line. The capacity is reserved. */
export function appendValue(out: ByteBuffer, value: number): void {
  const at = writeNumber(out.bytes, out.length, value);
  out.bytes[at] = lineFeed;
  out.length = at + 1;
}
