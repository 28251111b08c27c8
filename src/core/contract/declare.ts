/** Builders of the six kinds that you can declare. They only store the declaration; `contract()` resolves and checks it. */
import { publicFunctions } from '../errors/caller.ts';
import { checkKeys } from '../errors/check-options.ts';
import { MeterbridgeError } from '../errors/error.ts';
import type { Kind } from '../naming/kind.ts';
import type { Across, ConstantLabels, Exponential, Labels, NoLabels, Stability, TextCounters } from './metric.ts';
import { withoutBounds } from './size-rules.ts';

/** The declaration of a metric. Only `help` is required. */
export interface Declaration<L extends Labels = Labels, O extends boolean = boolean> {
  /** One sentence, for HELP and the documentation. */
  readonly help: string;
  /** UCUM unit (`s`, `By`, `%`) or an annotation (`{run}`). Never `1`, which Collectors call a ratio. Default: none. */
  readonly unit?: string;
  /** In exposition order. Default: none. */
  readonly labels?: L;
  /** A callback reads the values at each collection, instead of calls recording them. Default false. */
  readonly observed?: O;
  /** The full OpenTelemetry instrument name. Default: contract name and key, `taskDuration` → `runwisp.task.duration`. */
  readonly instrument?: string;
  /**
   * The full series name (text 0.0.4, including `_total`). Instrument and unit follow from it unless you give them. Default: from
   * instrument, unit and kind.
   */
  readonly series?: string;
  /**
   * Exposes `series` and the names of the labels as they are, for a metric that dashboards know: a Collector may show what is
   * pushed under another name. A counter is `unknown` in OpenMetrics. Without it, a name that a Collector would not derive is an
   * error. Default false.
   */
  readonly verbatim?: boolean;
  /**
   * Every combination of the closed sets starts at 0 (recorded), or is 0 if a successful callback does not set it (observed).
   * True for counters, up-down counters and gauges all of whose labels are closed sets, and for recorded counters and up-down
   * counters without labels; false for everything else. Default: by kind and labels.
   */
  readonly zeroFilled?: boolean;
  /** Omits HELP and TYPE while there is no value. Default false. */
  readonly omitEmpty?: boolean;
  /** Labels with one value on each series, fixed or a `parameter(value)`. Default: the contract's. */
  readonly constantLabels?: ConstantLabels;
  /** Why not to use the metric any more, and what to use instead. Default: not deprecated. */
  readonly deprecated?: string;
  /** `development`: the metric may still change. Default `stable`. */
  readonly stability?: Stability;
}

export interface GaugeDeclaration<L extends Labels = Labels, O extends boolean = boolean> extends Declaration<L, O> {
  /**
   * What a scrape of several processes (`meterbridge(contract, { processes })`) makes of their values: `sum`, `max`, `min`,
   * `average`, `first` (the oldest process's), `worker` (each, under a label `worker` with a small number), `omit` (nothing). No
   * effect on a single process. Default `sum`.
   */
  readonly across?: Across;
}

export interface CounterDeclaration<L extends Labels = Labels, O extends boolean = boolean> extends Declaration<L, O> {
  /** Keeps the trace and span id of measurements inside a sampled span as exemplars. Recorded metrics only. Default false. */
  readonly exemplars?: boolean;
  /**
   * The total outlives the process, e.g. in a database, so its start is unknown. It is pushed without a start time, and as deltas
   * from the first push on. Observed metrics only. Without it, it starts with the process. Default false.
   */
  readonly unknownStart?: boolean;
}

export interface HistogramDeclaration<L extends Labels = Labels, O extends boolean = boolean> extends CounterDeclaration<L, O> {
  /**
   * Upper bounds, strictly ascending, in `unit`, without +Inf. Required for any unit but `s`, unless `exponential` is given.
   * Default: 5 ms to 10 s.
   */
  readonly bounds?: readonly number[];
  /**
   * Buckets that adapt to the values, instead of `bounds`, or beside them if both are given; `{}` for the defaults: `maxSize` 160
   * (2 to 1,024), `maxScale` 20 (-10 to 20). Push sends them (`push.histograms: 'explicit'`: those of `bounds`); the text formats
   * cannot express them, and show the buckets of `bounds`, or count and sum. `textBuckets` (2 to 1,000; not beside `bounds`) adds
   * up to so many buckets between powers of two to a scrape. Recorded histograms only. Default: none.
   */
  readonly exponential?: Partial<Exponential>;
  /**
   * Keeps and pushes the smallest and the largest value; the text formats cannot express them. Recorded histograms only. Default
   * false.
   */
  readonly minMax?: boolean;
}

export interface SummaryDeclaration<L extends Labels = Labels, O extends boolean = boolean> extends Declaration<L, O> {
  /**
   * Makes it two counters in text 0.0.4, `…_sum` and `…_count`, with these HELP texts; OpenMetrics allows none. Only without
   * labels. Default: a summary.
   */
  readonly counters?: TextCounters;
}

/** Of any kind: `contract()` reports what another kind has. */
export type AnyDeclaration<L extends Labels = Labels, O extends boolean = boolean> = HistogramDeclaration<L, O> &
  GaugeDeclaration<L, O> &
  SummaryDeclaration<L, O>;

/** A declaration with its kind, as `contract()` accepts it. */
export interface Declared<K extends Kind = Kind, L extends Labels = Labels, O extends boolean = boolean> {
  readonly kind: K;
  readonly declaration: AnyDeclaration<L, O>;
}

/** Leaves out labels and `observed`: otherwise TypeScript would widen the types that the builders infer. */
export interface AnyDeclared {
  readonly kind: Kind;
  readonly declaration: object;
}

export type Declarations = Readonly<Record<string, AnyDeclared>>;

/** Of every kind; `contract()` reports those of another kind. */
const knownKeys: readonly string[] = Object.keys({
  help: 0,
  unit: 0,
  labels: 0,
  observed: 0,
  instrument: 0,
  series: 0,
  verbatim: 0,
  zeroFilled: 0,
  omitEmpty: 0,
  constantLabels: 0,
  deprecated: 0,
  stability: 0,
  exemplars: 0,
  unknownStart: 0,
  bounds: 0,
  exponential: 0,
  minMax: 0,
  across: 0,
  counters: 0,
} satisfies Record<keyof AnyDeclaration, 0>);

/** prom-client's keys, and OpenTelemetry's `description`. */
const habits = {
  buckets: 'write bounds',
  labelNames: 'write labels, as { route: capped() }',
  name: 'write series, or leave it out: the name is contract and key',
  description: 'write help',
};

/** @throws CONTRACT_INVALID for a declaration that is no object, or has a key that does not exist */
function declared<K extends Kind, L extends Labels, O extends boolean>(
  kind: K,
  declaration: AnyDeclaration<L, O>,
): Declared<K, L, O> {
  checkKeys('CONTRACT_INVALID', declaration, `${kind === 'updowncounter' ? 'upDownCounter' : kind}()`, knownKeys, habits);
  return Object.freeze({ kind, declaration });
}

/** Only grows; exposed with `_total`. */
export function counter<L extends Labels = NoLabels, O extends boolean = false>(
  declaration: CounterDeclaration<L, O>,
): Declared<'counter', L, O> {
  return declared('counter', declaration);
}

/** Goes up and down by amounts (`add(-1)`); exposed as a gauge. */
export function upDownCounter<L extends Labels = NoLabels, O extends boolean = false>(
  declaration: GaugeDeclaration<L, O>,
): Declared<'updowncounter', L, O> {
  return declared('updowncounter', declaration);
}

/** The current value of something. */
export function gauge<L extends Labels = NoLabels, O extends boolean = false>(
  declaration: GaugeDeclaration<L, O>,
): Declared<'gauge', L, O> {
  return declared('gauge', declaration);
}

/**
 * A distribution of values over buckets.
 * @throws CONTRACT_INVALID also without bounds, unless it is in seconds
 */
export function histogram<L extends Labels = NoLabels, O extends boolean = false>(
  declaration: HistogramDeclaration<L, O>,
): Declared<'histogram', L, O> {
  const made = declared('histogram', declaration);
  const { bounds, exponential, series, unit } = declaration;
  // The name of a series may give the unit; `contract()` knows.
  const hasBuckets = bounds !== undefined || exponential !== undefined || series !== undefined || unit === 's';
  if (!hasBuckets) throw new MeterbridgeError('CONTRACT_INVALID', [withoutBounds('histogram().bounds')]);
  return made;
}

/** Sum and count, without quantiles, because quantiles cannot be aggregated. */
export function summary<L extends Labels = NoLabels, O extends boolean = false>(
  declaration: SummaryDeclaration<L, O>,
): Declared<'summary', L, O> {
  return declared('summary', declaration);
}

/** Facts as labels, always 1; exposed as a gauge in every format. */
export function info<L extends Labels = NoLabels, O extends boolean = false>(
  declaration: Declaration<L, O>,
): Declared<'info', L, O> {
  return declared('info', declaration);
}

publicFunctions(counter, upDownCounter, gauge, histogram, summary, info);
