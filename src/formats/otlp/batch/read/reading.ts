/** A request while it is read. A class, because every point goes through it; its fields are read by name there. */

import { isUtf8 } from 'node:buffer';
import { isAscii } from '../../wire/ascii.ts';
import { request } from '../../wire/messages.ts';
import { unknown } from '../../wire/varint.ts';
import type { BatchLimits } from '../batch-limits.ts';
import { mostElements, mostParts, tooManyElements, tooManyParts } from './elements.ts';

/**
 * Ints that an index may have: 64 MiB, enough for 1.4 million points of gauges. A point can be two bytes long, so without this
 * bound 20 MiB of request would ask for 800 MiB.
 */
const most = 2 ** 24;
/** Behind them: a record of each kind. */
const spare = 128;
/** A larger index than this is replaced between two slices, in pieces of this many ints: a copy of 32 MiB takes 10 to 50 ms. */
const piece = 2 ** 17;
/** What a slice of 32 KiB may need. */
const aSlice = 2 ** 19;

export class Reading {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly attributes: number;
  readonly valueBytes: number;
  readonly buckets: number;
  /** Strings up to this length need no closer look, if they are ASCII. */
  readonly short: number;
  index: Int32Array;
  /** Of the index in use. */
  length = 0;
  points = 0;
  rejected = 0;
  /** Of the first rejection. */
  why: string | undefined = undefined;
  /** What is being read is to be rejected. Its reader sets it back. */
  refused = false;
  /** Of the point, or whatever else is read in one go. */
  parts = 0;
  private elements = 0;
  /** The index to be, and how much of it is there. */
  private next: Int32Array | undefined = undefined;
  private copied = 0;

  /** @param index is written from its beginning; replaced when it is full */
  constructor(bytes: Uint8Array, limits: BatchLimits, index: Int32Array) {
    this.bytes = plain(bytes);
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.index = index;
    this.attributes = limits.attributes;
    this.valueBytes = limits.valueBytes;
    this.buckets = limits.buckets;
    this.short = Math.min(127, limits.valueBytes);
  }

  /** Counts a resource, a scope, a metric, or an entry within a value. */
  element(at: number): void {
    if (++this.elements > mostElements) throw tooManyElements(`${request.name} (byte ${at})`);
  }

  /** Counts an attribute, an exemplar and so on. */
  part(at: number): void {
    if (++this.parts > mostParts) this.tooManyParts(at);
  }

  tooManyParts(at: number): never {
    throw tooManyParts(`${request.name} (byte ${at})`);
  }

  /** `unknown`, counted. */
  skip(from: number, to: number, known: number): number {
    this.element(from);
    this.part(from);
    return unknown(this.bytes, from, to, known);
  }

  refuse(rule: string): void {
    this.refused = true;
    this.why ??= rule;
  }

  /** Reserves so many ints. Beyond what an index may have, what is being read is rejected; it can still be read to its end. */
  room(count: number): void {
    const needed = this.length + count;
    if (needed > most) this.refuse('the request has too many points: send fewer in one');
    if (needed <= this.index.length) return;
    const larger = new Int32Array(Math.min(most + spare, Math.max(needed, this.index.length * 2)));
    larger.set(this.index.subarray(0, this.length));
    this.index = larger;
  }

  /** Reserves space for a slice before it is read, a piece at a time. Whether there is enough. */
  roomForSlice(): boolean {
    const { index, length } = this;
    if (length < piece || index.length - length >= aSlice || index.length >= most) return true;
    this.next ??= new Int32Array(Math.min(most + spare, Math.max(2 * aSlice, index.length * 2)));
    const to = Math.min(length, this.copied + piece);
    this.next.set(index.subarray(this.copied, to), this.copied);
    this.copied = to;
    if (to < length) return false;
    this.index = this.next;
    this.next = undefined;
    this.copied = 0;
    return true;
  }

  /** Bytes of the index, and of the one to be. */
  get held(): number {
    return this.index.byteLength + (this.next?.byteLength ?? 0);
  }

  /** Whether something was rejected since the last call. */
  wasRefused(): boolean {
    const { refused } = this;
    this.refused = false;
    return refused;
  }

  /** A string that must be UTF-8 and not too long, or what it belongs to is rejected. */
  text(from: number, to: number, what: string): void {
    if (to - from > this.valueBytes)
      this.refuse(`${what} has ${to - from} bytes; at most ${this.valueBytes} (--max-value-bytes)`);
    else if (!isAscii(this.bytes, this.view, from, to) && !isUtf8(this.bytes.subarray(from, to)))
      this.refuse(`${what} is not valid UTF-8`);
  }
}

/** `slice` of a `Buffer` copies nothing; that of what is returned does. */
function plain(bytes: Uint8Array): Uint8Array {
  return Buffer.isBuffer(bytes) ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length) : bytes;
}
