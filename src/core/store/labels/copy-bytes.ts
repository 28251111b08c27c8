/** Up to here a loop copies faster than a view of the bytes is made. */
const short = 256;

/** Copies the bytes from `start` to `end` of `from` to `at` on. */
export function copyBytes(from: Uint8Array, start: number, end: number, to: Uint8Array, at: number): void {
  if (end - start > short) to.set(from.subarray(start, end), at);
  else for (let index = start; index < end; index++) to[at + index - start] = from[index] as number;
}
