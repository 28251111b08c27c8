/**
 * Labels of rows as bytes: each string, or `AnyValue`, behind its length, and the length a varint as in protobuf: seven bits a
 * byte, the lowest first. Reading while another thread writes gives other labels, never an error.
 */

import { copyBytes } from './copy-bytes.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Bytes of a length at most. */
const mostLengthBytes = 5;
/** A UTF-16 unit takes three bytes of UTF-8 at most. */
const mostBytesPerUnit = 3;
/** Strings up to this length are tried as ASCII by hand: a call of the decoder costs more than they do. */
const shortString = 48;
/** Lengths below it take one byte. */
const oneByte = 128;

/** The length at `at`. */
export function lengthAt(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  return first < oneByte ? first : longLengthAt(bytes, at);
}

/** How many bytes a length takes. */
function sizeOfLength(length: number): number {
  let size = 1;
  for (let rest = length; rest >= oneByte; rest = Math.floor(rest / oneByte)) size++;
  return size;
}

/** Where `count` values end that begin at `at`. */
export function valuesEnd(bytes: Uint8Array, at: number, count: number): number {
  let end = at;
  for (let value = 0; value < count; value++) {
    const length = lengthAt(bytes, end);
    end += sizeOfLength(length) + length;
  }
  return end;
}

function longLengthAt(bytes: Uint8Array, at: number): number {
  let length = 0;
  for (let index = 0, factor = 1; index < mostLengthBytes; index++, factor *= oneByte) {
    const byte = bytes[at + index] ?? 0;
    length += (byte % oneByte) * factor;
    if (byte < oneByte) break;
  }
  return length;
}

/** Puts bytes together for an arena, which copies them. One serves all rows. */
export class LabelWriter {
  bytes: Uint8Array = new Uint8Array(1_024);
  length = 0;

  byte(value: number): void {
    this.reserve(1);
    this.bytes[this.length++] = value;
  }

  value(value: string | Uint8Array): void {
    if (typeof value === 'string') this.string(value);
    else {
      this.size(value.length);
      this.reserve(value.length);
      this.bytes.set(value, this.length);
      this.length += value.length;
    }
  }

  string(value: string): void {
    this.reserve(mostLengthBytes + value.length * mostBytesPerUnit);
    const { bytes, length } = this;
    const { written } = encoder.encodeInto(value, bytes.subarray(length + 1));
    // Most are short: space for a longer length is made when it is known.
    if (written >= oneByte) bytes.copyWithin(length + sizeOfLength(written), length + 1, length + 1 + written);
    this.size(written);
    this.length += written;
  }

  /** As they are. */
  copy(from: Uint8Array, start: number, end: number): void {
    this.reserve(end - start);
    copyBytes(from, start, end, this.bytes, this.length);
    this.length += end - start;
  }

  size(length: number): void {
    this.reserve(mostLengthBytes);
    let rest = length;
    for (; rest >= oneByte; rest = Math.floor(rest / oneByte)) this.bytes[this.length++] = (rest % oneByte) + oneByte;
    this.bytes[this.length++] = rest;
  }

  private reserve(count: number): void {
    if (this.length + count <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(this.bytes.length * 2, this.length + count));
    larger.set(this.bytes);
    this.bytes = larger;
  }
}

/** Reads what a `LabelWriter` wrote, from `at` on. */
export class LabelReader {
  readonly bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.bytes = bytes;
    this.at = at;
  }

  get done(): boolean {
    return this.at >= this.bytes.length;
  }

  byte(): number {
    return this.bytes[this.at++] ?? 0;
  }

  size(): number {
    const length = lengthAt(this.bytes, this.at);
    this.at += sizeOfLength(length);
    return length;
  }

  /** A copy. */
  raw(): Uint8Array {
    const from = this.skip();
    return this.bytes.slice(from, this.at);
  }

  string(): string {
    const from = this.skip();
    return shortAscii(this.bytes, from, this.at) ?? decoder.decode(this.bytes.slice(from, this.at));
  }

  /** Skips a value, and returns where it began. */
  private skip(): number {
    const length = this.size();
    const from = this.at;
    this.at += length;
    return from;
  }
}

function shortAscii(bytes: Uint8Array, from: number, end: number): string | undefined {
  if (end - from > shortString) return undefined;
  let string = '';
  for (let index = from; index < end; index++) {
    const byte = bytes[index] ?? 0;
    if (byte >= oneByte) return undefined;
    string += String.fromCharCode(byte);
  }
  return string;
}
