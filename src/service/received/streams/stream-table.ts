/**
 * Streams: who sends points, by metric and attribute bytes. Found by what followed last time, else by hash, and always compared
 * byte by byte.
 */

import { type Arena, createArena } from '../../../core/store/labels/arena.ts';
import { ownMemory } from '../../../core/store/labels/label-memory.ts';
import { hashOfOwner } from '../../../core/tables/keyed-hash.ts';
import { Records } from '../../../core/tables/records.ts';
import { resized } from '../../../core/tables/resized.ts';
import { sameBytes, viewOf } from '../../../formats/otlp/wire/same-bytes.ts';
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
const streamWords = 7;

/** A class, because hot paths read its columns as plain fields. */
export class StreamTable {
  readonly records = new Records({ size: streamWords, hash: streamWord.hash, chain: streamWord.chain });
  /** When a point of it was last accepted, by the clock of the table's owner. Replaced on growth. */
  seen = new Float64Array(this.records.room);
  /** Streams that there will be in all, about. */
  private expected = 0;
  private keys = createArena({
    grown: () => this.look(),
    memory: { ...ownMemory, larger: (length) => Math.max(ownMemory.larger(length), this.expectedBytes(length)) },
  });
  private keyView = viewOf(this.keys.bytes);

  /** Streams in use. */
  get size(): number {
    return this.records.linked;
  }

  /** Bytes of its buffers. */
  get bytes(): number {
    return this.records.bytes + this.seen.byteLength + this.keys.bytes.length;
  }

  word(stream: number, word: number): number {
    return this.records.words[stream * streamWords + word] as number;
  }

  setWord(stream: number, word: number, value: number): void {
    this.records.words[stream * streamWords + word] = value;
  }

  /** So many there will be in all, about: what is grown once is not copied many times. */
  reserve(count: number): void {
    this.records.reserve(count);
    if (this.records.room > this.seen.length) this.seen = resized(this.seen, this.records.room);
    this.expected = count;
  }

  /** What their keys take if the others have such keys, too, and at most twice as much as now. */
  private expectedBytes(length: number): number {
    const { size, expected } = this;
    return size === 0 ? 0 : Math.min(2 * length, Math.ceil((length * expected) / size));
  }

  /** Whether that stream is this one: what followed last time is checked first. */
  is(stream: number, metric: number, view: DataView, at: number, length: number): boolean {
    return (
      this.word(stream, streamWord.metric) === metric &&
      this.keyLength(stream) === length &&
      sameBytes(this.keyView, this.word(stream, streamWord.keyAt), view, at, length)
    );
  }

  /** 0: there is none. `hash` is that of `hashOf`. */
  find(hash: number, metric: number, view: DataView, at: number, length: number): number {
    for (let stream = this.records.first(hash); stream !== 0; stream = this.word(stream, streamWord.chain)) {
      if (this.word(stream, streamWord.hash) !== hash) continue;
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
    this.setWord(stream, streamWord.metric, metric);
    this.setWord(stream, streamWord.keyAt, keyAt);
    this.setWord(stream, streamWord.keyLength, length);
    this.seen[stream] = now;
    records.link(stream, hash);
    return stream;
  }

  remove(stream: number): void {
    this.records.unlink(stream);
    this.keys.free(this.word(stream, streamWord.keyAt), this.keyLength(stream));
    this.setWord(stream, streamWord.metric, 0);
    this.records.give(stream);
    if (this.keys.isWasteful(this.size)) this.compact();
  }

  keyLength(stream: number): number {
    return this.word(stream, streamWord.keyLength);
  }

  /** Its attribute bytes, until a stream is made or leaves. */
  key(stream: number): Uint8Array {
    const at = this.word(stream, streamWord.keyAt);
    return this.keys.bytes.subarray(at, at + this.keyLength(stream));
  }

  /** Where they are in `keyBytes`. */
  keyAt(stream: number): number {
    return this.word(stream, streamWord.keyAt);
  }

  /** The attribute bytes of all streams, until a stream is made or leaves. */
  get keyBytes(): Uint8Array {
    return this.keys.bytes;
  }

  /** The order in which it came replaces the former one: it takes as many bytes. */
  private isReordered(stream: number, metric: number, view: DataView, at: number, length: number): boolean {
    if (this.word(stream, streamWord.metric) !== metric || this.keyLength(stream) !== length) return false;
    const keyAt = this.word(stream, streamWord.keyAt);
    if (!sameAttributes(this.keyView, keyAt, view, at, length)) return false;
    this.keys.replace(keyAt, new Uint8Array(view.buffer, view.byteOffset + at, length));
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
    for (let stream = 1; stream < this.records.used; stream++) {
      if (this.word(stream, streamWord.metric) === 0) continue;
      const at = this.word(stream, streamWord.keyAt);
      this.setWord(stream, streamWord.keyAt, arena.put(this.keys.bytes, at, at + this.keyLength(stream)));
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
