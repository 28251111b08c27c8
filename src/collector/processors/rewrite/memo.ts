/**
 * What a pure function makes of bytes, remembered. Senders repeat themselves, so each entry remembers its successor: what comes in the same order as before is found
 * by comparing bytes, without a hash.
 */
import { hashBytes } from '../../../received/keyed-hash.ts';
import { sameBytes, viewOf } from '../../../received/same-bytes.ts';

/** An entry: places in `Memo.bytes`, of a key and of what was made of it, behind the key. In numbers, because there is one for each point of a batch. */
const entryAt = {
  key: 0,
  from: 1,
  to: 2,
  kind: 3,
  /** What was asked for next, the last time; 0: nothing yet. */
  next: 4,
  /** Another one with the same hash; 0: none. */
  other: 5,
  size: 6,
} as const;

export interface MemoLimits {
  readonly entries: number;
  /** Of keys and results. */
  readonly bytes: number;
}

const defaultLimits: MemoLimits = Object.freeze({ entries: 2 ** 18, bytes: 64 * 2 ** 20 });
const initialBytes = 2 ** 12;
/** Nothing stands at 0, which means "absent" in a batch's index. */
const first = 1;

/** A class, because it is asked once a point. */
export class Memo {
  /** Other bytes after each call that is not answered from memory. */
  bytes = new Uint8Array(initialBytes);
  view = viewOf(this.bytes);
  /** Where in `bytes` stands what was found last. */
  from = 0;
  to = 0;
  /** How often all was forgotten: what was found before is not there any more. */
  forgotten = 0;
  private used = first;
  /** Entries; the one at 0 stands for the beginning. */
  private words = new Int32Array(entryAt.size * 2 ** 6);
  private readonly entries = new Map<number, number>();
  private count = 0;
  private last = 0;
  private readonly make: (key: Uint8Array, kind: number) => Uint8Array;
  private readonly limits: MemoLimits;

  /** @param limits beyond them all is forgotten, and made anew as it is asked for */
  constructor(make: (key: Uint8Array, kind: number) => Uint8Array, limits: MemoLimits = defaultLimits) {
    this.make = make;
    this.limits = limits;
  }

  /** Finds what is made of the bytes from `from` to `to`, which may differ by `kind`. */
  find(view: DataView, from: number, to: number, kind = 0): void {
    const expected = this.words[this.last + entryAt.next] as number;
    const entry = expected !== 0 && this.is(expected, view, from, to, kind) ? expected : this.search(view, from, to, kind);
    this.last = entry;
    this.from = this.words[entry + entryAt.from] as number;
    this.to = this.words[entry + entryAt.to] as number;
  }

  /** The first byte of what is made of them. */
  flag(view: DataView, from: number, to: number): boolean {
    this.find(view, from, to);
    return this.bytes[this.from] === 1;
  }

  private is(entry: number, view: DataView, from: number, to: number, kind: number): boolean {
    const { words } = this;
    const key = words[entry + entryAt.key] as number;
    return (
      (words[entry + entryAt.from] as number) - key === to - from &&
      words[entry + entryAt.kind] === kind &&
      sameBytes(this.view, key, view, from, to - from)
    );
  }

  private search(view: DataView, from: number, to: number, kind: number): number {
    const hash = hashBytes(view, from, to);
    let found = this.entries.get(hash) ?? 0;
    while (found !== 0 && !this.is(found, view, from, to, kind)) found = this.words[found + entryAt.other] as number;
    if (found === 0) found = this.add(hash, view, from, to, kind);
    this.words[this.last + entryAt.next] = found;
    return found;
  }

  private add(hash: number, source: DataView, start: number, end: number, kind: number): number {
    const key = new Uint8Array(source.buffer, source.byteOffset + start, end - start);
    const value = this.make(key, kind);
    const size = key.length + value.length;
    if (this.count === this.limits.entries || this.used + size > this.limits.bytes) this.forget();
    this.room(size);
    const at = this.used;
    this.bytes.set(key, at);
    this.bytes.set(value, at + key.length);
    this.used += size;
    const entry = this.nextEntry();
    this.words.set([at, at + key.length, this.used, kind, 0, this.entries.get(hash) ?? 0], entry);
    this.entries.set(hash, entry);
    this.count++;
    return entry;
  }

  private nextEntry(): number {
    const entry = (this.count + 1) * entryAt.size;
    if (entry === this.words.length) {
      const larger = new Int32Array(entry * 2);
      larger.set(this.words);
      this.words = larger;
    }
    return entry;
  }

  private forget(): void {
    this.entries.clear();
    this.count = 0;
    this.used = first;
    this.forgotten++;
    this.last = 0;
    this.words[entryAt.next] = 0;
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
