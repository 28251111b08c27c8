/** The types of a resolved and frozen contract, its metrics and their labels. */
import type { Kind } from '../naming/kind.ts';

/** A closed set: any other value is rejected and counted. */
export interface ClosedLabel<V extends LabelValue = string> {
  readonly kind: 'closed';
  /** As they are exposed: `'404'`, also where the set says 404. */
  readonly values: readonly `${V}`[];
  /** Maps any string to the set: trims and lower-cases it; a string outside the set becomes `other`, which must be in the set. */
  fold(text: string): `${V}`;
  /** Type only: the values as the set says them. */
  readonly says?: V;
}

/** HELP of the two counters that a summary is in text 0.0.4. */
export interface TextCounters {
  /** Of `…_sum`. */
  readonly sum: string;
  /** Of `…_count`. */
  readonly count: string;
}

/**
 * What a call may pass as a label's value. A number and a boolean are exposed as their string: 404 and `'404'` are one series.
 */
export type LabelValue = string | number | boolean;

/** Exposes the first `limit` values; the rest is aggregated into `other`. */
export interface CappedLabel<V extends LabelValue = string> {
  readonly kind: 'capped';
  readonly limit: number;
  readonly other: string;
  /** Of a value's UTF-8; a longer one becomes its beginning and a hash. */
  readonly maxBytes: number;
  /** An empty value means that the series lacks the label. */
  readonly optional: boolean;
  /** Type only: what a call may pass. */
  readonly says?: V;
}

/**
 * A value stays as long as the thing it names. Beyond `limit`, values are aggregated into `other` (counters, histograms) or
 * rejected (gauges).
 */
export interface IdentityLabel<V extends LabelValue = string> {
  readonly kind: 'identity';
  readonly limit: number;
  readonly other: string;
  /** Of a value's UTF-8; a longer one becomes its beginning and a hash. */
  readonly maxBytes: number;
  /** An empty value means that the series lacks the label. */
  readonly optional: boolean;
  /** Type only: what a call may pass. */
  readonly says?: V;
}

/**
 * A constant label whose value the program decides when it runs, such as the name of its host: one on all series of a page, and
 * the contract does not say which.
 */
export interface Parameter {
  readonly kind: 'parameter';
  /** This program's. Absent: the contract cannot be recorded with, only held to. */
  readonly value?: string;
}

/** A value that is the contract's, or one that is the program's. */
export type ConstantLabel = string | Parameter;
export type ConstantLabels = Readonly<Record<string, ConstantLabel>>;

export type Label = ClosedLabel<LabelValue> | CappedLabel<LabelValue> | IdentityLabel<LabelValue>;
export type Labels = Readonly<Record<string, Label>>;
// biome-ignore lint/complexity/noBannedTypes: the empty label set
export type NoLabels = {};

/** The label values that a call accepts, inferred from the declaration. */
export type LabelValues<L extends Labels> = {
  readonly [K in keyof L]: L[K] extends { readonly says?: infer V extends LabelValue } ? V | `${V}` : LabelValue;
};

/**
 * Buckets that adapt to the values, instead of bounds or beside them (OpenTelemetry Metrics SDK, "Base2 Exponential Bucket
 * Histogram Aggregation").
 */
export interface Exponential {
  /** The most buckets of a series; the resolution drops if the values do not fit. */
  readonly maxSize: number;
  /** The initial resolution of a series: 2^scale buckets between a value and its double. */
  readonly maxScale: number;
  /** Most buckets between powers of two that text and protobuf show besides. Default: none. */
  readonly textBuckets?: number;
}

export type Stability = 'stable' | 'development';

/** What a scrape of several processes makes of a gauge's values. */
export const acrossChoices = Object.freeze(['sum', 'max', 'min', 'average', 'first', 'worker', 'omit'] as const);
export type Across = (typeof acrossChoices)[number];

/** The label of `across: 'worker'`. */
export const WORKER_LABEL = 'worker';

/** One metric of a contract. `K`, `L` and `O` pass kind, labels and observed-or-recorded to the recorder's types. */
export interface Metric<K extends Kind = Kind, L extends Labels = Labels, O extends boolean = boolean> {
  readonly kind: K;
  /** A callback reads the values at each collection, instead of calls recording them. */
  readonly observed: O;
  /** In exposition order. */
  readonly labels: L;
  /** OpenTelemetry instrument name, e.g. `runwisp.runs`. */
  readonly instrument: string;
  /** The series' family name in text 0.0.4, e.g. `runwisp_runs_total`. */
  readonly series: string;
  /**
   * The series' name, and those of its labels, are exposed as they are, though an OpenTelemetry instrument may come out under
   * another one.
   */
  readonly verbatim?: true;
  /** UCUM unit; `''` for none. */
  readonly unit: string;
  readonly help: string;
  /**
   * Upper bucket bounds, strictly ascending, in `unit`. Empty for other kinds than histograms, and for those that have
   * exponential buckets alone.
   */
  readonly bounds: readonly number[];
  /** Absent: no exponential buckets. With `bounds`, each value is recorded in both. */
  readonly exponential?: Exponential;
  /** Whether a histogram's smallest and largest value are kept and pushed. */
  readonly minMax: boolean;
  /**
   * Quantiles of the summary of an endpoint that Meterbridge does not write, strictly ascending. Absent: none, as in every
   * declared summary.
   */
  readonly quantiles?: readonly number[];
  /** A summary without labels that text 0.0.4 shows as two counters. */
  readonly counters?: TextCounters;
  /** Every combination of the closed sets starts at 0 (recorded), or is 0 if a successful callback does not set it (observed). */
  readonly zeroFilled: boolean;
  /** Omits HELP and TYPE while there is no value. */
  readonly omitEmpty: boolean;
  /** Keeps the trace and span id of measurements inside a sampled span as exemplars. Only recorded counters and histograms. */
  readonly exemplars: boolean;
  /** The totals include what was counted before the process started. Only observed counters and histograms. */
  readonly unknownStart: boolean;
  /** What a scrape of several processes makes of its values. Only gauges and up-down counters. */
  readonly across?: Across;
  /** Labels with one value, on each of the metric's series. */
  readonly constantLabels: ConstantLabels;
  /** Why not to use the metric any more, and what to use instead. */
  readonly deprecated: string | undefined;
  readonly stability: Stability;
}

export type Metrics = Readonly<Record<string, Metric>>;

export interface Contract<M extends Metrics = Metrics> {
  /** Prefix of all series without an explicit name, and name of the meter, e.g. `runwisp`. */
  readonly name: string;
  readonly metrics: M;
  /** The format for a client that states no preference. */
  readonly defaultFormat: 'openmetrics' | 'text';
  /** How long the last good values stay after a failed collection, in milliseconds. Default 60,000. */
  readonly maxAgeMs: number;
  /** Ids of lint findings that the contract accepts, by series: `{ rm_hosts_total: ['total-suffix'] }`. */
  readonly accepts: Readonly<Record<string, readonly string[]>>;
}
