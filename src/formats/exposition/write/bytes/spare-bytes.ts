/**
 * Keeps the memory of the last body for the next one: otherwise each scrape of a million lines causes a full garbage collection,
 * which blocked an application for 5 to 19 ms. Near 64 MiB even a single allocation makes V8 start one.
 */

export interface SpareBytes {
  /** What is kept. */
  readonly bytes: number;
  /** Memory for about so many bytes; what is in it is of no meaning. */
  take(bytes: number): Uint8Array<ArrayBuffer>;
  /** Takes bytes that nothing reads any more. The larger of two is kept, the other one goes back to the operating system. */
  give(bytes: Uint8Array<ArrayBuffer>): void;
}

/** What a new one has on top, so that a steady store needs no growth. */
export const headroom = 1.05;
/** One that is larger than this many times what is needed belonged to a store that has shrunk. */
const mostTimes = 2;
/** Below this the smallest is not worth giving away. */
const leastBytes = 4_096;
/** The largest that is kept for good: some 60,000 series. */
const mostBytesForGood = 4.5 * 1024 * 1024;
/**
 * How long a larger one waits for the next scrape: two of Prometheus' default intervals of a minute. Kept for good, it would be
 * much of what a line takes.
 */
const keptMs = 120_000;

export function createSpareBytes(): SpareBytes {
  let spare: Uint8Array<ArrayBuffer> | undefined;
  let timer: NodeJS.Timeout | undefined;

  function taken(): Uint8Array<ArrayBuffer> | undefined {
    const bytes = spare;
    spare = undefined;
    clearTimeout(timer);
    return bytes;
  }

  function drop(): void {
    const bytes = taken();
    if (bytes !== undefined) free(bytes);
  }

  return {
    get bytes() {
      return spare?.length ?? 0;
    },
    take(bytes) {
      const wanted = Math.max(leastBytes, bytes);
      const isFit = spare !== undefined && spare.length >= wanted && spare.length <= wanted * mostTimes;
      if (!isFit) drop();
      return taken() ?? new Uint8Array(Math.ceil(wanted * headroom));
    },
    give(bytes) {
      // A page that was given up while its chunks went.
      if (bytes.length === 0) return;
      if (spare !== undefined && spare.length >= bytes.length) return free(bytes);
      drop();
      spare = bytes;
      if (bytes.length > mostBytesForGood) timer = setTimeout(drop, keptMs).unref();
    },
  };
}

/** Gives memory back to the operating system at once, without garbage collection. Nothing may read `bytes` any more. */
export function free({ buffer }: Uint8Array<ArrayBuffer>): void {
  buffer.transfer(0);
}
