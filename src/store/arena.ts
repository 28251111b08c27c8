/** Many small pieces of bytes (the identities of rows) in one shared buffer. Freed blocks are given out again by their size class, so that churn does not grow it. */
import { grownFrom } from './growth.ts';

export interface Arena {
  /** Replaced on growth. */
  readonly bytes: Uint8Array;
  /** Copies `identity` in and says where it is. */
  put(identity: Uint8Array): number;
  free(at: number, length: number): void;
}

const initialBytes = 256;
/** Block sizes are multiples of this: a row's texts are some 20 bytes, and multiples of 8 would lose 3 of them on average. */
const blockStep = 2;
/** Behind the last block: readers copy by words. */
const slack = 8;

/** `grown` is called when `bytes` has been replaced, before anything is written to the new ones. */
export function createArena(grown: () => void = () => {}): Arena {
  let bytes = new Uint8Array(new SharedArrayBuffer(initialBytes));
  let end = 0;
  const freeBlocks = new Map<number, number[]>();

  function grow(least: number): void {
    const larger = new Uint8Array(new SharedArrayBuffer(Math.max(grownFrom(bytes.length, blockStep), least)));
    larger.set(bytes);
    bytes = larger;
    grown();
  }

  return {
    get bytes(): Uint8Array {
      return bytes;
    },
    put(identity: Uint8Array): number {
      const size = blockSize(identity.length);
      let at = freeBlocks.get(size)?.pop();
      if (at === undefined) {
        at = end;
        end += size;
        if (end + slack > bytes.length) grow(end + slack);
      }
      bytes.set(identity, at);
      return at;
    },
    free(at: number, length: number): void {
      const size = blockSize(length);
      if (size === 0) return;
      const blocks = freeBlocks.get(size);
      if (blocks === undefined) freeBlocks.set(size, [at]);
      else blocks.push(at);
    },
  };
}

function blockSize(length: number): number {
  return Math.ceil(length / blockStep) * blockStep;
}
