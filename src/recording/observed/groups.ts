/** The groups that a collection runs, counted where another thread can see it. */
import type { ObserveGroup } from './observe-group.ts';

/** One word of shared memory: 0 while a collection would run nothing. */
export type GroupCount = Int32Array<SharedArrayBuffer>;

export function createGroupCount(): GroupCount {
  return new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
}

/** Returns a function that adds to `groups`, and whose result removes the group. */
export function addTo(groups: Set<ObserveGroup>, count: GroupCount) {
  return (group: ObserveGroup) => {
    groups.add(group);
    Atomics.add(count, 0, 1);
    return () => {
      if (groups.delete(group)) Atomics.sub(count, 0, 1);
    };
  };
}
