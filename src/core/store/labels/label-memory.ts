/**
 * Memory for the bytes of arenas. V8 counts what only one thread has, and frees it at once on request. It does neither with
 * shared memory, so that replaced buffers would pile up: these are reused, once no reader can look at them any more.
 */
import { grownFrom } from '../../tables/growth.ts';

export interface LabelMemory {
  /** What is in it is of no meaning. @throws RangeError when there is none */
  allocate(length: number): Uint8Array;
  /** The length that replaces a full one. */
  larger(length: number): number;
  /** Its owner has replaced these bytes, and notified readers in other threads. Nothing in this thread reads them any more. */
  release(bytes: Uint8Array): void;
}

/** Readers in other threads. */
export interface Readers {
  readonly size: number;
  /** Returns a function that returns whether each of them has received all that was posted to it so far. */
  mark(): () => boolean;
}

interface Retired {
  readonly buffer: SharedArrayBuffer;
  readonly isUnread: () => boolean;
}

/** Smaller ones are left to V8: freeing takes it longer than they are worth. */
const leastFreed = 65_536;
/** What waits to be used again, together; the oldest leave. */
const mostRetiredBytes = 16 * 1024 * 1024;
const mostRetired = 64;
/**
 * A retired buffer is taken for anything that fills more than half of it. Sizes are in eighths of powers of two, so that most
 * that are needed again can reuse one.
 */
const mostTimes = 2;
const stepsAPower = 8;
const lengthStep = 2;

/** Of one thread alone. */
export const ownMemory: LabelMemory = {
  allocate: (length) => new Uint8Array(length),
  larger: (length) => grownFrom(length, lengthStep),
  release({ buffer }) {
    if (buffer instanceof ArrayBuffer && buffer.byteLength >= leastFreed) buffer.transfer(0);
  },
};

/** Of a store that other threads may read: shared from the first reader on. */
export function createLabelMemory(readers: Readers): LabelMemory {
  let retired: Retired[] = [];
  let retiredBytes = 0;

  function takeRetired(length: number): SharedArrayBuffer | undefined {
    const at = retired.findIndex(({ buffer, isUnread }) => isFit(buffer.byteLength, length) && isUnread());
    return at === -1 ? undefined : remove(at);
  }

  function remove(at: number): SharedArrayBuffer | undefined {
    const [taken] = retired.splice(at, 1);
    retiredBytes -= taken?.buffer.byteLength ?? 0;
    return taken?.buffer;
  }

  return {
    allocate(length) {
      if (readers.size === 0) return ownMemory.allocate(length);
      return new Uint8Array(takeRetired(length) ?? new SharedArrayBuffer(roundedUp(length)), 0, length);
    },
    // What is replaced is garbage for a while. What was never written to takes no memory.
    larger: (length) => (readers.size === 0 ? ownMemory.larger(length) : length * 2),
    release(bytes) {
      const { buffer } = bytes;
      if (buffer instanceof ArrayBuffer) return ownMemory.release(bytes);
      if (readers.size === 0) {
        retired = [];
        retiredBytes = 0;
        return;
      }
      retired.push({ buffer, isUnread: readers.mark() });
      retiredBytes += buffer.byteLength;
      while (retiredBytes > mostRetiredBytes || retired.length > mostRetired) remove(0);
    },
  };
}

function isFit(size: number, length: number): boolean {
  return size >= length && size <= length * mostTimes;
}

function roundedUp(length: number): number {
  const step = Math.max(1, 2 ** Math.floor(Math.log2(Math.max(1, length))) / stepsAPower);
  return Math.ceil(length / step) * step;
}
