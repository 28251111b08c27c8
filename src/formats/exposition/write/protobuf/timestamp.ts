/** When a series began, and when something was measured, as messages `google.protobuf.Timestamp`. */
import { type FamilyView, type Row, startOf } from '../../../../core/store/index.ts';
import type { ByteBuffer } from '../bytes/byte-buffer.ts';
import { timestampTag } from './fields.ts';
import { mostVarint, Nested, putVarintField } from './wire.ts';

/** Its field of one byte, its length, and two varints behind their tags. */
export const mostTimestamp = 2 + 2 * (1 + mostVarint);
/** Prometheus cuts what is less than a millisecond off, and a double has no exact nanoseconds: microseconds it has. */
const [microsAMs, microsASecond, nanosAMicro] = [1e3, 1e6, 1e3];

const nested = new Nested();

/**
 * Writes since when a row has added up. Where its cells are not its family's, they were gathered for sorting, and its start is
 * behind them (`row-order.ts`).
 */
export function putStart(out: ByteBuffer, tag: number, cells: Float64Array, cellAt: number, family: FamilyView, row: Row): void {
  putTimestamp(out, tag, cells === family.cells ? startOf(family, row) : (cells[cellAt + family.stride] as number));
}

/** `ms`: since the epoch, in whole ones or with a fraction. Below 1, which says that it is unknown: nothing is written. */
export function putTimestamp(out: ByteBuffer, tag: number, ms: number): void {
  if (!(ms >= 1)) return;
  const micros = Math.round(ms * microsAMs);
  const seconds = Math.floor(micros / microsASecond);
  const message = nested.open(out, tag);
  putVarintField(out, timestampTag.seconds, seconds);
  putVarintField(out, timestampTag.nanos, (micros - seconds * microsASecond) * nanosAMicro);
  nested.close(out, message);
}
