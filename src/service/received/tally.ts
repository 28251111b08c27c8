/** The outcomes of points and series, as plain counts that reporters read. They only grow. */

/** Why a point was rejected, or is not exposed; beside these, the reasons that names give. */
const reasons = [
  /** Its time is before that of its series. */
  'older',
  /** A delta that begins before the last one ended. */
  'overlap',
  'temporality_unspecified',
  'delta_not_monotonic',
  /** A counter's NaN or negative value. */
  'not_a_count',
  /** An exponential histogram without a sum. */
  'no_sum',
  'series_limit',
  'resource_series_limit',
  'resource_limit',
  'label_bytes',
  'resource_label_bytes',
  'memory_limit',
  'family_limit',
  /** There is no memory. */
  'no_room',
];

export interface ReceivedTally {
  /** Points whose values were accepted. */
  taken: number;
  /** Points that were rejected, or not exposed, by reason. */
  readonly ignored: Record<string, number>;
  /** All of `ignored` together. */
  ignoredAll: number;
  /** Points without a recorded value: their series have gone. */
  stale: number;
  /** Points that reset their series: they have another start. */
  resets: number;
  /** Deltas that were added though they begin behind the end of the last one. */
  gaps: number;
  /** Deltas that were sent again: they are known already. */
  repeats: number;
  /** Points of a series that another stream writes to, too. */
  conflicts: number;
  /** Streams that add up with others of their resource, because their attributes are the same labels. */
  joined: number;
  /** Points that began before, and ended behind the last one of their stream. */
  contested: number;
  /** Labels that exemplars leave out, because they may have 128 characters of them. */
  exemplarLabels: number;
  /** Series that expired because they were no longer sent. */
  expired: number;
  /** Totals of deltas that expired, and then left for want of memory: they begin anew. */
  forgotten: number;
}

export function createReceivedTally(): ReceivedTally {
  const ignored = Object.fromEntries(reasons.map((reason) => [reason, 0]));
  return {
    taken: 0,
    ignored,
    ignoredAll: 0,
    stale: 0,
    resets: 0,
    gaps: 0,
    repeats: 0,
    conflicts: 0,
    joined: 0,
    contested: 0,
    exemplarLabels: 0,
    expired: 0,
    forgotten: 0,
  };
}

/** Points are rejected, or not exposed. */
export function ignore(tally: ReceivedTally, reason: string, points = 1): void {
  const { ignored } = tally;
  tally.ignoredAll += points;
  ignored[reason] = (ignored[reason] ?? 0) + points;
}
