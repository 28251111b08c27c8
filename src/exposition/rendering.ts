/** What a rendering gives. */

export interface Rendering {
  readonly tooLarge?: never;
  /** The exposition in UTF-8. Not to be changed: concurrent scrapes share it. */
  readonly body: Uint8Array;
  /** Sample lines written. */
  readonly series: number;
  /** Series names of families that are left out because their last good values are older than `maxAgeMs`. */
  readonly stale: readonly string[];
  /** Series names of observed families that never had a good value; they are left out too. */
  readonly unknown: readonly string[];
  /** Series names of families that are left out because an earlier family writes the same name, or because no legal name remains. */
  readonly omitted: readonly string[];
  /** Age of the oldest values shown, in milliseconds; 0 when everything is live. */
  readonly oldestMs: number;
  /**
   * To be called once when nobody reads `body` any more, in any thread: its memory is used for the next one, or goes back to the operating
   * system, and `body` is empty. Who never calls it leaves it to the garbage.
   */
  release(): void;
}

/** The exposition would be larger than `maxBytes`. It is never truncated. */
export interface TooLarge {
  readonly tooLarge: true;
}
