/** The recorder's types, derived from a contract: what can be called on a metric, and with which labels. */

import type { Contract, Labels, LabelValues, Metric, Metrics } from '../contract/metric.ts';
import type { Kind } from '../naming/kind.ts';

/** The labels argument: optional only for a metric without labels. */
export type LabelArgs<L extends Labels> = keyof L extends never ? [labels?: Readonly<Record<string, never>>] : [labels: LabelValues<L>];

/** What every recorded metric has in common. */
export interface Recorded<L extends Labels> {
  /** Removes every series that has these label values; labels left out match any value, none given is all. Gone at the next scrape. */
  remove(labels?: Partial<LabelValues<L>>): void;
}

/** All but an info, which is always 1. */
export interface Zeroed<L extends Labels> extends Recorded<L> {
  /** Shows the series at 0 before anything was recorded, so that `increase()` sees the first increment. */
  zero(...labels: LabelArgs<L>): void;
}

/** Never throws: a value that is not finite or negative, or labels outside the contract, are refused and counted. */
export interface CounterRecorder<L extends Labels> extends Zeroed<L> {
  add(value: number, ...labels: LabelArgs<L>): void;
  /** For a hot call site: the labels are resolved once. A series that was removed swallows what is written to it; bind anew. */
  bind(...labels: LabelArgs<L>): { add(value: number): void };
}

export interface GaugeRecorder<L extends Labels> extends Zeroed<L> {
  /** Any double, NaN and infinities included. */
  set(value: number, ...labels: LabelArgs<L>): void;
  bind(...labels: LabelArgs<L>): { set(value: number): void };
}

/** Histograms, and summaries without quantiles. Values are in the metric's unit. */
export interface HistogramRecorder<L extends Labels> extends Zeroed<L> {
  record(value: number, ...labels: LabelArgs<L>): void;
  bind(...labels: LabelArgs<L>): { record(value: number): void };
  /** Starts a clock; the function it returns records the time since in the metric's unit (s, ms, us, ns, min, h, d; else seconds) and returns it. */
  startTimer(...labels: LabelArgs<L>): () => number;
}

export interface InfoRecorder<L extends Labels> extends Recorded<L> {
  /** An information has one set of labels at a time: a new one replaces the former. */
  set(...labels: LabelArgs<L>): void;
}

export type HistogramValue = {
  /** Observations per bucket, not cumulative; one more than the contract has bounds. */
  readonly counts: readonly number[];
  readonly sum: number;
};
export type SummaryValue = { readonly count: number; readonly sum: number };
/** What a callback observes, by kind. */
export type ObservedValue<K extends Kind> = K extends 'histogram' ? HistogramValue : K extends 'summary' ? SummaryValue : number;

export interface Observation<K extends Kind, L extends Labels> {
  set(value: ObservedValue<K>, ...labels: LabelArgs<L>): void;
}

type Awaitable<T> = T | Promise<T>;

/** Without labels: returns the value, `undefined` when unknown. With labels: reports each series. A failure is thrown. */
export type ObserveCallback<K extends Kind, L extends Labels> =
  | ((observation: Observation<K, L>, signal: AbortSignal) => Awaitable<void>)
  | (keyof L extends never ? () => Awaitable<ObservedValue<K> | undefined> : never);

export interface ObservedRecorder<K extends Kind, L extends Labels> {
  /**
   * Attaches the callback that is run when somebody asks. What it does not observe is gone; when it throws or is late, the
   * last good values stay for the contract's `maxAgeMs`. Returns what detaches it.
   * @throws OBSERVE_MISUSE when another callback is attached already.
   */
  observe(callback: ObserveCallback<K, L>): () => void;
  /** Type only: what `bridge.observe` checks its labels against. */
  readonly observes?: { readonly kind: K; readonly labels: L };
}

/** Any observed metric, whatever its kind and labels. */
export interface AnyObservedRecorder {
  observe(callback: never): () => void;
}

export type RecorderOf<T extends Metric> =
  T extends Metric<infer K, infer L, infer O>
    ? O extends true
      ? ObservedRecorder<K, L>
      : K extends 'counter' | 'updowncounter'
        ? CounterRecorder<L>
        : K extends 'gauge'
          ? GaugeRecorder<L>
          : K extends 'histogram' | 'summary'
            ? HistogramRecorder<L>
            : K extends 'info'
              ? InfoRecorder<L>
              : never
    : never;

/** `bridge.metrics`: one recorder a metric, under the contract's keys. */
export type Recorder<M extends Metrics> = { readonly [N in keyof M]: RecorderOf<M[N]> };
export type RecorderFor<C extends Contract> = C extends Contract<infer M> ? Recorder<M> : never;

/** One query behind several families. */
export interface GroupObservation {
  set<K extends Kind, L extends Labels>(target: ObservedRecorder<K, L>, value: ObservedValue<K>, ...labels: LabelArgs<L>): void;
}
export interface ObserveOptions {
  /**
   * The callback runs at most once in so many ms, however often it is asked and whether it succeeds or fails; in between its last values
   * stand, and their age counts from the run. The last push of `close()` asks once more. Default: it runs at each collection.
   */
  readonly atMostEveryMs?: number;
}
export type GroupCallback = (observation: GroupObservation, signal: AbortSignal) => Awaitable<void>;
