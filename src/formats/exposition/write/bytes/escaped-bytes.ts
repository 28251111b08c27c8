/** Values of labels where they lie in the store, written with escapes: without a string of them, which may be long. */
import { lengthAt, valuesEnd } from '../../../../core/store/index.ts';
import type { ByteBuffer } from './byte-buffer.ts';

const lineFeed = 0x0a;
const quote = 0x22;
const backslash = 0x5c;
const letterN = 0x6e;

/** Bytes of `count` values from `at` on as they are written: an escaped byte is two. */
export function escapedBytes(bytes: Uint8Array, at: number, count: number): number {
  let sum = 0;
  let end = at;
  for (let value = 0; value < count; value++) {
    const length = lengthAt(bytes, end);
    end = valuesEnd(bytes, end, 1);
    // Bytes that another thread is writing may give any length.
    if (end > bytes.length) return sum;
    sum += length + escapes(bytes, end - length, end);
  }
  return sum;
}

/** Appends a value. It is copied first: another thread may be writing it. */
export function appendEscaped(out: ByteBuffer, value: Uint8Array): void {
  out.append(value);
  const more = escapes(out.bytes, out.length - value.length, out.length);
  if (more === 0) return;
  out.reserve(more);
  const { bytes } = out;
  let from = out.length;
  out.length += more;
  for (let to = out.length; to > from; ) {
    const byte = bytes[--from] as number;
    bytes[--to] = byte === lineFeed ? letterN : byte;
    if (byte === lineFeed || byte === quote || byte === backslash) bytes[--to] = backslash;
  }
}

/** Longer values are searched by the engine first. */
const long = 256;

function escapes(bytes: Uint8Array, from: number, end: number): number {
  if (end - from > long && isPlain(bytes.subarray(from, end))) return 0;
  let count = 0;
  for (let index = from; index < end; index++) {
    const byte = bytes[index];
    if (byte === lineFeed || byte === quote || byte === backslash) count++;
  }
  return count;
}

function isPlain(value: Uint8Array): boolean {
  return !value.includes(lineFeed) && !value.includes(quote) && !value.includes(backslash);
}
