/**
 * A growing buffer for protobuf messages. A class, because every point of a push goes through it; its fields are read by name
 * there.
 * `reserve` once, then write unchecked: a check a byte would double the cost of a point.
 */

const initialBytes = 16 * 1024;
/** What is kept from push to push: a program's usual request, so that pushes cost no full collection. */
const keptBytes = 64 * 1024;
/** A varint of 53 bits. */
const varintBytes = 8;
/**
 * Strings up to this length are written character by character, if they are ASCII: calling the encoder costs more than they do.
 */
const byHand = 64;
/** How far `copy` writes beyond what it copies. */
const beyond = 16;
const two32 = 2 ** 32;
const largestInt = 2 ** 31 - 1;
const nothing: Uint8Array = new Uint8Array(0);
const noView = new DataView(nothing.buffer);

export class ByteSink {
  bytes: Uint8Array = nothing;
  view: DataView = noView;
  at = 0;
  private readonly encoder = new TextEncoder();
  /** Given back, and not needed yet. */
  private spare: Uint8Array = nothing;
  /** The size of the last buffer: the next one starts with it, so that it need not grow. */
  private usual = initialBytes;
  /** Kept from call to call: most attributes come from one buffer. */
  private source: Uint8Array = nothing;
  private sourceView: DataView = noView;

  /** Reserves `count` bytes more. */
  reserve(count: number): void {
    const least = this.at + count + beyond;
    if (least > this.bytes.length) this.grow(least);
  }

  byte(value: number): void {
    this.bytes[this.at++] = value;
  }

  /** Non-negative, up to 2^53 - 1. */
  varint(value: number): void {
    let rest = value;
    for (; rest > largestInt; rest = Math.floor(rest / 128)) this.bytes[this.at++] = (rest % 128) | 128;
    for (; rest > 127; rest >>= 7) this.bytes[this.at++] = rest | 128;
    this.bytes[this.at++] = rest;
  }

  /** A safe integer. Below zero its two's complement takes ten bytes, by BigInt: such attributes are rare. */
  int64(value: number): void {
    if (value >= 0) this.varint(value);
    else {
      let rest = BigInt.asUintN(64, BigInt(value));
      for (; rest > 127n; rest >>= 7n) this.bytes[this.at++] = Number(rest & 127n) | 128;
      this.bytes[this.at++] = Number(rest);
    }
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

  /**
   * A count as `fixed64`. Small ones take a path of their own, because the remainder of two doubles costs more than all the rest.
   */
  count(value: number): void {
    if (value < two32) this.fixed64(value, 0);
    else this.fixed64(value % two32, Math.floor(value / two32));
  }

  /** So many counts as `fixed64`. */
  counts(values: ArrayLike<number>, from: number, length: number): void {
    const { view } = this;
    let { at } = this;
    for (let index = from; index < from + length; index++, at += 8) {
      const value = values[index] as number;
      view.setUint32(at, value < two32 ? value : value % two32, true);
      view.setUint32(at + 4, value < two32 ? 0 : Math.floor(value / two32), true);
    }
    this.at = at;
  }

  doubles(values: ArrayLike<number>): void {
    const { view } = this;
    let { at } = this;
    for (let index = 0; index < values.length; index++, at += 8) view.setFloat64(at, values[index] as number, true);
    this.at = at;
  }

  /**
   * Copies sixteen bytes at a time: for the tens of bytes of a series' attributes `set` costs five times as much, and needs a
   * view for each call. Optimized code makes no BigInt. The last copy may include bytes behind `end`, which the next write
   * overwrites. Returns the size so far.
   */
  copy(from: Uint8Array, start: number, end: number): number {
    if (from !== this.source) {
      this.source = from;
      this.sourceView = new DataView(from.buffer, from.byteOffset, from.length);
    }
    return this.copyFrom(this.sourceView, start, end);
  }

  /** `copy` from a view that the caller keeps, where pieces come from several buffers in turn. */
  copyFrom(source: DataView, start: number, end: number): number {
    const { view, at } = this;
    let index = start;
    let to = at;
    if (end + beyond <= source.byteLength) {
      for (; index < end; index += 16, to += 16) {
        view.setBigUint64(to, source.getBigUint64(index, true), true);
        view.setBigUint64(to + 8, source.getBigUint64(index + 8, true), true);
      }
    } else for (; index < end; index++, to++) view.setUint8(to, source.getUint8(index));
    this.at = at + end - start;
    return this.at;
  }

  /** A field that holds a string; reserves by itself. */
  text(tag: number, text: string): void {
    const opened = this.open(tag);
    this.reserve(text.length * 3);
    if (text.length > byHand || !this.ascii(text)) this.at += this.encoder.encodeInto(text, this.bytes.subarray(this.at)).written;
    this.close(opened);
  }

  /**
   * Begins a nested message, whose length is not known yet, and leaves `room` bytes for that length: as many as it is likely to
   * take. Reserves by itself. Pass what it returns, and the same `room`, to `close`.
   */
  open(tag: number, room = 1): number {
    this.reserve(1 + room);
    this.bytes[this.at] = tag;
    this.at += 1 + room;
    return this.at;
  }

  /**
   * Puts the length before what came since `open`. Lengths are minimal: a message whose length needs more or fewer bytes than
   * were left is moved. Returns the size so far.
   */
  close(opened: number, room = 1): number {
    this.reserve(varintBytes);
    const length = this.at - opened;
    const begin = opened - room;
    const moved = begin + sizeOfVarint(length);
    if (moved !== opened) this.bytes.copyWithin(moved, opened, this.at);
    this.at = begin;
    this.varint(length);
    this.at += length;
    return this.at;
  }

  /** All of it, and a fresh start in another buffer. */
  take(): Uint8Array {
    const taken = this.bytes.subarray(0, this.at);
    this.use(nothing);
    this.at = 0;
    return taken;
  }

  /** What was taken is not needed any more, and is written over. */
  reuse(taken: Uint8Array): void {
    this.spare = new Uint8Array(taken.buffer);
  }

  /** A fresh start that holds little memory. */
  clear(): void {
    this.use(nothing);
    this.at = 0;
    if (this.spare.length > keptBytes) this.spare = nothing;
    this.source = nothing;
    this.sourceView = noView;
  }

  /** Writes an ASCII string. False: it is not ASCII, and nothing counts as written. */
  private ascii(text: string): boolean {
    const { bytes, at } = this;
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (code > 127) return false;
      bytes[at + index] = code;
    }
    this.at = at + text.length;
    return true;
  }

  private grow(least: number): void {
    const { spare } = this;
    this.spare = nothing;
    const larger = spare.length >= least ? spare : new Uint8Array(Math.max(this.bytes.length * 2, this.usual, least));
    larger.set(this.bytes.subarray(0, this.at));
    this.usual = larger.length;
    this.use(larger);
  }

  private use(bytes: Uint8Array): void {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer);
  }
}

function sizeOfVarint(value: number): number {
  let size = 1;
  for (let rest = value; rest > 127; rest = Math.floor(rest / 128)) size++;
  return size;
}
