/**
 * Streams: who sends points, by metric and attribute bytes. Found by what followed last time, else by hash, and always compared byte by byte.
 */

import { sameBytes, viewOf } from '../../otlp/wire/same-bytes.ts';
import { type Arena, createArena } from '../../store/labels/arena.ts';
import { hashOfOwner } from '../../tables/keyed-hash.ts';
import { Records } from '../../tables/records.ts';
import { resized } from '../../tables/resized.ts';
import { hashAttributes, sameAttributes } from './attribute-set.ts';

/** Words of a stream. */
export const streamWord = {
  /** The metric's number; 0: the stream is free. */
  metric: 0,
  /** Its attribute bytes, in the order in which they came last. */
  keyAt: 1,
  keyLength: 2,
  hash: 3,
  chain: 4,
  /** The stream that followed it last time. */
  next: 5,
  /** The series that it writes to; 0: none yet. */
  series: 6,
} as const;
export const streamWords = 7;

/** A class, because hot paths read its columns as plain fields. */
export class StreamTable {
  readonly records = new Records({ size: streamWords, hash: streamWord.hash, chain: streamWord.chain });
  /** When a point of it was last accepted, by the clock of the table's owner. Replaced on growth. */
  seen = new Float64Array(this.records.room);
  private keys = createArena({ grown: () => this.look() });
  private keyView = viewOf(this.keys.bytes);

  /** Streams in use. */
  get size(): number {
    return this.records.linked;
  }

  /** Bytes of its buffers. */
  get bytes(): number {
    return this.records.bytes + this.seen.byteLength + this.keys.bytes.length;
  }

  /** Whether that stream is this one: what followed last time is checked first. */
  is(stream: number, metric: number, view: DataView, at: number, length: number): boolean {
    const { words } = this.records;
    const word = stream * streamWords;
    return (
      words[word + streamWord.metric] === metric &&
      words[word + streamWord.keyLength] === length &&
      sameBytes(this.keyView, words[word + streamWord.keyAt] as number, view, at, length)
    );
  }

  /** 0: there is none. `hash` is that of `hashOf`. */
  find(hash: number, metric: number, view: DataView, at: number, length: number): number {
    const { words } = this.records;
    for (let stream = this.records.first(hash); stream !== 0; stream = words[stream * streamWords + streamWord.chain] as number) {
      if (words[stream * streamWords + streamWord.hash] !== hash) continue;
      if (this.is(stream, metric, view, at, length) || this.isReordered(stream, metric, view, at, length)) return stream;
    }
    return 0;
  }

  /** 0: there is no memory for its bytes. */
  add(hash: number, metric: number, bytes: Uint8Array, at: number, length: number, now: number): number {
    const keyAt = this.keys.put(bytes, at, at + length);
    if (keyAt === -1) return 0;
    const { records } = this;
    const stream = records.take();
    if (records.room > this.seen.length) this.seen = resized(this.seen, records.room);
    const word = stream * streamWords;
    records.words[word + streamWord.metric] = metric;
    records.words[word + streamWord.keyAt] = keyAt;
    records.words[word + streamWord.keyLength] = length;
    this.seen[stream] = now;
    records.link(stream, hash);
    return stream;
  }

  remove(stream: number): void {
    const { words } = this.records;
    const word = stream * streamWords;
    this.records.unlink(stream);
    this.keys.free(words[word + streamWord.keyAt] as number, words[word + streamWord.keyLength] as number);
    words[word + streamWord.metric] = 0;
    this.records.give(stream);
    if (this.keys.isWasteful(this.size)) this.compact();
  }

  keyLength(stream: number): number {
    return this.records.words[stream * streamWords + streamWord.keyLength] as number;
  }

  /** Its attribute bytes, until a stream is made or leaves. */
  key(stream: number): Uint8Array {
    const { words } = this.records;
    const at = words[stream * streamWords + streamWord.keyAt] as number;
    return this.keys.bytes.subarray(at, at + (words[stream * streamWords + streamWord.keyLength] as number));
  }

  /** The order in which it came replaces the former one: it takes as many bytes. */
  private isReordered(stream: number, metric: number, view: DataView, at: number, length: number): boolean {
    const { words } = this.records;
    const word = stream * streamWords;
    if (words[word + streamWord.metric] !== metric || words[word + streamWord.keyLength] !== length) return false;
    const keyAt = words[word + streamWord.keyAt] as number;
    if (!sameAttributes(this.keyView, keyAt, view, at, length)) return false;
    for (let index = 0; index < length; index++) this.keyView.setUint8(keyAt + index, view.getUint8(at + index));
    return true;
  }

  /** The arena's bytes were replaced. */
  private look(): void {
    this.keyView = viewOf(this.keys.bytes);
  }

  /** Without memory everything stays as it is. */
  private compact(): void {
    const arena = successorOf(this.keys);
    if (arena === undefined) return;
    const { words, used } = this.records;
    for (let word = streamWords; word < used * streamWords; word += streamWords) {
      if (words[word + streamWord.metric] === 0) continue;
      const at = words[word + streamWord.keyAt] as number;
      words[word + streamWord.keyAt] = arena.put(this.keys.bytes, at, at + (words[word + streamWord.keyLength] as number));
    }
    this.keys.end();
    this.keys = arena;
    this.look();
  }
}

/** Undefined: there is no memory for it. */
export function successorOf(arena: Arena): Arena | undefined {
  try {
    return arena.successor();
  } catch {
    return undefined;
  }
}

export function hashOf(metric: number, view: DataView, at: number, length: number): number {
  return hashOfOwner(hashAttributes(view, at, at + length), metric);
}
