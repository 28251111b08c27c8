/** Does work between other work. */
import { setImmediate } from 'node:timers/promises';

/** The length of a slice in milliseconds; the step in progress, and garbage collection, may extend it. */
const sliceMs = 4;

/**
 * Does a piece of work in steps; the event loop turns between slices of them. The first slice is done at once.
 * @param isOver called before each further slice: true if the result is no longer needed
 * @returns undefined where it was given up
 */
export async function inSlices<T>(work: Generator<void, T>, isOver: () => boolean = () => false): Promise<T | undefined> {
  for (;;) {
    const end = performance.now() + sliceMs;
    do {
      const step = work.next();
      if (step.done) return step.value;
    } while (performance.now() < end);
    await setImmediate();
    if (isOver()) return undefined;
  }
}
