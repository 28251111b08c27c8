/**
 * Many small pieces of bytes (the labels of rows) in one buffer. Freed blocks are reused for pieces of their size. Blocks that no
 * piece fits are waste: once there is more waste than use, the owner moves what is in use to a new arena.
 */
import { copyBytes } from './copy-bytes.ts';
import { type LabelMemory, ownMemory } from './label-memory.ts';

export interface Arena {
  /** Replaced on growth. Only the arena writes to them. */
  readonly bytes: Uint8Array;
  /** Copies bytes of `from` in and returns their offset; -1: they do not fit, and nothing has changed. */
  put(from: Uint8Array, start?: number, end?: number): number;
  /** Replaces a piece by another one of the same length. */
  replace(at: number, from: Uint8Array): void;
  free(at: number, length: number): void;
  /**
   * So many pieces more of this length will be put, about: what is grown once is not copied many times. Without memory nothing
   * happens.
   */
  reserve(pieces: number, length: number): void;
  /**
   * Whether it is time to move: there is as much waste as use, so that a byte is moved once for each that was freed. `owners`
   * count as use too.
   */
  isWasteful(owners: number): boolean;
  /**
   * An empty one with capacity for all that is in use, and for as much again. @throws RangeError when there is no memory for it
   */
  successor(): Arena;
  /** Gives all of its memory back: its successor has what was in use, and readers know it. */
  end(): void;
  /**
   * Its bytes are in shared memory from here on. Nothing but their owner has looked at them before. @throws RangeError when there
   * is no memory for it
   */
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

/**
 * Smaller bytes are copied at once when they are full. Larger ones move to others while the last of their room is filled, so that
 * no piece waits for all of it.
 */
const leastMoved = 4 * 1_048_576;
/** They begin with this share of their room left. */
const movedShare = 12;
/** For each byte that is put, so many move. */
const movedAByte = 32;
/** One arena of a thread moves at a time, so that it takes no more memory than to copy one at once. */
let moving: BytesArena | undefined;
/** How often others asked since it last went on; and how often is enough: more than a batch has points. */
let asked = 0;
const patience = 16_384;

/** @throws RangeError when there is no memory to begin with */
export function createArena(options: ArenaOptions = {}): Arena {
  return new BytesArena(options);
}

/** A class, because thousands of families have one. */
class BytesArena implements Arena {
  bytes: Uint8Array;
  private readonly options: ArenaOptions;
  private readonly memory: LabelMemory;
  private readonly mostBytes: number;
  private used = 0;
  private freed = 0;
  private freeCount = 0;
  private readonly freeBlocks = new Map<number, number[]>();
  /** What replaces the bytes, and up to where it has them; from where on there should be one. */
  private next: Uint8Array | undefined = undefined;
  private moved = 0;
  private moveAt: number;

  constructor(options: ArenaOptions) {
    const { bytes = initialBytes, mostBytes = MOST_BYTES, memory = ownMemory } = options;
    this.options = options;
    this.memory = memory;
    this.mostBytes = mostBytes;
    this.bytes = memory.allocate(Math.min(mostBytes, bytes + slack));
    this.moveAt = moveAtOf(this.bytes.length);
  }

  put(from: Uint8Array, start = 0, to = from.length): number {
    const at = this.place(blockSize(to - start));
    if (at === -1) return at;
    copyBytes(from, start, to, this.bytes, at);
    if (this.used > this.moveAt) this.goOn(at, to - start);
    return at;
  }

  replace(at: number, from: Uint8Array): void {
    this.bytes.set(from, at);
    this.wrote(at, from.length);
  }

  reserve(pieces: number, length: number): void {
    const least = this.used + pieces * blockSize(length) + slack;
    if (least > this.bytes.length) this.grow(Math.min(this.mostBytes, least), 0);
  }

  free(at: number, length: number): void {
    const size = blockSize(length);
    if (size === 0) return;
    this.freed += size;
    this.freeCount += 1;
    const blocks = this.freeBlocks.get(size);
    if (blocks === undefined) this.freeBlocks.set(size, [at]);
    else blocks.push(at);
  }

  isWasteful(owners: number): boolean {
    return this.freed + this.freeCount * listBytes > leastWaste + this.used - this.freed + owners;
  }

  successor(): Arena {
    const inUse = this.used - this.freed;
    // Capacity for as much waste as it may have, too, so that it hardly ever grows.
    return new BytesArena({ ...this.options, bytes: 2 * inUse + Math.min(leastWaste, inUse) });
  }

  end(): void {
    this.stopMoving();
    this.memory.release(this.bytes);
  }

  share(): void {
    if (this.bytes.buffer instanceof SharedArrayBuffer) return;
    this.stopMoving();
    const former = this.bytes;
    this.bytes = this.copied(former.length);
    this.memory.release(former);
  }

  private place(size: number): number {
    const freed = this.freeBlocks.get(size)?.pop();
    if (freed !== undefined) {
      this.freed -= size;
      this.freeCount -= 1;
      return freed;
    }
    const least = this.used + size + slack;
    if (least > this.bytes.length && !this.grow(least, size)) return -1;
    this.used += size;
    return this.used - size;
  }

  /**
   * Returns whether there is capacity up to `least` now. `more`: with room for another large piece, as they seldom come alone; 0:
   * no more than that.
   */
  private grow(least: number, more: number): boolean {
    const { next, mostBytes } = this;
    const usual = more === 0 ? 0 : this.memory.larger(this.bytes.length);
    const wanted = usual >= least ? usual : least + more;
    if (least > mostBytes) return false;
    if (next !== undefined && next.length >= least) {
      this.move(next, this.used);
      return true;
    }
    this.stopMoving();
    try {
      this.replaceBy(this.copied(Math.min(mostBytes, wanted)));
    } catch {
      return false;
    }
    return true;
  }

  private copied(length: number): Uint8Array {
    const copy = this.memory.allocate(length);
    copy.set(this.bytes);
    return copy;
  }

  private replaceBy(larger: Uint8Array): void {
    const former = this.bytes;
    this.bytes = larger;
    this.moveAt = moveAtOf(larger.length);
    this.options.grown?.();
    this.memory.release(former);
  }

  /** A piece was put, and it is time to move. For a very large one all would move at once. */
  private goOn(at: number, length: number): void {
    this.wrote(at, length);
    if (movedAByte * length >= this.used) return;
    const larger = this.next ?? this.beginToMove();
    if (larger !== undefined) this.move(larger, Math.min(this.used, this.moved + movedAByte * length));
  }

  /** Undefined: another arena moves, or there is no memory to move to. */
  private beginToMove(): Uint8Array | undefined {
    if (moving !== undefined && ++asked < patience) return undefined;
    moving?.stopMoving();
    const larger = Math.min(this.mostBytes, this.memory.larger(this.bytes.length));
    try {
      if (larger > this.bytes.length) this.next = this.memory.allocate(larger);
    } catch {
      // Full, it tries again.
    }
    if (this.next === undefined) this.moveAt = Number.POSITIVE_INFINITY;
    else moving = this;
    this.moved = 0;
    return this.next;
  }

  private stopMoving(): void {
    if (this.next !== undefined) this.memory.release(this.next);
    this.next = undefined;
    if (moving === this) moving = undefined;
  }

  private move(to: Uint8Array, until: number): void {
    asked = 0;
    to.set(this.bytes.subarray(this.moved, until), this.moved);
    this.moved = until;
    if (until < this.used) return;
    this.next = undefined;
    this.stopMoving();
    this.replaceBy(to);
  }

  /** Some of what was written may have moved before. */
  private wrote(at: number, length: number): void {
    if (at < this.moved) this.next?.set(this.bytes.subarray(at, at + length), at);
  }
}

function moveAtOf(length: number): number {
  return length < leastMoved ? Number.POSITIVE_INFINITY : length - length / movedShare;
}

function blockSize(length: number): number {
  return Math.ceil(length / blockStep) * blockStep;
}
