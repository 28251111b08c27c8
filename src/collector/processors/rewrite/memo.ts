/**
 * What a pure function makes of bytes, remembered. Senders repeat themselves, so each entry remembers its successor: what comes in the same order as before is found
 * by comparing bytes, without a hash.
 */
import { hashBytes } from '../../../series/received/keyed-hash.ts';
import { sameBytes, viewOf } from '../../../series/received/same-bytes.ts';

/** Places in `Memo.bytes`: a key, and behind it what was made of it. */
export interface Entry {
  readonly at: number;
  readonly from: number;
  readonly to: number;
  /** What was asked for next, the last time. */
  next: Entry | undefined;
  /** Another one with the same hash. */
  readonly other: Entry | undefined;
}

export interface MemoLimits {
  readonly entries: number;
  /** Of keys and results. */
  readonly bytes: number;
}

const defaultLimits: MemoLimits = Object.freeze({ entries: 2 ** 18, bytes: 64 * 2 ** 20 });
const initialBytes = 2 ** 12;
const before: Entry = Object.freeze({ at: 0, from: 0, to: 0, next: undefined, other: undefined });

/** A class, because it is asked once a point. */
export class Memo {
  /** Other bytes after each call that is not answered from memory. */
  bytes = new Uint8Array(initialBytes);
  view = viewOf(this.bytes);
  private used = 0;
  private readonly entries = new Map<number, Entry>();
  private count = 0;
  private last: Entry = { ...before };
  private readonly make: (key: Uint8Array) => Uint8Array;
  private readonly limits: MemoLimits;

  /** @param limits beyond them all is forgotten, and made anew as it is asked for */
  constructor(make: (key: Uint8Array) => Uint8Array, limits: MemoLimits = defaultLimits) {
    this.make = make;
    this.limits = limits;
  }

  /** What is made of the bytes from `from` to `to`: valid until the next call. */
  find(view: DataView, from: number, to: number): Entry {
    const expected = this.last.next;
    if (expected !== undefined && this.is(expected, view, from, to)) {
      this.last = expected;
      return expected;
    }
    const hash = hashBytes(view, from, to);
    let found = this.entries.get(hash);
    while (found !== undefined && !this.is(found, view, from, to)) found = found.other;
    found ??= this.add(hash, view, from, to);
    this.last.next = found;
    this.last = found;
    return found;
  }

  /** The first byte of what is made of them. */
  flag(view: DataView, from: number, to: number): boolean {
    return this.bytes[this.find(view, from, to).from] === 1;
  }

  private is({ at, from }: Entry, view: DataView, start: number, end: number): boolean {
    return from - at === end - start && sameBytes(this.view, at, view, start, end - start);
  }

  private add(hash: number, source: DataView, start: number, end: number): Entry {
    const key = new Uint8Array(source.buffer, source.byteOffset + start, end - start);
    const value = this.make(key);
    const size = key.length + value.length;
    if (this.count === this.limits.entries || this.used + size > this.limits.bytes) this.forget();
    this.room(size);
    const at = this.used;
    this.bytes.set(key, at);
    this.bytes.set(value, at + key.length);
    this.used += size;
    this.count++;
    const entry: Entry = { at, from: at + key.length, to: this.used, next: undefined, other: this.entries.get(hash) };
    this.entries.set(hash, entry);
    return entry;
  }

  private forget(): void {
    this.entries.clear();
    this.count = 0;
    this.used = 0;
    this.last = { ...before };
  }

  private room(size: number): void {
    const needed = this.used + size;
    if (needed <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(needed, this.bytes.length * 2));
    larger.set(this.bytes.subarray(0, this.used));
    this.bytes = larger;
    this.view = viewOf(larger);
  }
}
