/** The message of a row's kind in a `Metric`: a counter, a gauge, a histogram and so on. */
import type { FamilyView, Row } from '../../../../core/store/index.ts';
import type { ByteBuffer } from '../bytes/byte-buffer.ts';

export interface ValueMessage {
  /** Its field in `Metric`. */
  readonly tag: number;
  /** Bytes at most. */
  readonly most: number;
  /** Samples that a row shows. */
  readonly samples: number;
  /** Writes it without its field and length. The capacity is reserved. False: the row is not shown. */
  write(out: ByteBuffer, cells: Float64Array, cellAt: number, family: FamilyView, row: Row): boolean;
}
