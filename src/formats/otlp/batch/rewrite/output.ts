/** Bytes and an index that grow together, with parts of another batch copied in. */

import { ByteSink } from '../../wire/byte-sink.ts';
import type { Batch } from '../batch.ts';

/** A message that is open: where its content begins, and its record. */
export interface Open {
  readonly content: number;
  readonly record: number;
}

/**
 * Lengths that are not known when a message begins have this many bytes: protobuf allows a varint to be longer than it needs to
 * be.
 */
export const lengthBytes = 4;
const longest = 2 ** 28;
/** What is kept from batch to batch: memory for the bytes of most batches, and ints. */
const keptBytes = 2 ** 22;
const keptInts = 2 ** 20;
/** From here on `set` is faster than a loop. */
const bulk = 256;

/** A class, because every point goes through it. */
export class Output {
  readonly sink = new ByteSink();
  index = new Int32Array(2 ** 12);
  /** Of the index in use. */
  length = 0;
  /** What parts are copied from. */
  source!: Batch;

  clear(): void {
    if (this.sink.bytes.length > keptBytes) this.sink.clear();
    if (this.index.length > keptInts) this.index = new Int32Array(2 ** 12);
    this.sink.at = 0;
    this.length = 0;
  }

  /** A record whose offsets move: up to `cut` by one distance, beyond it by another. */
  record(at: number, size: number, offsets: Uint8Array, cut: number, head: number, tail: number): void {
    this.room(size);
    const { index, length } = this;
    const { index: from } = this.source;
    for (let column = 0; column < size; column++) {
      const value = from[at + column] as number;
      index[length + column] = value === 0 || offsets[column] === 0 ? value : value + (value <= cut ? head : tail);
    }
    this.length = length + size;
  }

  /** A message whose record follows, and whose length is not known yet. */
  open(tag: number, size: number): Open {
    const { sink } = this;
    this.room(size);
    const record = this.length;
    this.index.fill(0, record, record + size);
    this.length += size;
    sink.reserve(1 + lengthBytes);
    sink.byte(tag);
    sink.at += lengthBytes;
    return { content: sink.at, record };
  }

  close(content: number): void {
    const { bytes, at } = this.sink;
    const length = at - content;
    if (length >= longest) throw new RangeError(`a message of ${length} bytes is too long`);
    bytes[content - 4] = (length & 127) | 128;
    bytes[content - 3] = ((length >> 7) & 127) | 128;
    bytes[content - 2] = ((length >> 14) & 127) | 128;
    bytes[content - 1] = length >> 21;
  }

  /** A string whose range begins in a column of the batch's index. */
  field(tag: number, column: number, record: number): void {
    const { index } = this.source;
    const [from, to] = [index[column] as number, index[column + 1] as number];
    if (from === to) return;
    this.sink.reserve(to - from + 6);
    this.sink.byte(tag);
    this.sink.varint(to - from);
    this.range(from, to, record);
  }

  /** Bytes of the source, whose offset goes into the record. */
  range(from: number, to: number, record: number): void {
    if (from === to) return;
    this.index[record] = this.sink.at;
    this.copy(from, to);
    this.index[record + 1] = this.sink.at;
  }

  /** Bytes of the source. */
  copy(from: number, to: number): void {
    const { sink } = this;
    sink.reserve(to - from);
    if (to - from < bulk) sink.copyFrom(this.source.view, from, to);
    else {
      sink.bytes.set(this.source.bytes.subarray(from, to), sink.at);
      sink.at += to - from;
    }
  }

  private room(size: number): void {
    if (this.length + size <= this.index.length) return;
    const larger = new Int32Array(Math.max(this.index.length * 2, this.length + size));
    larger.set(this.index.subarray(0, this.length));
    this.index = larger;
  }
}
