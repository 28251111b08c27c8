/**
 * A small pool of buffers. Memory that is new to the process costs a page fault for every 4 KB, as much as reading a body twice;
 * and V8 collects all garbage, old and new, once so many megabytes of buffers were allocated.
 */

/** Smaller ones cost little. */
const smallest = 4 * 1_024;
/** Larger ones are not kept. */
const largest = 8 * 1_048_576;
/** Bytes that are kept. */
const most = 4 * largest;
/** By their lengths. */
const free = new Map<number, Buffer[]>();
let kept = 0;

/** At least `size` bytes, not zeroed; at most a sixteenth more. */
export function takeBuffer(size: number): Buffer {
  if (size < smallest || size > largest) return Buffer.allocUnsafeSlow(size);
  const length = lengthFor(size);
  const found = free.get(length)?.pop();
  if (found === undefined) return Buffer.allocUnsafeSlow(length);
  kept -= length;
  return found;
}

/** Gives back a buffer that nothing reads any more. */
export function giveBuffer(buffer: Buffer): void {
  const { length } = buffer;
  if (length < smallest || length > largest || length !== lengthFor(length)) return;
  if (kept + length > most) {
    // Lengths that do not come again would be kept for ever.
    free.clear();
    kept = 0;
  }
  const same = free.get(length);
  if (same === undefined) free.set(length, [buffer]);
  else same.push(buffer);
  kept += length;
}

/** One of 16 lengths for each power of two, so that bodies of about the same length share buffers. */
function lengthFor(size: number): number {
  const step = 1 << (27 - Math.clz32(size));
  return (size + step - 1) & -step;
}
