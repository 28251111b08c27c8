/** Memory for indexes, which is reused: new memory costs the process a page fault for every 4 KB. */

/** Ints of a new index: 64 KiB, enough for a request of 1,400 gauge points. */
const initial = 2 ** 14;
/** Ints that are kept, in all indexes together: 4 MiB. */
const most = 2 ** 20;
const free: Int32Array[] = [];
let kept = 0;

/** An index that nothing else reads or writes. Its contents are undefined. */
export function takeIndex(): Int32Array {
  const index = free.pop();
  if (index === undefined) return new Int32Array(initial);
  kept -= index.length;
  return index;
}

/** Gives back an index that nothing reads any more. Smaller ones are dropped for it. */
export function giveIndex(index: Int32Array): void {
  if (index.length > most) return;
  while (kept + index.length > most) kept -= (free.shift() as Int32Array).length;
  free.push(index);
  kept += index.length;
}
