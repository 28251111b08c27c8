/**
 * Numbered records of a few words each, found by a hash that is one of them. All lie in one array, because millions of objects
 * would cost more than what is in them, and a record's words lie beside each other, because they are read together. Record 0 is
 * none.
 */
import { grownFrom } from './growth.ts';
import { resized } from './resized.ts';

/** What a kind of record is like: its size, and the offsets of two words that belong to the table. */
export interface RecordShape {
  readonly size: number;
  readonly hash: number;
  /** The next record of the same bucket, or the next free one. */
  readonly chain: number;
}

const initialRecords = 64;
const roomStep = 4;

/** A class, because hot paths read `words` as a plain field. It is replaced on growth. */
export class Records {
  words: Int32Array<ArrayBuffer>;
  /** Above every record's number. */
  used = 1;
  /** Records that are linked, and so found. */
  linked = 0;
  private readonly shape: RecordShape;
  private buckets = new Int32Array(initialRecords);
  private free = 0;

  constructor(shape: RecordShape) {
    this.shape = shape;
    this.words = new Int32Array(initialRecords * shape.size);
  }

  /** Bytes of its buffers. */
  get bytes(): number {
    return this.words.byteLength + this.buckets.byteLength;
  }

  get room(): number {
    return this.words.length / this.shape.size;
  }

  /** A record whose words are 0, linked to nothing. */
  take(): number {
    const { shape, free } = this;
    if (free !== 0) {
      this.free = this.words[free * shape.size + shape.chain] as number;
      this.words.fill(0, free * shape.size, (free + 1) * shape.size);
      return free;
    }
    if (this.used === this.room) this.words = resized(this.words, grownFrom(this.used, roomStep) * shape.size);
    return this.used++;
  }

  /** So many there will be in all, about: what is grown once is not copied many times. */
  reserve(count: number): void {
    if (count < this.room) return;
    this.words = resized(this.words, Math.ceil((count + 1) / roomStep) * roomStep * this.shape.size);
    if (count > this.buckets.length) this.widen(2 ** Math.ceil(Math.log2(count)));
  }

  /** The record is free. It must not be linked. */
  give(record: number): void {
    this.words[record * this.shape.size + this.shape.chain] = this.free;
    this.free = record;
  }

  /** The first one to look at; each one's `chain` leads to the next. */
  first(hash: number): number {
    return this.buckets[hash & (this.buckets.length - 1)] as number;
  }

  link(record: number, hash: number): void {
    this.words[record * this.shape.size + this.shape.hash] = hash;
    this.linked++;
    if (this.linked > this.buckets.length) this.widen();
    this.put(record);
  }

  unlink(record: number): void {
    const { words, shape, buckets } = this;
    const chain = words[record * shape.size + shape.chain] as number;
    const bucket = (words[record * shape.size + shape.hash] as number) & (buckets.length - 1);
    this.linked--;
    let at = buckets[bucket] as number;
    if (at === record) {
      buckets[bucket] = chain;
      return;
    }
    while (words[at * shape.size + shape.chain] !== record) at = words[at * shape.size + shape.chain] as number;
    words[at * shape.size + shape.chain] = chain;
  }

  private put(record: number): void {
    const { words, shape, buckets } = this;
    const bucket = (words[record * shape.size + shape.hash] as number) & (buckets.length - 1);
    words[record * shape.size + shape.chain] = buckets[bucket] as number;
    buckets[bucket] = record;
  }

  private widen(to = 2 * this.buckets.length): void {
    const former = this.buckets;
    this.buckets = new Int32Array(to);
    for (const first of former) {
      for (let record = first; record !== 0; ) {
        const chain = this.words[record * this.shape.size + this.shape.chain] as number;
        this.put(record);
        record = chain;
      }
    }
  }
}
