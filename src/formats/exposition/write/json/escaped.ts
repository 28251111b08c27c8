/** Values of labels as they lie in the store, as JSON strings without their quotes (RFC 8259, section 7). */
import type { ByteBuffer } from '../bytes/byte-buffer.ts';

const space = 0x20;
const quote = 0x22;
const backslash = 0x5c;
const zero = 0x30;
const letterA = 0x61;
const letterU = 0x75;
/** `\u001f` has five bytes more than its character. */
const moreOfControl = 5;

/**
 * Escapes what was appended to `out` from `from` on: it is copied ahead of that, because another thread may be writing the value.
 */
export function escapeFrom(out: ByteBuffer, from: number): void {
  const more = moreBytes(out.bytes, from, out.length);
  if (more === 0) return;
  out.reserve(more);
  const { bytes } = out;
  let at = out.length;
  out.length += more;
  for (let to = out.length; to > at; ) {
    const byte = bytes[--at] as number;
    if (byte < space) {
      to -= moreOfControl + 1;
      bytes[to] = backslash;
      bytes[to + 1] = letterU;
      bytes.fill(zero, to + 2, to + 4);
      bytes[to + 4] = zero + (byte >> 4);
      bytes[to + 5] = hexDigit(byte & 15);
    } else {
      bytes[--to] = byte;
      if (byte === quote || byte === backslash) bytes[--to] = backslash;
    }
  }
}

function hexDigit(value: number): number {
  return value < 10 ? zero + value : letterA + value - 10;
}

function moreBytes(bytes: Uint8Array, from: number, end: number): number {
  let more = 0;
  for (let index = from; index < end; index++) {
    const byte = bytes[index] as number;
    if (byte < space) more += moreOfControl;
    else if (byte === quote || byte === backslash) more++;
  }
  return more;
}
