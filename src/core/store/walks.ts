/** The number of the newest walk over a store, in shared memory: walks in other threads count too. */
export interface Walks {
  readonly word: Int32Array;
  newest(): number;
}

export function createWalks(word: Int32Array = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))): Walks {
  return { word, newest: () => Atomics.load(word, 0) };
}

export function nextWalk({ word }: Walks): number {
  return Atomics.add(word, 0, 1) + 1;
}
