/**
 * Many small pieces of bytes (the labels of rows) in one buffer. Freed blocks are reused for pieces of their size. Blocks that no
 * piece fits are waste: once there is more waste than use, the owner moves what is in use to a new arena.
 */
import { type LabelMemory, ownMemory } from './label-memory.ts';

export interface Arena {
  /** Replaced on growth. */
  readonly bytes: Uint8Array;
  /** Copies bytes of `from` in and returns their offset; -1: they do not fit, and nothing has changed. */
  put(from: Uint8Array, start?: number, end?: number): number;
  free(at: number, length: number): void;
  /** So many pieces more of this length will be put, about: what is grown once is not copied many times. Without memory nothing happens. */
  reserve(pieces: number, length: number): void;
  /**
   * Whether it is time to move: there is as much waste as use, so that a byte is moved once for each that was freed. `owners` count as use
   * too.
   */
  isWasteful(owners: number): boolean;
  /** An empty one with capacity for all that is in use, and for as much again. @throws RangeError when there is no memory for it */
  successor(): Arena;
  /** Gives all of its memory back: its successor has what was in use, and readers know it. */
  end(): void;
  /** Its bytes are in shared memory from here on. Nothing but their owner has looked at them before. @throws RangeError when there is no memory for it */
  share(): void;
}

export interface ArenaOptions {
  /** Initial capacity. Default 256. */
  readonly bytes?: number;
  /** Maximum size. Default 1 GiB. */
  readonly mostBytes?: number;
  /** Where its bytes come from, and go. Default: this thread's. */
  readonly memory?: LabelMemory;
  /** Called when `bytes` has been replaced, before anything is written to the new ones. */
  readonly grown?: () => void;
}

/** Where an offset still is a whole number of 31 bits: 2 million pieces of 256 bytes, if as much again is waste. */
const MOST_BYTES = 2 ** 30;
/** What is small is not moved for a few pieces. */
const leastWaste = 65_536;

const initialBytes = 256;
/** Block sizes are multiples of this: a row's labels are some 20 bytes, and multiples of 8 would lose 3 of them on average. */
const blockStep = 2;
/** Behind the last block: readers copy by words. */
const slack = 8;
/** What a free block costs in its list: lists grow by half. */
const listBytes = 16;

/** @throws RangeError when there is no memory to begin with */
export function createArena(options: ArenaOptions = {}): Arena {
  const { bytes: room = initialBytes, mostBytes = MOST_BYTES, grown, memory = ownMemory } = options;
  let bytes = memory.allocate(Math.min(mostBytes, room + slack));
  let end = 0;
  let free = 0;
  let freeCount = 0;
  const freeBlocks = new Map<number, number[]>();

  /** Returns whether there is capacity up to `least` now. */
  function grow(least: number, usual = memory.larger(bytes.length)): boolean {
    if (least > mostBytes) return false;
    const former = bytes;
    try {
      bytes = copied(Math.min(mostBytes, Math.max(usual, least)));
    } catch {
      return false;
    }
    grown?.();
    memory.release(former);
    return true;
  }

  function copied(length: number): Uint8Array {
    const copy = memory.allocate(length);
    copy.set(bytes);
    return copy;
  }

  function place(size: number): number {
    const freed = freeBlocks.get(size)?.pop();
    if (freed !== undefined) {
      free -= size;
      freeCount -= 1;
      return freed;
    }
    if (end + size + slack > bytes.length && !grow(end + size + slack)) return -1;
    end += size;
    return end - size;
  }

  return {
    get bytes(): Uint8Array {
      return bytes;
    },
    put(from: Uint8Array, start = 0, to = from.length): number {
      const at = place(blockSize(to - start));
      // A loop, because they are few, and a view of them would be made for each.
      if (at !== -1) for (let index = start; index < to; index++) bytes[at + index - start] = from[index] as number;
      return at;
    },
    reserve(pieces: number, length: number): void {
      const least = end + pieces * blockSize(length) + slack;
      if (least > bytes.length) grow(Math.min(mostBytes, least), 0);
    },
    free(at: number, length: number): void {
      const size = blockSize(length);
      if (size === 0) return;
      free += size;
      freeCount += 1;
      const blocks = freeBlocks.get(size);
      if (blocks === undefined) freeBlocks.set(size, [at]);
      else blocks.push(at);
    },
    isWasteful: (owners) => free + freeCount * listBytes > leastWaste + end - free + owners,
    // Capacity for as much waste as it may have, too, so that it hardly ever grows.
    successor: () => createArena({ ...options, bytes: 2 * (end - free) + Math.min(leastWaste, end - free) }),
    end: () => memory.release(bytes),
    share() {
      if (bytes.buffer instanceof SharedArrayBuffer) return;
      const former = bytes;
      bytes = copied(bytes.length);
      memory.release(former);
    },
  };
}

function blockSize(length: number): number {
  return Math.ceil(length / blockStep) * blockStep;
}
