/** Builders of the six kinds that can be declared. They only note what was said; `contract()` resolves and checks it. */
import type { Kind } from '../naming/kind.ts';
import type { Exponential, Labels, NoLabels, Stability } from './metric.ts';

/** What can be said of a metric. Only `help` is required. */
export interface Declaration<L extends Labels = Labels, O extends boolean = boolean> {
  /** One sentence, for HELP and the documentation. */
  readonly help: string;
  /** UCUM unit (`s`, `By`, `%`) or an annotation (`{run}`). Default `''`: none. Never `1`, which Collectors call a ratio. */
  readonly unit?: string;
  /** In the order in which exposition writes them. Default: none. */
  readonly labels?: L;
  /** Read by a callback when somebody asks, instead of recorded by calls. Default false. */
  readonly observed?: O;
  /** OpenTelemetry instrument name outright. Default: contract name and key, `taskDuration` → `runwisp.task.duration`. */
  readonly instrument?: string;
  /** Series name outright (text 0.0.4, `_total` included); instrument and unit follow from it where they are not given. */
  readonly series?: string;
  /**
   * Every combination of the closed sets starts at 0 (recorded), or is 0 when a successful callback left it out (observed).
   * Default: true for counters, up-down counters and gauges all of whose labels are closed sets, and for recorded counters
   * and up-down counters without labels; false for everything else.
   */
  readonly zeroFilled?: boolean;
  /** HELP and TYPE are left out as long as there is no value. Default false. */
  readonly omitEmpty?: boolean;
  /** Labels with one fixed value on each series. Default: the contract's. */
  readonly constantLabels?: Readonly<Record<string, string>>;
  /** Why not to use it any more, and what instead. Default: not deprecated. */
  readonly deprecated?: string;
  /** Default `stable`. */
  readonly stability?: Stability;
}

export interface CounterDeclaration<L extends Labels = Labels, O extends boolean = boolean> extends Declaration<L, O> {
  /** What is measured inside a sampled span leaves its trace and span id as an exemplar. Not when observed. Default false. */
  readonly exemplars?: boolean;
  /**
   * The total outlives the process, as one that a database keeps: nobody knows when it began. It is pushed without a start time, and as deltas
   * from its first push on. Only when observed. Default false: it began with the process.
   */
  readonly unknownStart?: boolean;
}

export interface HistogramDeclaration<L extends Labels = Labels, O extends boolean = boolean> extends CounterDeclaration<L, O> {
  /** Upper bounds, strictly ascending, in `unit`, without +Inf. Required unless `exponential` is given or the unit is `s`: then 5 ms to 10 s. */
  readonly bounds?: readonly number[];
  /**
   * Buckets that follow the values, in place of `bounds`; `{}` for the defaults: `maxSize` 160 (2 to 1,024), `maxScale` 20 (-10 to 20). They
   * arrive at whoever is pushed to; the text formats have no word for them and show count and sum. Recorded histograms only.
   */
  readonly exponential?: Partial<Exponential>;
  /** The smallest and the largest value are kept and pushed; the text formats have no word for them. Recorded histograms only. Default false. */
  readonly minMax?: boolean;
}

/** A declaration together with its kind: what `contract()` takes. */
export interface Declared<K extends Kind = Kind, L extends Labels = Labels, O extends boolean = boolean> {
  readonly kind: K;
  readonly declaration: HistogramDeclaration<L, O>;
}

/** Says nothing of labels and `observed`, or TypeScript would widen what the builders infer to fit it. */
export interface AnyDeclared {
  readonly kind: Kind;
  readonly declaration: object;
}

export type Declarations = Readonly<Record<string, AnyDeclared>>;

function declared<K extends Kind, L extends Labels, O extends boolean>(
  kind: K,
  declaration: HistogramDeclaration<L, O>,
): Declared<K, L, O> {
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
  declaration: Declaration<L, O>,
): Declared<'updowncounter', L, O> {
  return declared('updowncounter', declaration);
}

/** A value as it is now. */
export function gauge<L extends Labels = NoLabels, O extends boolean = false>(declaration: Declaration<L, O>): Declared<'gauge', L, O> {
  return declared('gauge', declaration);
}

/** A distribution over buckets. */
export function histogram<L extends Labels = NoLabels, O extends boolean = false>(
  declaration: HistogramDeclaration<L, O>,
): Declared<'histogram', L, O> {
  return declared('histogram', declaration);
}

/** Sum and count, without quantiles: those cannot be aggregated. */
export function summary<L extends Labels = NoLabels, O extends boolean = false>(declaration: Declaration<L, O>): Declared<'summary', L, O> {
  return declared('summary', declaration);
}

/** Facts as labels, always 1; exposed as a gauge in every format. */
export function info<L extends Labels = NoLabels, O extends boolean = false>(declaration: Declaration<L, O>): Declared<'info', L, O> {
  return declared('info', declaration);
}
