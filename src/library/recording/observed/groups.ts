/** What a collection runs, counted where another thread can see it. */

/** One word of shared memory: 0 while a collection would run nothing. */
export type GroupCount = Int32Array;

export function createGroupCount(): GroupCount {
  return new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
}

/** Returns a function that adds to `all`, and whose result removes what was added. */
export function addTo<T>(all: Set<T>, count: GroupCount) {
  return (one: T) => {
    all.add(one);
    Atomics.add(count, 0, 1);
    return () => {
      if (all.delete(one)) Atomics.sub(count, 0, 1);
    };
  };
}
