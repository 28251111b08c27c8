/** Numbers over time, as every part of the page has them. */

/** Points, series or requests per second. */
export interface Rate {
  /** Over the last 5 s. Absent: it is not known yet, because the counting began less than two seconds ago. */
  readonly now?: number;
  /**
   * The mean of each of the last 15 minutes, the oldest first; the last one is the minute under way, over its seconds so far.
   * `null`: nobody counted then, e.g. the service was not up yet. Never 0 for that. Empty: it is not counted here.
   */
  readonly minutes: readonly (number | null)[];
}

/** Changes a minute: of each of the last 15 minutes, the oldest first, the last one under way. `null` as in `Rate`. */
export type PerMinute = readonly (number | null)[];

/** Milliseconds since 1970, by the service's clock. */
export type At = number;
