/**
 * What a program exposes, summarised in bounded memory: the linter, the contract's check and `infer` read it, whatever the format
 * was.
 */
import type { Kind } from '../../core/naming/index.ts';

export type ObservedFormat = 'openmetrics' | 'text' | 'protobuf' | 'otlp';

export interface ObservedLabel {
  /** Series that have the label. */
  readonly series: number;
  /** The first distinct values, in the order in which they were seen, `mostValues` at most. */
  readonly values: ReadonlySet<string>;
  /** Distinct values; exact as long as `values` has all of them, and an estimate beyond. */
  readonly distinct: number;
}

export interface ObservedFamily {
  /** In text 0.0.4, as a contract's `series`: a counter ends with `_total`. */
  readonly name: string;
  /** `unknown` without a type. */
  readonly kind: Kind;
  /** Whether the source gives the type, `untyped` too. */
  readonly typed: boolean;
  readonly help: string | undefined;
  /**
   * As the source says it: OpenMetrics' and protobuf's word (`seconds`), OTLP's UCUM (`s`). Undefined: it says none, or its
   * format has none.
   */
  readonly unit: string | undefined;
  /** The line of the first sample or of its metadata, from 1. Undefined: the source has no lines. */
  readonly line: number | undefined;
  /** Distinct label sets, a histogram's `le` and a summary's `quantile` aside. */
  readonly series: number;
  /** By name, a histogram's `le` and a summary's `quantile` aside. */
  readonly labels: ReadonlyMap<string, ObservedLabel>;
  /** Histograms with classic buckets: the distinct lists of upper bounds without +Inf, 10 at most. */
  readonly bounds: readonly (readonly number[])[];
  /** Summaries: the quantiles seen, ascending. */
  readonly quantiles: readonly number[];
  /** Whether a series has exponential (native) buckets. */
  readonly native: boolean;
  /** Series with a start time. */
  readonly starts: number;
  /** Series whose values are all 1, as an info's are. Undefined: they were not counted. */
  readonly ones?: number;
  /** Of a summary that text 0.0.4 shows as two counters: those (`hold/as-counters.ts`). */
  readonly counters?: { readonly sum: ObservedFamily; readonly count: ObservedFamily };
  /** Only of OTLP. */
  readonly instrument?: ObservedInstrument;
}

export interface ObservedInstrument {
  readonly scope: string;
  /** E.g. `runwisp.runs`. */
  readonly name: string;
  readonly monotonic: boolean;
  /** Undefined: the type has none. */
  readonly temporality: 'cumulative' | 'delta' | undefined;
}

export interface Observed {
  /** A file's path, a URL without credentials, or `standard input`. */
  readonly source: string;
  readonly format: ObservedFormat;
  /** By `name`, in the order of the source. */
  readonly families: ReadonlyMap<string, ObservedFamily>;
  /** Samples, or points of OTLP. */
  readonly samples: number;
  /** Of the source as read. */
  readonly bytes: number;
}

/** `ObservedLabel.values` keeps this many. */
export const mostValues = 1_000;
