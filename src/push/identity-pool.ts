/** Many small pieces of bytes in one growing buffer. Freed blocks are given out again by their size class, so churn does not grow it. */

export interface IdentityPool {
  /** Replaced on growth. */
  readonly bytes: Uint8Array;
  /** Copies `identity` in and says where it is. */
  put(identity: Uint8Array): number;
  free(at: number, length: number): void;
}

const initialBytes = 1024;
/** Few classes, at most 7 bytes lost a piece. */
const blockStep = 8;

export function createIdentityPool(): IdentityPool {
  let bytes = new Uint8Array(initialBytes);
  let end = 0;
  const freeBlocks = new Map<number, number[]>();

  return {
    get bytes() {
      return bytes;
    },
    put(identity) {
      const size = blockSize(identity.length);
      let at = freeBlocks.get(size)?.pop();
      if (at === undefined) {
        at = end;
        end += size;
        if (end > bytes.length) {
          const grown = new Uint8Array(Math.max(bytes.length * 2, end));
          grown.set(bytes);
          bytes = grown;
        }
      }
      bytes.set(identity, at);
      return at;
    },
    free(at, length) {
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
