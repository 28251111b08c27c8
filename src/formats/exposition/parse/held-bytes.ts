/** Bytes that wait for the rest of their line or message, in one buffer that doubles: an exposition may come byte by byte. */

const smallest = 4096;
/** A larger one is given back when it is empty. */
const kept = 256 * 1024;

export interface HeldBytes {
  readonly length: number;
  /** Copies them: the caller may use its own again. */
  add(bytes: Uint8Array): void;
  /** Valid until the next call. */
  bytes(): Buffer;
  /** Forgets the first ones. */
  drop(count: number): void;
}

export function createHeldBytes(): HeldBytes {
  let buffer: Buffer = Buffer.alloc(0);
  let length = 0;
  return {
    get length() {
      return length;
    },
    add(bytes) {
      if (length + bytes.length > buffer.length) {
        const larger = Buffer.allocUnsafe(Math.max(smallest, (length + bytes.length) * 2));
        buffer.copy(larger, 0, 0, length);
        buffer = larger;
      }
      buffer.set(bytes, length);
      length += bytes.length;
    },
    bytes: () => buffer.subarray(0, length),
    drop(count) {
      buffer.copyWithin(0, count, length);
      length -= count;
      if (length === 0 && buffer.length > kept) buffer = Buffer.alloc(0);
    },
  };
}
