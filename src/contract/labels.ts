/** Builders of the three kinds of label. All of them are bounded: a contract has no open label. */
import type { CappedLabel, ClosedLabel, IdentityLabel } from './metric.ts';

/** Values of a capped label shown by name: enough for a legend, few enough for a panel. */
const DEFAULT_CAP = 100;
/** Things of one sort on one machine; also far below the 2,000 attribute sets at which an SDK folds everything. */
const DEFAULT_IDENTITIES = 1_000;
/** Of a value's UTF-8: more than any route or name that somebody reads, while a client may send a user agent of 16 kB. */
export const DEFAULT_MAX_BYTES = 256;
/** Where the excess goes. */
const DEFAULT_OTHER = 'other';

export interface BoundOptions {
  /** How many values are shown. Default: 100 (capped), 1,000 (identity). */
  readonly limit?: number;
  /** The value into which the excess folds. Default `other`. */
  readonly other?: string;
  /**
   * Bytes of UTF-8 that a value may have, at least 32. A longer one is recorded as its beginning, `…` and 16 digits of its SHA-256, and counted;
   * beyond 16,384 characters only beginning, end and length are hashed. Default 256.
   */
  readonly maxBytes?: number;
}

/**
 * A closed set, e.g. `oneOf('success', 'failed')`. Any other value does not compile; from untyped code it is refused and
 * counted. `fold(text)` fits foreign text into the set: trimmed, compared without case, and what is not in the set becomes
 * `other`. A set without `other` gives such text back as it is, so that recording it is refused and counted like any other.
 */
export function oneOf<V extends string>(...values: V[]): ClosedLabel<V> {
  const byFolded = new Map<string, V>();
  for (const value of values) byFolded.set(String(value).toLowerCase(), value);
  function fold(text: string): V {
    const folded = text.trim().toLowerCase();
    return byFolded.get(folded) ?? byFolded.get(DEFAULT_OTHER) ?? (folded as V);
  }
  return Object.freeze({ kind: 'closed', values: Object.freeze(values.slice()), fold });
}

/** The first `limit` values are shown, all later ones are added up under `other`. For values that somebody else chooses. */
export function capped(options: BoundOptions = {}): CappedLabel {
  return Object.freeze({ kind: 'capped', limit: options.limit ?? DEFAULT_CAP, ...values(options) });
}

/**
 * Names a thing that comes and goes, e.g. a task: its series live until `remove`. Beyond `limit` things at a time, counters
 * and histograms fold into `other`, and gauges are refused (two gauges cannot be added up).
 */
export function identity(options: BoundOptions = {}): IdentityLabel {
  return Object.freeze({ kind: 'identity', limit: options.limit ?? DEFAULT_IDENTITIES, ...values(options) });
}

function values({ other = DEFAULT_OTHER, maxBytes = DEFAULT_MAX_BYTES }: BoundOptions) {
  return { other, maxBytes };
}
