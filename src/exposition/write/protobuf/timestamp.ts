/** When a series began, and when something was measured, as messages `google.protobuf.Timestamp`. */
import type { FamilyView, Row } from '../../../store/index.ts';
import type { ByteBuffer } from '../bytes/byte-buffer.ts';
import { timestampTag } from './fields.ts';
import { mostVarint, Nested, putVarintField } from './wire.ts';

/** Its field of one byte, its length, and two varints behind their tags. */
export const mostTimestamp = 2 + 2 * (1 + mostVarint);
const msASecond = 1_000;
const nanosAMs = 1e6;

const nested = new Nested();

/** Since when a row has added up, in milliseconds since the epoch; 0: unknown. */
export function startOf(family: FamilyView, row: Row): number {
  return family.start(row);
}

/** `ms`: since the epoch, in whole ones or with a fraction. Below 1, which says that it is unknown: nothing is written. */
export function putTimestamp(out: ByteBuffer, tag: number, ms: number): void {
  if (!(ms >= 1)) return;
  const seconds = Math.floor(ms / msASecond);
  const message = nested.open(out, tag);
  putVarintField(out, timestampTag.seconds, seconds);
  putVarintField(out, timestampTag.nanos, Math.round((ms - seconds * msASecond) * nanosAMs));
  nested.close(out, message);
}
