/** What a contract says of one metric and of its labels, resolved and frozen. Types only. */
import type { Kind } from '../naming/kind.ts';

/** A closed set: any other value is refused and counted. */
export interface ClosedLabel<V extends string = string> {
  readonly kind: 'closed';
  readonly values: readonly V[];
  /** Folds foreign text into the set: trimmed and lower-cased, what is not in it becomes `other` (which must be in the set). */
  fold(text: string): V;
}

/** The first `limit` values are shown, the rest fold into `other`. */
export interface CappedLabel {
  readonly kind: 'capped';
  readonly limit: number;
  readonly other: string;
  /** Of a value's UTF-8; a longer one becomes its beginning and a hash. */
  readonly maxBytes: number;
}

/** Lives as long as the thing it names; beyond `limit` it folds into `other` (counters, histograms) or is refused (gauges). */
export interface IdentityLabel {
  readonly kind: 'identity';
  readonly limit: number;
  readonly other: string;
  /** Of a value's UTF-8; a longer one becomes its beginning and a hash. */
  readonly maxBytes: number;
}

export type Label = ClosedLabel | CappedLabel | IdentityLabel;
export type Labels = Readonly<Record<string, Label>>;
// biome-ignore lint/complexity/noBannedTypes: the empty label set
export type NoLabels = {};

/** The label values that a call takes, inferred from the declaration. */
export type LabelValues<L extends Labels> = { readonly [K in keyof L]: L[K] extends ClosedLabel<infer V> ? V : string };

/** Buckets that follow the values, in place of bounds (OpenTelemetry Metrics SDK, "Base2 Exponential Bucket Histogram Aggregation"). */
export interface Exponential {
  /** Most buckets that a series may have; the resolution falls where the values do not fit. */
  readonly maxSize: number;
  /** The resolution that a series begins with: 2^scale buckets between a value and its double. */
  readonly maxScale: number;
}

export type Stability = 'stable' | 'development';

/** One metric of a contract. `K`, `L` and `O` carry kind, labels and observed-or-recorded into the recorder's types. */
export interface Metric<K extends Kind = Kind, L extends Labels = Labels, O extends boolean = boolean> {
  readonly kind: K;
  /** Read by a callback when somebody asks, instead of recorded by calls. */
  readonly observed: O;
  /** In the order in which exposition writes them. */
  readonly labels: L;
  /** OpenTelemetry instrument name, e.g. `runwisp.runs`. */
  readonly instrument: string;
  /** The series' family name in text 0.0.4, e.g. `runwisp_runs_total`. */
  readonly series: string;
  /** UCUM unit; `''` for none. */
  readonly unit: string;
  readonly help: string;
  /** Upper bucket bounds, strictly ascending, in `unit`. Empty for other kinds than histograms, and for exponential ones. */
  readonly bounds: readonly number[];
  /** Absent: not an exponential histogram. */
  readonly exponential?: Exponential;
  /** Whether a histogram's smallest and largest value are kept and pushed. */
  readonly minMax: boolean;
  /** Quantiles of a summary met in a foreign endpoint, strictly ascending. Absent: none, as in every declared summary. */
  readonly quantiles?: readonly number[];
  /** Every combination of the closed sets starts at 0 (recorded), or is 0 when a successful callback left it out (observed). */
  readonly zeroFilled: boolean;
  /** HELP and TYPE are left out as long as there is no value. */
  readonly omitEmpty: boolean;
  /** What is measured inside a sampled span leaves its trace and span id as an exemplar. Only recorded counters and histograms. */
  readonly exemplars: boolean;
  /** What was counted before the process began is in the totals. Only observed counters and histograms. */
  readonly unknownStart: boolean;
  /** Labels with one fixed value, on each of the metric's series. */
  readonly constantLabels: Readonly<Record<string, string>>;
  /** Why not to use it any more, and what instead. */
  readonly deprecated: string | undefined;
  readonly stability: Stability;
}

export type Metrics = Readonly<Record<string, Metric>>;

export interface Contract<M extends Metrics = Metrics> {
  /** Prefix of all series that are not named outright, and name of the meter, e.g. `runwisp`. */
  readonly name: string;
  readonly metrics: M;
  /** The format for a client that states no preference. */
  readonly defaultFormat: 'openmetrics' | 'text';
  /** How long the last good values of a failed collection are served, in milliseconds. Default 60,000. */
  readonly maxAgeMs: number;
  /** Ids of lint findings that the contract accepts, by series: `{ rm_hosts_total: ['total-suffix'] }`. */
  readonly accepts: Readonly<Record<string, readonly string[]>>;
}
