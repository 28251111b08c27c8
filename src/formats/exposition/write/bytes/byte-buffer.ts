/** Bytes that grow. A class, because the hot loop reads its fields. */
import { free, headroom } from './spare-bytes.ts';

/** `copyBytes` writes whole words of eight bytes, so both sides keep this many bytes more than they need. */
export const slack = 8;
/** A chunk, and what is copied at a time: it takes well under a millisecond. */
const chunkBytes = 1_048_576;
/**
 * From so many bytes on chunks are as large as glibc gives back to the operating system whatever came before. What is not written
 * of one takes no memory.
 */
const manyBytes = 8 * chunkBytes;
const largeChunkBytes = 33 * chunkBytes;

const encoder = new TextEncoder();

export class ByteBuffer {
  bytes: Uint8Array<ArrayBuffer>;
  view: DataView;
  length = 0;
  /** What came before `bytes`, in chunks; undefined: the buffer is one piece and grows by copying. */
  readonly full: Uint8Array<ArrayBuffer>[] | undefined;
  private fullBytes = 0;
  /** What it is to hold at most, for `fits`. */
  private readonly mostBytes: number;

  /** `initial`: how many bytes to begin with, or memory to use. */
  constructor(
    initial: number | Uint8Array<ArrayBuffer>,
    form: 'whole' | 'chunks' = 'whole',
    mostBytes = Number.POSITIVE_INFINITY,
  ) {
    this.mostBytes = mostBytes;
    this.bytes = typeof initial === 'number' ? new Uint8Array(initial + slack) : initial;
    this.view = new DataView(this.bytes.buffer);
    this.full = form === 'chunks' ? [] : undefined;
  }

  /** All bytes, those of the chunks included. */
  get total(): number {
    return this.fullBytes + this.length;
  }

  /** Whether so many bytes more are not too many. */
  fits(count: number): boolean {
    return this.fullBytes + this.length + count <= this.mostBytes;
  }

  /** Reserves `count` bytes after `length`. */
  reserve(count: number): void {
    const needed = this.length + count + slack;
    if (needed <= this.bytes.length) return;
    if (this.full === undefined) {
      this.resize(Math.max(needed, Math.ceil(this.bytes.length * 1.5)));
      return;
    }
    this.full.push(this.bytes.subarray(0, this.length));
    this.fullBytes += this.length;
    this.length = 0;
    const usual = this.fullBytes < manyBytes ? Math.min(this.fullBytes, chunkBytes) : largeChunkBytes;
    this.use(new Uint8Array(Math.max(count + slack, usual)));
  }

  /** Frees the capacity that is not used. */
  trim(): void {
    this.resize(this.length + slack);
  }

  append(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  appendText(text: string): void {
    this.reserve(text.length * 3);
    this.length += encoder.encodeInto(text, this.bytes.subarray(this.length)).written;
  }

  /** The capacity is reserved. */
  appendExactly(text: string): void {
    this.length += encoder.encodeInto(text, this.bytes.subarray(this.length)).written;
  }

  private resize(bytes: number): void {
    const resized = new Uint8Array(bytes);
    resized.set(this.bytes.subarray(0, this.length));
    this.use(resized);
  }

  private use(bytes: Uint8Array<ArrayBuffer>): void {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer);
  }
}

/** The content of a buffer as one piece, where it is one already. */
export function pieceOf({ full, bytes, length }: ByteBuffer): Uint8Array<ArrayBuffer> | undefined {
  return full === undefined || full.length === 0 ? bytes.subarray(0, length) : undefined;
}

/**
 * The content of a buffer in chunks as one piece, and its chunks are returned, the last first. Pauses now and then, so that the
 * caller can yield.
 */
export function* wholeOf(buffer: ByteBuffer): Generator<undefined, Uint8Array<ArrayBuffer>> {
  const chunks = [...(buffer.full ?? []), buffer.bytes.subarray(0, buffer.length)];
  const whole = new Uint8Array(Math.ceil(buffer.total * headroom));
  let at = buffer.total;
  for (const chunk of chunks.reverse()) {
    at -= chunk.length;
    for (let from = 0; from < chunk.length; from += chunkBytes) {
      whole.set(chunk.subarray(from, from + chunkBytes), at + from);
      yield;
    }
    free(chunk);
  }
  return whole.subarray(0, buffer.total);
}

/**
 * A buffer in chunks with the same content in this memory, as far as that has room, and its chunks are returned but the first.
 */
export function gathered(buffer: ByteBuffer, memory: Uint8Array<ArrayBuffer>, mostBytes: number): ByteBuffer {
  const { full = [], bytes, length } = buffer;
  const whole = new ByteBuffer(memory, 'chunks', mostBytes);
  for (const chunk of [...full, bytes.subarray(0, length)]) whole.append(chunk);
  dropChunks(buffer);
  return whole;
}

/** Gives what a buffer in chunks holds back to the operating system, but for the memory that it began with. */
export function dropChunks({ full, bytes }: ByteBuffer): void {
  const [first, ...others] = [...(full ?? []), bytes];
  for (const chunk of others) if (chunk.buffer !== first?.buffer) free(chunk);
}

/** Bytes of a buffer, counted over all its chunks. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** Parts of a buffer as one piece, in the order given, and its chunks are returned. Pauses like `wholeOf`. */
export function* partsOf(buffer: ByteBuffer, ranges: readonly Range[]): Generator<undefined, Uint8Array<ArrayBuffer>> {
  const chunks = [...(buffer.full ?? []), buffer.bytes.subarray(0, buffer.length)];
  const parts = new Uint8Array(Math.ceil(ranges.reduce((sum, { from, to }) => sum + to - from, 0) * headroom) + slack);
  let at = 0;
  for (const range of ranges) {
    let start = 0;
    for (const chunk of chunks) {
      const part = chunk.subarray(Math.max(0, range.from - start), Math.max(0, range.to - start));
      parts.set(part, at);
      at += part.length;
      start += chunk.length;
      if (part.length > 0) yield;
    }
  }
  for (const chunk of chunks) free(chunk);
  return parts.subarray(0, at);
}

/**
 * Copies a piece of a line and returns where it ends. Word by word: up to some 60 bytes that beats both a byte loop and
 * `TypedArray.set`, which wants a subarray, an object, for each. Optimized code makes no BigInt of a word.
 */
export function copyBytes(from: DataView, at: number, end: number, to: DataView, target: number): number {
  let slot = target;
  for (let index = at; index < end; index += 8, slot += 8) to.setBigInt64(slot, from.getBigInt64(index, true), true);
  return target + (end - at);
}
