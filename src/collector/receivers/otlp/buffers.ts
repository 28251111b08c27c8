/** A small pool of large buffers: memory that is new to the process costs a page fault for every 4 KB, a tenth of a body of 4 MB. */

/** Smaller ones cost little. */
const smallest = 1_048_576;
/** Larger ones are not kept. */
const largest = 8 * smallest;
const most = 4;
const free: Buffer[] = [];

/** At least `size` bytes, not zeroed; at most twice as many. */
export function takeBuffer(size: number): Buffer {
  const found = size < smallest ? -1 : free.findIndex(({ length }) => length >= size && length <= 2 * size);
  return found === -1 ? Buffer.allocUnsafeSlow(size) : (free.splice(found, 1)[0] as Buffer);
}

/** Gives back a buffer that nothing reads any more. */
export function giveBuffer(buffer: Buffer): void {
  if (buffer.length >= smallest && buffer.length <= largest && free.length < most) free.push(buffer);
}
