/**
 * A growing buffer for protobuf messages. A class, because every point of a push goes through it; its fields are read by name there.
 * `reserve` once, then write unchecked: a check a byte would double the cost of a point.
 */

const initialBytes = 64 * 1024;
/** A varint of 53 bits. */
const varintBytes = 8;
const two32 = 2 ** 32;
const largestInt = 2 ** 31 - 1;

export class ByteSink {
  bytes: Uint8Array = new Uint8Array(initialBytes);
  view: DataView = new DataView(this.bytes.buffer);
  at = 0;
  private readonly encoder = new TextEncoder();
  /** Kept from call to call: most attributes come from one buffer. */
  private source: Uint8Array = this.bytes;
  private sourceView: DataView = this.view;

  /** Room for `count` bytes more. */
  reserve(count: number): void {
    const least = this.at + count;
    if (least <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(this.bytes.length * 2, least));
    grown.set(this.bytes);
    this.bytes = grown;
    this.view = new DataView(grown.buffer);
  }

  byte(value: number): void {
    this.bytes[this.at++] = value;
  }

  /** Non-negative, up to 2^53 - 1. */
  varint(value: number): void {
    const { bytes } = this;
    let { at } = this;
    let rest = value;
    for (; rest > largestInt; rest = Math.floor(rest / 128)) bytes[at++] = (rest % 128) | 128;
    for (; rest > 127; rest >>= 7) bytes[at++] = rest | 128;
    bytes[at++] = rest;
    this.at = at;
  }

  double(value: number): void {
    this.view.setFloat64(this.at, value, true);
    this.at += 8;
  }

  fixed64(low: number, high: number): void {
    this.view.setUint32(this.at, low, true);
    this.view.setUint32(this.at + 4, high, true);
    this.at += 8;
  }

  /** A count as `fixed64`. Small ones are told apart because the remainder of two doubles costs more than all the rest. */
  count(value: number): void {
    if (value < two32) this.fixed64(value, 0);
    else this.fixed64(value % two32, Math.floor(value / two32));
  }

  /**
   * Eight bytes at a time, by hand: for the tens of bytes of a series' attributes `set` costs more, and needs a view made for each call. Optimized
   * code makes no BigInt of it. The last eight may go beyond what is asked for, where there is room: what comes next overwrites them.
   */
  copy(from: Uint8Array, start: number, end: number): void {
    if (from !== this.source) {
      this.source = from;
      this.sourceView = new DataView(from.buffer, from.byteOffset, from.length);
    }
    const { bytes, view, sourceView, at } = this;
    const whole = Math.min(end, from.length - 7, start + bytes.length - 7 - at);
    let index = start;
    for (; index < whole; index += 8) view.setBigUint64(at + index - start, sourceView.getBigUint64(index, true), true);
    for (; index < end; index++) bytes[at + index - start] = from[index] as number;
    this.at = at + end - start;
  }

  /** A field of text; reserves by itself. */
  text(tag: number, text: string): void {
    const opened = this.open(tag);
    this.reserve(text.length * 3);
    this.at += this.encoder.encodeInto(text, this.bytes.subarray(this.at)).written;
    this.close(opened);
  }

  /**
   * Begins a nested message, whose length nobody knows yet, and leaves room for it: so many bytes as it is likely to take. Reserves by itself.
   * What it returns is for `close`.
   */
  open(tag: number, room = 1): number {
    this.reserve(1 + room);
    this.bytes[this.at] = tag;
    this.at += 1 + room;
    return this.at;
  }

  /** Puts the length ahead of what came since `open`. Lengths are minimal: a message whose length takes another room than was left is moved. */
  close(opened: number, room = 1): void {
    this.reserve(varintBytes);
    const length = this.at - opened;
    const begin = opened - room;
    const moved = begin + sizeOfVarint(length);
    if (moved !== opened) this.bytes.copyWithin(moved, opened, this.at);
    this.at = begin;
    this.varint(length);
    this.at += length;
  }

  /** A copy of all, and a fresh start. */
  take(): Uint8Array {
    const taken = this.bytes.slice(0, this.at);
    this.at = 0;
    return taken;
  }
}

function sizeOfVarint(value: number): number {
  let size = 1;
  for (let rest = value; rest > 127; rest = Math.floor(rest / 128)) size++;
  return size;
}
