/** The result of a rendering. */

/** Data of a family that is left out, or not shown as it was recorded. */
export interface Omitted {
  /** Its series name; the instrument's where nothing legal remains of it; the name of `owner` where there is one. */
  readonly family: string;
  /**
   * `name`: the family, because an earlier one has its name and another TYPE or the same scope, or because no legal name remains.
   * `size`: the families of that name, or all rows of `owner`, because the exposition would be larger than its limit. `metadata`:
   * a HELP or UNIT that differs from the first one's.
   * `openmetrics_name`: the family, from OpenMetrics only, because another one has a name there that it has or reserves.
   * `buckets`: those of rows whose scale is below -4, or whose count is not that of their buckets, which Prometheus has no native
   * histogram for.
   * `labels`: nothing, but several attributes are one label, which has their values joined: once a renderer, by `takeRemarks`.
   * `series`: nothing, but rows whose labels come out the same are one series: once a renderer, by `takeRemarks`.
   * `totals`: what OpenMetrics has no place for: a sum that is unknown, NaN or negative, with a histogram's count, and negative
   * quantiles.
   * `values`: rows that are no info or state, from OpenMetrics only: another value than 1, or than 0 and 1, or no label of the
   * stateset's name.
   */
  readonly reason: 'name' | 'openmetrics_name' | 'size' | 'metadata' | 'buckets' | 'labels' | 'series' | 'totals' | 'values';
  /** Of `labels`. */
  readonly label?: string;
  readonly attributes?: readonly string[];
  /** Of `series`: the attributes of both, and whether their values add up; else the newest is shown. */
  readonly names?: readonly [readonly string[], readonly string[]];
  readonly adds?: boolean;
  /** Of `openmetrics_name`: the series name of the family that is shown. */
  readonly stays?: string;
  /**
   * Of `metadata`, for messages: the scope that is shown, and the one whose HELP or UNIT is not. Absent where they are the same.
   */
  readonly scopes?: readonly [string, string];
  /**
   * Of `size`, where rows have owners (`RendererOptions.owners`): whose rows they are, a number that no other owner ever has, and
   * how many bytes of the exposition they would be.
   */
  readonly owner?: number;
  readonly bytes?: number;
}

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
  readonly omitted: readonly Omitted[];
  /** Age of the oldest values shown, in milliseconds; 0 when everything is live. */
  readonly oldestMs: number;
  /**
   * Call it once when no thread reads `body` any more: its memory serves the next one, or goes back to the operating system, and
   * `body` is empty. Without this call the garbage collector frees it.
   */
  release(): void;
}

/**
 * The exposition would be larger than `maxBytes`, and nothing was to be left out, or that did not help. No family is ever
 * truncated.
 */
export interface TooLarge {
  readonly tooLarge: true;
}
