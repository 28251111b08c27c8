/**
 * The memory of the last body, for the next one. A million lines are 42 MB: allocated anew for each scrape they set off a full collection
 * of garbage in each, which held a host with a million series for 5 to 19 ms. Kept, they cost what the body takes, once.
 */

export interface SpareBytes {
  /** Memory for about so many bytes; what is in it is of no meaning. */
  take(bytes: number): Uint8Array<ArrayBuffer>;
  /** Nobody reads these any more. The larger of two is kept. */
  give(bytes: Uint8Array<ArrayBuffer>): void;
}

/** What a new one has on top, so that a steady store needs no growth. */
export const headroom = 1.05;
/** One that is larger than this many times what is needed belonged to a store that has shrunk. */
const mostTimes = 2;
/** Below this the smallest is not worth giving away. */
const leastBytes = 4_096;

export function createSpareBytes(): SpareBytes {
  let spare: Uint8Array<ArrayBuffer> | undefined;
  return {
    take(bytes) {
      const wanted = Math.max(leastBytes, bytes);
      const taken = spare;
      spare = undefined;
      const fits = taken !== undefined && taken.length >= wanted && taken.length <= wanted * mostTimes;
      return fits ? taken : new Uint8Array(Math.ceil(wanted * headroom));
    },
    give(bytes) {
      if (spare === undefined || bytes.length > spare.length) spare = bytes;
    },
  };
}
