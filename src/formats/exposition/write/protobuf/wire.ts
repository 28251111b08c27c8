/**
 * Protobuf's wire format into a `ByteBuffer` (protobuf.dev, "Encoding"). The capacity for all that is written here is reserved: a
 * row reserves once.
 */
import type { ByteBuffer } from '../bytes/byte-buffer.ts';

/** Wire types. */
const [varintType, doubleType, lengthType] = [0, 1, 2];
const typeBits = 3;

/** Tags of one byte, and of two from field 16 on. */
export const varintField = (field: number): number => (field << typeBits) | varintType;
export const doubleField = (field: number): number => (field << typeBits) | doubleType;
export const lengthField = (field: number): number => (field << typeBits) | lengthType;

/** Bytes of a varint; of a tag of two bytes and a double. */
export const mostVarint = 10;
export const mostDouble = 10;

const largestInt = 2 ** 31 - 1;
const more = 128;

/** An integer from 0 to 2^63, of which doubles above 2^53 are exact. */
export function putVarint(out: ByteBuffer, value: number): void {
  const { bytes } = out;
  let at = out.length;
  const last = at + mostVarint - 1;
  let rest = value;
  for (; rest > largestInt && at < last; rest = Math.floor(rest / more)) bytes[at++] = (rest % more) | more;
  for (; rest >= more; rest >>= 7) bytes[at++] = rest | more;
  bytes[at++] = rest;
  out.length = at;
}

export function sizeOfVarint(value: number): number {
  let size = 1;
  for (let rest = value; rest >= more; rest = Math.floor(rest / more)) size++;
  return size;
}

/** A `sint32` or `sint64`: "ZigZag". */
export function putSigned(out: ByteBuffer, value: number): void {
  putVarint(out, value >= 0 ? 2 * value : -2 * value - 1);
}

export function putVarintField(out: ByteBuffer, tag: number, value: number): void {
  putVarint(out, tag);
  putVarint(out, value);
}

export function putDoubleField(out: ByteBuffer, tag: number, value: number): void {
  putVarint(out, tag);
  out.view.setFloat64(out.length, value, true);
  out.length += 8;
}

/** As an integer where it is one: only foreign producers have others. */
export function putCount(out: ByteBuffer, tag: number, floatTag: number, count: number): void {
  if (count >= 0 && Number.isInteger(count)) putVarintField(out, tag, count);
  else putDoubleField(out, floatTag, count);
}

/** Reserves by itself. */
export function putTextField(out: ByteBuffer, tag: number, text: string): void {
  out.reserve(mostVarint * 2);
  putVarintField(out, tag, Buffer.byteLength(text));
  out.appendText(text);
}

/**
 * Messages inside others, whose length comes before them and is known after them. Lengths are minimal: space is left for one as
 * long as the last, because neighbours are alike, and what follows it is moved if that was wrong.
 */
export class Nested {
  private width = 1;

  /** Begins one. Pass what it returns to `close`. */
  open(out: ByteBuffer, tag: number): number {
    putVarint(out, tag);
    out.length += this.width;
    return out.length;
  }

  close(out: ByteBuffer, opened: number): void {
    const size = out.length - opened;
    const width = sizeOfVarint(size);
    const begin = opened - this.width;
    if (width !== this.width) {
      out.bytes.copyWithin(begin + width, opened, out.length);
      this.width = width;
    }
    out.length = begin;
    putVarint(out, size);
    out.length += size;
  }
}
