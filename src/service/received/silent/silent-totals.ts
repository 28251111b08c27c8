/**
 * Totals of series that are not shown any more, as bytes: there may be many, and few of them are needed again. They lie one
 * behind the other in chunks, so that the oldest go first, a chunk at a time, and their memory with them.
 */
import { hashBytes } from '../../../core/tables/keyed-hash.ts';
import { Records } from '../../../core/tables/records.ts';
import { sameBytes, viewOf } from '../../../formats/otlp/wire/same-bytes.ts';

/** Offsets in an entry, which are the format of what `--keep` keeps, too: numbers of four bytes, little-endian. */
export const entryAt = {
  /** Bytes of the entry. */
  length: 0,
  /** 0: it is there; else the number of the last `states` that had begun when it left. Of no meaning where it is kept. */
  left: 4,
  keyLength: 8,
  /** The time of the last point. */
  high: 12,
  low: 16,
  /** When that one began. */
  startHigh: 20,
  startLow: 24,
  /** The print of its value. */
  print: 28,
  /** The key, and behind it the value. */
  key: 32,
} as const;

export interface SilentTotalsParts {
  /** Bytes that they take at most. */
  readonly mostBytes: number;
  /** Whether there is no memory for so many bytes more, on the heap and in buffers. */
  readonly full: (heap: number, buffers: number) => boolean;
  /** So many have left for want of memory. @param name of the metric of one of them */
  readonly forgot: (totals: number, name: () => string) => void;
}

interface Chunk {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** Bytes in use, and those of them whose entries are there. */
  used: number;
  live: number;
}

const recordWord = { hash: 0, chain: 1, chunk: 2, at: 3 } as const;
const recordWords = 4;
const shape = { size: recordWords, hash: recordWord.hash, chain: recordWord.chain };
/** Of a chunk: the first one is small, because most services have a few such totals or none. */
const leastBytes = 2_048;
const usualBytes = 65_536;
/** In which there are as many as there may be: the oldest part of them leaves, and not half. */
const leastChunks = 16;
const decoder = new TextDecoder();

export class SilentTotals {
  /** Totals that are there. */
  size = 0;
  private readonly parts: SilentTotalsParts;
  private records = new Records(shape);
  /** By number, the oldest first. */
  private chunks = new Map<number, Chunk>();
  private newest = 0;
  private chunkBytes = 0;
  private used = 0;
  private live = 0;
  private rounds = 0;

  constructor(parts: SilentTotalsParts) {
    this.parts = parts;
  }

  /** Bytes of its buffers. */
  get bytes(): number {
    return this.chunkBytes + (this.size === 0 ? 0 : this.records.bytes);
  }

  /** Copies an entry in; the one of its key that was there leaves. Without memory the oldest go, and at last this one. */
  put(entry: Uint8Array): void {
    const view = viewOf(entry);
    const keyLength = view.getUint32(entryAt.keyLength, true);
    this.take(view, entryAt.key, keyLength);
    const chunk = this.chunkFor(entry.length);
    if (chunk === undefined) this.parts.forgot(1, () => nameIn(entry));
    else this.append(chunk, entry);
  }

  /** The entry of a key, which leaves; until the next call. @param upTo it stays if its last point is newer */
  take(
    key: DataView,
    at: number,
    length: number,
    upTo?: { readonly high: number; readonly low: number },
  ): Uint8Array | undefined {
    if (this.size === 0) return undefined;
    const record = this.find(hashBytes(key, at, at + length), key, at, length);
    if (record === 0) return undefined;
    const number = this.word(record, recordWord.chunk);
    const chunk = this.chunks.get(number) as Chunk;
    const from = this.word(record, recordWord.at);
    const to = from + chunk.view.getUint32(from + entryAt.length, true);
    if (upTo !== undefined && isNewer(chunk.view, from, upTo)) return undefined;
    chunk.view.setUint32(from + entryAt.left, this.rounds + 1, true);
    chunk.live -= to - from;
    this.live -= to - from;
    this.unlink(record);
    if (chunk.live === 0) this.drop(number, chunk);
    else if (this.used - this.live > this.live + usualBytes) this.compact();
    return chunk.bytes.subarray(from, to);
  }

  /** The oldest leave. False: there are none. */
  dropOldest(): boolean {
    for (const [number, chunk] of this.chunks) {
      const before = this.size;
      for (const from of entriesOf(chunk, 0)) {
        const length = chunk.view.getUint32(from + entryAt.keyLength, true);
        const at = from + entryAt.key;
        this.unlink(this.find(hashBytes(chunk.view, at, at + length), chunk.view, at, length));
      }
      this.drop(number, chunk);
      this.parts.forgot(before - this.size, () => nameIn(chunk.bytes));
      return true;
    }
    return false;
  }

  /** All that are there when it begins, in pieces of some entries. Others may leave meanwhile. */
  *states(): Generator<Uint8Array> {
    const round = ++this.rounds;
    const all = [...this.chunks.values()].map((chunk) => ({ chunk, used: chunk.used }));
    for (const { chunk, used } of all) {
      const entries: Uint8Array[] = [];
      for (const from of entriesOf(chunk, round)) {
        if (from < used) entries.push(chunk.bytes.subarray(from, from + chunk.view.getUint32(from + entryAt.length, true)));
      }
      if (entries.length > 0) yield Buffer.concat(entries);
    }
  }

  /** What `states` of another process had. */
  restore(entries: Uint8Array): void {
    const view = viewOf(entries);
    for (let from = 0; from < entries.length; ) {
      const to = from + view.getUint32(from + entryAt.length, true);
      this.put(entries.subarray(from, to));
      from = to;
    }
  }

  private find(hash: number, key: DataView, at: number, length: number): number {
    for (let record = this.records.first(hash); record !== 0; record = this.word(record, recordWord.chain)) {
      if (this.word(record, recordWord.hash) !== hash) continue;
      const { view } = this.chunks.get(this.word(record, recordWord.chunk)) as Chunk;
      const from = this.word(record, recordWord.at);
      if (view.getUint32(from + entryAt.keyLength, true) === length && sameBytes(view, from + entryAt.key, key, at, length))
        return record;
    }
    return 0;
  }

  private word(record: number, word: number): number {
    return this.records.words[record * recordWords + word] as number;
  }

  private append(chunk: Chunk, entry: Uint8Array): void {
    const from = chunk.used;
    chunk.bytes.set(entry, from);
    chunk.view.setUint32(from + entryAt.left, 0, true);
    chunk.used += entry.length;
    chunk.live += entry.length;
    this.used += entry.length;
    this.live += entry.length;
    const key = from + entryAt.key;
    const record = this.records.take();
    this.records.words[record * recordWords + recordWord.chunk] = this.newest;
    this.records.words[record * recordWords + recordWord.at] = from;
    this.records.link(record, hashBytes(chunk.view, key, key + chunk.view.getUint32(from + entryAt.keyLength, true)));
    this.size++;
  }

  /** Undefined: there is no memory for it, also without all others. */
  private chunkFor(length: number): Chunk | undefined {
    const newest = this.chunks.get(this.newest);
    if (newest !== undefined && newest.bytes.length - newest.used >= length) return newest;
    const { mostBytes } = this.parts;
    const size = Math.max(
      length,
      Math.min(usualBytes, Math.floor(mostBytes / leastChunks), Math.max(leastBytes, this.chunkBytes)),
    );
    while (length <= mostBytes && this.bytes + size > mostBytes && this.dropOldest());
    if (this.bytes + size > mostBytes) return undefined;
    return this.parts.full(0, size) ? undefined : this.open(size);
  }

  private open(size: number): Chunk {
    const bytes = new Uint8Array(size);
    const chunk = { bytes, view: viewOf(bytes), used: 0, live: 0 };
    this.chunks.set(++this.newest, chunk);
    this.chunkBytes += size;
    return chunk;
  }

  private unlink(record: number): void {
    this.records.unlink(record);
    this.records.give(record);
    this.size--;
    if (this.size === 0) this.records = new Records(shape);
  }

  private drop(number: number, { bytes, used, live }: Chunk): void {
    this.chunks.delete(number);
    this.chunkBytes -= bytes.length;
    this.used -= used;
    this.live -= live;
  }

  /** What is there moves to new chunks, in its order. */
  private compact(): void {
    const former = [...this.chunks.values()];
    this.chunks = new Map();
    this.records = new Records(shape);
    this.size = 0;
    this.chunkBytes = 0;
    this.used = 0;
    this.live = 0;
    for (const chunk of former) {
      for (const from of entriesOf(chunk, 0)) {
        const entry = chunk.bytes.subarray(from, from + chunk.view.getUint32(from + entryAt.length, true));
        const newest = this.chunks.get(this.newest);
        const fits = newest !== undefined && newest.bytes.length - newest.used >= entry.length;
        this.append(fits ? newest : this.open(Math.max(entry.length, usualBytes)), entry);
      }
    }
  }
}

/** Of the first one: its key begins with it, and it ends with a NUL. */
function nameIn(entries: Uint8Array): string {
  return decoder.decode(entries.subarray(entryAt.key, entries.indexOf(0, entryAt.key)));
}

/** Where entries are that have not left. @param round those that left since this round of `states` began count, too; 0: none */
function* entriesOf({ view, used }: Chunk, round: number): Generator<number> {
  for (let from = 0; from < used; from += view.getUint32(from + entryAt.length, true)) {
    const left = view.getUint32(from + entryAt.left, true);
    if (left === 0 || (round > 0 && left > round)) yield from;
  }
}

function isNewer(view: DataView, from: number, { high, low }: { readonly high: number; readonly low: number }): boolean {
  const own = view.getUint32(from + entryAt.high, true);
  return own === high >>> 0 ? view.getUint32(from + entryAt.low, true) > low >>> 0 : own > high >>> 0;
}
