/** Decides when a rendering lets the event loop turn. */
import { setImmediate } from 'node:timers/promises';

export interface Pace {
  /** The slice has lasted long enough. */
  due(): boolean;
  /** Lets the event loop turn. Rejects with the signal's reason when it was aborted meanwhile. */
  rest(): Promise<void>;
}

/** The length of a slice in milliseconds; the step in progress, and garbage collection, may extend it. */
const sliceMs = 1;

/**
 * Cells, and so about lines, between two looks at the clock: 0.02 ms, and 0.5 ms where their prefixes are written for the first
 * time.
 */
export const cellsASlice = 256;

/** An `AbortSignal`, as far as a pace needs one. */
export type Abortable = Pick<AbortSignal, 'throwIfAborted'>;

/**
 * @param longestMs where others keep the event loop for longer than a slice, slices become twice as long as that, and at most so
 * long: so a rendering has its share beside them. Default: slices do not.
 */
export function createPace(signal: Abortable | undefined, longestMs = sliceMs): Pace {
  let from = performance.now();
  let lasts = sliceMs;
  return {
    due: () => performance.now() - from >= lasts,
    async rest() {
      const rested = performance.now();
      await setImmediate();
      signal?.throwIfAborted();
      from = performance.now();
      const others = from - rested;
      // One short turn among long ones means little.
      lasts = Math.min(longestMs, Math.max(sliceMs, others > sliceMs ? 2 * others : 0, lasts / 2));
    },
  };
}
