/** The bytes of a segment's file, through a window: a file of any size, and of anything, takes no more memory. */
import type { FileHandle } from 'node:fs/promises';

export interface SegmentBytes {
  /** Of the file; less where it was cut off meanwhile. */
  readonly size: number;
  /** Whether so many bytes, or all up to the end, are in the window. */
  has(from: number, length: number): boolean;
  /** Moves the window to begin there. */
  load(from: number): Promise<void>;
  /** What of it is in the window, up to there. */
  upTo(from: number, to?: number): Buffer;
  /** So many bytes from the start, without the window. */
  first(length: number): Promise<Buffer>;
  close(): Promise<void>;
}

/** Most segments are read in some ten windows. */
const windowBytes = 2 ** 20;

export async function openBytes(handle: FileHandle): Promise<SegmentBytes> {
  let { size } = await handle.stat();
  const buffer = Buffer.allocUnsafeSlow(Math.min(size, windowBytes));
  let bytes: Buffer = buffer.subarray(0, 0);
  let start = 0;

  async function fill(into: Buffer, from: number): Promise<Buffer> {
    for (let length = 0; ; ) {
      const { bytesRead } =
        length === into.length ? { bytesRead: 0 } : await handle.read(into, length, into.length - length, from + length);
      length += bytesRead;
      if (bytesRead > 0) continue;
      if (length < into.length) size = Math.min(size, from + length);
      return into.subarray(0, length);
    }
  }

  return Object.freeze({
    get size() {
      return size;
    },
    has: (from: number, length: number) => from >= start && Math.min(from + length, size) <= start + bytes.length,
    async load(from: number) {
      start = from;
      bytes = await fill(buffer.subarray(0, Math.max(0, Math.min(buffer.length, size - from))), from);
    },
    upTo: (from: number, to = size) => bytes.subarray(from - start, to - start),
    first: (length: number) => fill(Buffer.allocUnsafeSlow(Math.min(length, size)), 0),
    close: () => handle.close(),
  });
}
