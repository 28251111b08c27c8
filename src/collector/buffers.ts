/** A small pool of large buffers: memory that is new to the process costs a page fault for every 4 KB, as much as reading a body twice. */

/** Smaller ones cost little. */
const smallest = 256 * 1_024;
/** Larger ones are not kept. */
const largest = 8 * 1_048_576;
/** Bytes that are kept. */
const most = 4 * largest;
const free: Buffer[] = [];
let kept = 0;

/** At least `size` bytes, not zeroed; at most twice as many. */
export function takeBuffer(size: number): Buffer {
  const at = size < smallest ? -1 : free.findIndex(({ length }) => length >= size && length <= 2 * size);
  if (at === -1) return Buffer.allocUnsafeSlow(size);
  const [found] = free.splice(at, 1) as [Buffer];
  kept -= found.length;
  return found;
}

/** Gives back a buffer that nothing reads any more. */
export function giveBuffer(buffer: Buffer): void {
  if (buffer.length < smallest || buffer.length > largest || kept + buffer.length > most) return;
  free.push(buffer);
  kept += buffer.length;
}
