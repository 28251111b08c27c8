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

/** An `AbortSignal`, as far as a pace needs one. */
export type Abortable = Pick<AbortSignal, 'throwIfAborted'>;

export function createPace(signal: Abortable | undefined): Pace {
  let from = performance.now();
  return {
    due: () => performance.now() - from >= sliceMs,
    async rest() {
      await setImmediate();
      signal?.throwIfAborted();
      from = performance.now();
    },
  };
}
