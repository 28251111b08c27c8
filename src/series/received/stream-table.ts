/**
 * Streams: who sends points, by metric and attribute bytes. Each is a number; what is known of it lies in a few words beside each other, because a batch
 * touches them all. Found by what followed last time, else by hash, and always compared byte by byte.
 */
import { type Arena, createArena } from '../../store/arena.ts';
import { grownFrom } from '../../store/growth.ts';
import { resized } from '../../store/resized.ts';
import { hashAttributes, sameAttributes } from './attribute-set.ts';
import { sameBytes, viewOf } from './same-bytes.ts';

/** Words of a stream. 0 is no stream. */
export const streamWord = {
  /** The metric's number; 0: the stream is free. */
  metric: 0,
  /** Its attribute bytes, in the order in which they came last. */
  keyAt: 1,
  keyLength: 2,
  hash: 3,
  /** The stream that followed it last time. */
  next: 4,
  /** The series that it writes to; 0: none yet. */
  series: 5,
  /** The next stream of its bucket, or of the free ones. */
  chain: 6,
} as const;
export const streamWords = 8;

const initialStreams = 64;
const roomStep = 4;

/** A class, because hot paths read its columns as plain fields. They are replaced on growth. */
export class StreamTable {
  words = new Int32Array(initialStreams * streamWords);
  /** When a point of it was last taken, by the clock of the table's owner. */
  seen = new Float64Array(initialStreams);
  /** In use. */
  size = 0;
  /** Above every stream's number. */
  used = 1;
  private keys = createArena({ weighs: true, grown: () => this.look() });
  private keyView = viewOf(this.keys.bytes);
  private buckets = new Int32Array(initialStreams);
  private free = 0;

  /** Whether that stream is this one: what followed last time is asked first. */
  is(stream: number, metric: number, view: DataView, at: number, length: number): boolean {
    const word = stream * streamWords;
    const { words } = this;
    return (
      words[word + streamWord.metric] === metric &&
      words[word + streamWord.keyLength] === length &&
      sameBytes(this.keyView, words[word + streamWord.keyAt] as number, view, at, length)
    );
  }

  /** 0: there is none. `hash` is that of `hashOf`. */
  find(hash: number, metric: number, view: DataView, at: number, length: number): number {
    const { words } = this;
    let stream = this.buckets[this.bucketOf(hash)] as number;
    for (; stream !== 0; stream = words[stream * streamWords + streamWord.chain] as number) {
      const word = stream * streamWords;
      if (words[word + streamWord.hash] !== hash) continue;
      if (this.is(stream, metric, view, at, length) || this.isReordered(stream, metric, view, at, length)) return stream;
    }
    return 0;
  }

  /** 0: there is no room for its bytes. */
  add(hash: number, metric: number, bytes: Uint8Array, at: number, length: number, now: number): number {
    const keyAt = this.keys.put(bytes, at, at + length);
    if (keyAt === -1) return 0;
    const stream = this.takeFree();
    const word = stream * streamWords;
    const { words } = this;
    words[word + streamWord.metric] = metric;
    words[word + streamWord.keyAt] = keyAt;
    words[word + streamWord.keyLength] = length;
    words[word + streamWord.hash] = hash;
    words[word + streamWord.next] = 0;
    words[word + streamWord.series] = 0;
    this.seen[stream] = now;
    this.size++;
    if (this.size > this.buckets.length) this.rehash();
    else this.link(stream);
    return stream;
  }

  remove(stream: number): void {
    const { words } = this;
    const word = stream * streamWords;
    this.unlink(stream);
    this.keys.free(words[word + streamWord.keyAt] as number, words[word + streamWord.keyLength] as number);
    words[word + streamWord.metric] = 0;
    words[word + streamWord.chain] = this.free;
    this.free = stream;
    this.size--;
    if (this.keys.isWasteful(this.size)) this.compact();
  }

  /** A copy of its attribute bytes. */
  key(stream: number): Uint8Array {
    const word = stream * streamWords;
    const at = this.words[word + streamWord.keyAt] as number;
    return this.keys.bytes.slice(at, at + (this.words[word + streamWord.keyLength] as number));
  }

  /** The order that it came in is remembered in place of the former: it takes as many bytes. */
  private isReordered(stream: number, metric: number, view: DataView, at: number, length: number): boolean {
    const word = stream * streamWords;
    const { words } = this;
    if (words[word + streamWord.metric] !== metric || words[word + streamWord.keyLength] !== length) return false;
    const keyAt = words[word + streamWord.keyAt] as number;
    if (!sameAttributes(this.keyView, keyAt, view, at, length)) return false;
    for (let index = 0; index < length; index++) this.keyView.setUint8(keyAt + index, view.getUint8(at + index));
    return true;
  }

  private takeFree(): number {
    const stream = this.free;
    if (stream !== 0) {
      this.free = this.words[stream * streamWords + streamWord.chain] as number;
      return stream;
    }
    if (this.used === this.seen.length) {
      const room = grownFrom(this.used, roomStep);
      this.words = resized(this.words, room * streamWords);
      this.seen = resized(this.seen, room);
    }
    return this.used++;
  }

  private bucketOf(hash: number): number {
    return hash & (this.buckets.length - 1);
  }

  private link(stream: number): void {
    const word = stream * streamWords;
    const bucket = this.bucketOf(this.words[word + streamWord.hash] as number);
    this.words[word + streamWord.chain] = this.buckets[bucket] as number;
    this.buckets[bucket] = stream;
  }

  private unlink(stream: number): void {
    const { words } = this;
    const chain = words[stream * streamWords + streamWord.chain] as number;
    const bucket = this.bucketOf(words[stream * streamWords + streamWord.hash] as number);
    let at = this.buckets[bucket] as number;
    if (at === stream) {
      this.buckets[bucket] = chain;
      return;
    }
    while (words[at * streamWords + streamWord.chain] !== stream) at = words[at * streamWords + streamWord.chain] as number;
    words[at * streamWords + streamWord.chain] = chain;
  }

  /** The arena's bytes were replaced. */
  private look(): void {
    this.keyView = viewOf(this.keys.bytes);
  }

  /** Without memory everything stays as it is. */
  private compact(): void {
    const arena = successorOf(this.keys);
    if (arena === undefined) return;
    const { words, keys } = this;
    for (let word = streamWords; word < this.used * streamWords; word += streamWords) {
      if (words[word + streamWord.metric] === 0) continue;
      const at = words[word + streamWord.keyAt] as number;
      words[word + streamWord.keyAt] = arena.put(keys.bytes, at, at + (words[word + streamWord.keyLength] as number));
    }
    this.keys = arena;
    this.look();
  }

  private rehash(): void {
    this.buckets = new Int32Array(this.buckets.length * 2);
    for (let stream = 1; stream < this.used; stream++) if (this.words[stream * streamWords + streamWord.metric] !== 0) this.link(stream);
  }
}

function successorOf(arena: Arena): Arena | undefined {
  try {
    return arena.successor();
  } catch {
    return undefined;
  }
}

/** The metric is mixed in: streams of two metrics with the same attributes are as many buckets apart as others. */
export function hashOf(metric: number, view: DataView, at: number, length: number): number {
  let hash = (hashAttributes(view, at, at + length) + Math.imul(metric, 0x9e3779b1)) | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return hash ^ (hash >>> 13);
}
