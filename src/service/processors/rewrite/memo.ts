/**
 * What a pure function makes of bytes, remembered. Senders repeat themselves, so each entry remembers its successor: what comes
 * in the same order as before is found by comparing bytes, without a hash.
 */

import { hashBytes } from '../../../core/tables/keyed-hash.ts';
import { Records } from '../../../core/tables/records.ts';
import { sameBytes, viewOf } from '../../../formats/otlp/wire/same-bytes.ts';

/**
 * Words of an entry: offsets in `Memo.bytes`, of a key and of what was made of it, after the key. In numbers, because there is
 * one for each point of a batch.
 */
const entryWord = {
  key: 0,
  from: 1,
  to: 2,
  kind: 3,
  /** What was looked up next, the last time; 0: nothing yet. */
  next: 4,
  hash: 5,
  chain: 6,
} as const;
const entryWords = 7;

export interface MemoLimits {
  readonly entries: number;
  /** Of keys and results. */
  readonly bytes: number;
}

const defaultLimits: MemoLimits = Object.freeze({ entries: 2 ** 18, bytes: 64 * 2 ** 20 });
const initialBytes = 2 ** 12;
/** Nothing is at 0, which means "absent" in a batch's index. */
const first = 1;

/** What memos report to the memory that they share. */
export interface SharedRoom {
  count(memo: Memo, bytes: number): void;
  make(bytes: number): void;
}

/** A class, because it is called once a point. */
export class Memo {
  /** Other bytes after each call that is not served from the cache. */
  bytes = new Uint8Array(initialBytes);
  view = viewOf(this.bytes);
  /** The offset in `bytes` of what was found last. */
  from = 0;
  to = 0;
  private used = first;
  /** Entries; 0 is the beginning. */
  private records = newRecords();
  /** Those of `records`. */
  private words = this.records.words;
  private last = 0;
  private readonly make: (key: Uint8Array, kind: number) => Uint8Array;
  private readonly shared: SharedRoom;
  private readonly limits: MemoLimits;
  /** Bytes of its buffers. */
  held = 0;

  /**
   * @param shared what it has in common with others, which may empty it
   * @param limits beyond them it is emptied, and filled again as entries are looked up
   */
  constructor(make: (key: Uint8Array, kind: number) => Uint8Array, shared: SharedRoom, limits: MemoLimits = defaultLimits) {
    this.make = make;
    this.shared = shared;
    this.limits = limits;
    this.count();
  }

  get isEmpty(): boolean {
    return this.used === first;
  }

  /** Finds what is made of the bytes from `from` to `to`, which may differ by `kind`. */
  find(view: DataView, from: number, to: number, kind = 0): void {
    const expected = this.words[this.last * entryWords + entryWord.next] as number;
    const entry = expected !== 0 && this.is(expected, view, from, to, kind) ? expected : this.search(view, from, to, kind);
    this.last = entry;
    this.from = this.words[entry * entryWords + entryWord.from] as number;
    this.to = this.words[entry * entryWords + entryWord.to] as number;
  }

  /** The first byte of what is made of them. */
  flag(view: DataView, from: number, to: number): boolean {
    this.find(view, from, to);
    return this.bytes[this.from] === 1;
  }

  private is(entry: number, view: DataView, from: number, to: number, kind: number): boolean {
    const { words } = this;
    const word = entry * entryWords;
    const key = words[word + entryWord.key] as number;
    return (
      (words[word + entryWord.from] as number) - key === to - from &&
      words[word + entryWord.kind] === kind &&
      sameBytes(this.view, key, view, from, to - from)
    );
  }

  private search(view: DataView, from: number, to: number, kind: number): number {
    const hash = hashBytes(view, from, to);
    let found = this.records.first(hash);
    while (found !== 0 && !this.is(found, view, from, to, kind))
      found = this.words[found * entryWords + entryWord.chain] as number;
    if (found === 0) found = this.add(hash, view, from, to, kind);
    this.words[this.last * entryWords + entryWord.next] = found;
    return found;
  }

  private add(hash: number, source: DataView, start: number, end: number, kind: number): number {
    const key = new Uint8Array(source.buffer, source.byteOffset + start, end - start);
    const value = this.make(key, kind);
    const size = key.length + value.length;
    if (this.records.linked === this.limits.entries || this.used + size > this.limits.bytes) this.forget();
    this.room(size);
    const at = this.used;
    this.bytes.set(key, at);
    this.bytes.set(value, at + key.length);
    this.used += size;
    const entry = this.records.take();
    if (this.words !== this.records.words) {
      this.words = this.records.words;
      this.count();
    }
    this.words.set([at, at + key.length, this.used, kind], entry * entryWords);
    this.records.link(entry, hash);
    return entry;
  }

  /** Where what was found last is, it is no more. */
  forget(): void {
    this.records = newRecords();
    this.words = this.records.words;
    this.used = first;
    this.last = 0;
    this.replace(new Uint8Array(initialBytes));
  }

  private room(size: number): void {
    if (this.used + size <= this.bytes.length) return;
    // Maybe it is this one that forgets.
    this.shared.make(size + this.bytes.length);
    const larger = new Uint8Array(Math.max(this.used + size, this.bytes.length * 2));
    larger.set(this.bytes.subarray(0, this.used));
    this.replace(larger);
  }

  private replace(bytes: Uint8Array<ArrayBuffer>): void {
    this.bytes = bytes;
    this.view = viewOf(bytes);
    this.count();
  }

  private count(): void {
    const held = this.bytes.length + this.records.bytes;
    this.shared.count(this, held - this.held);
    this.held = held;
  }
}

function newRecords(): Records {
  return new Records({ size: entryWords, hash: entryWord.hash, chain: entryWord.chain });
}
