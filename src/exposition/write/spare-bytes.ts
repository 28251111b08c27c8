/**
 * Keeps the memory of the last body for the next one, or gives it back at once: otherwise each scrape of a million lines causes a full
 * garbage collection, which blocked a host for 5 to 19 ms. (Near 64 MiB, where a single allocation makes V8 start one, only keeping the memory would help.)
 */

export interface SpareBytes {
  /** Memory for about so many bytes; what is in it is of no meaning. */
  take(bytes: number): Uint8Array<ArrayBuffer>;
  /** Takes bytes that nothing reads any more. The larger of two is kept, and what is too large to be kept is given back. */
  give(bytes: Uint8Array<ArrayBuffer>): void;
}

/** What a new one has on top, so that a steady store needs no growth. */
export const headroom = 1.05;
/** One that is larger than this many times what is needed belonged to a store that has shrunk. */
const mostTimes = 2;
/** Below this the smallest is not worth giving away. */
const leastBytes = 4_096;
/**
 * The largest that is kept, the default limit of a scrape and some headroom. Larger ones would be most of what a line takes between two scrapes; that
 * they come anew from the operating system each time is some 40 ns a line.
 */
const mostBytes = 4.5 * 1024 * 1024;

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
      if (bytes.length > mostBytes) free(bytes);
      else if (spare === undefined || bytes.length > spare.length) spare = bytes;
    },
  };
}

/** Gives memory back to the operating system at once, without garbage collection. Nothing may read `bytes` any more. */
export function free({ buffer }: Uint8Array<ArrayBuffer>): void {
  buffer.transfer(0);
}
