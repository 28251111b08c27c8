/** The recorder's types, derived from a contract: the methods of each metric and the labels that they accept. */

import type { Contract, Labels, LabelValues, Metric, Metrics } from '../../core/contract/metric.ts';
import type { Kind } from '../../core/naming/kind.ts';

/** The labels argument: optional only for a metric without labels. */
export type LabelArgs<L extends Labels> = keyof L extends never
  ? [labels?: Readonly<Record<string, never>>]
  : [labels: LabelValues<L>];

/** What every recorded metric has in common. */
export interface Recorded<L extends Labels> {
  /**
   * Removes every series that has these label values, as of the next scrape. A label left out matches any value; without labels,
   * all series go. With some of the labels the call holds the event loop for up to 3 µs a series that goes; without labels for 5
   * ms, whatever their number.
   */
  remove(labels?: Partial<LabelValues<L>>): void;
}

/** All but an info, which is always 1. */
export interface Zeroed<L extends Labels> extends Recorded<L> {
  /** Exposes the series at 0 before you record anything, so that `increase()` sees the first increment. */
  zero(...labels: LabelArgs<L>): void;
}

/** `add(value, labels)`, as in OpenTelemetry. A metric without labels may leave out the value, which is 1 then. */
export type Add<L extends Labels> = keyof L extends never
  ? { (): void; (value: number, labels?: Readonly<Record<string, never>>): void }
  : (value: number, labels: LabelValues<L>) => void;

/** `inc(labels)`, as in prom-client: counts one. Takes no value: that is `add(value, labels)`. */
export type Inc<L extends Labels> = (...labels: LabelArgs<L>) => void;

/** Never throws: Meterbridge rejects and counts a value that is negative or not finite, and labels outside the contract. */
export interface CounterRecorder<L extends Labels> extends Zeroed<L> {
  /** Adds `value` to the series with these labels: `add(5, { outcome: 'delivered' })`. */
  readonly add: Add<L>;
  /** Counts one: `inc({ outcome: 'delivered' })`. For another value, `add(value, labels)`. */
  readonly inc: Inc<L>;
  /**
   * For a hot call site: resolves the labels once. After you remove the series, writes through the binding are lost; bind again.
   */
  bind(...labels: LabelArgs<L>): { add(value: number): void };
}

/** A counter whose value may also fall. Any finite value. */
export interface UpDownCounterRecorder<L extends Labels> extends CounterRecorder<L> {
  /** Takes one off. For another value, `add(-value, labels)`. */
  readonly dec: Inc<L>;
}

export interface GaugeRecorder<L extends Labels> extends Zeroed<L> {
  /** `value`: any double, including NaN and the infinities. */
  set(value: number, ...labels: LabelArgs<L>): void;
  /** Adds a finite value, which may be negative, to what the series shows; to 0 where there is no series yet. */
  readonly add: Add<L>;
  /** Adds one. For another value, `add(value, labels)`. */
  readonly inc: Inc<L>;
  /** Takes one off. For another value, `add(-value, labels)`. */
  readonly dec: Inc<L>;
  /** Sets the time since 1970, by the bridge's clock, in the metric's unit (s, ms, us, ns, min, h, d; else seconds). */
  setToCurrentTime(...labels: LabelArgs<L>): void;
  bind(...labels: LabelArgs<L>): { set(value: number): void };
}

/** Histograms, and summaries without quantiles. Values are in the metric's unit. */
export interface HistogramRecorder<L extends Labels> extends Zeroed<L> {
  /** Records one value: `record(0.2, { route: '/' })`. */
  record(value: number, ...labels: LabelArgs<L>): void;
  bind(...labels: LabelArgs<L>): { record(value: number): void };
  /**
   * Starts a timer. The returned function records the elapsed time in the metric's unit (s, ms, us, ns, min, h, d; else seconds)
   * and returns it. It takes the labels that `startTimer` did not get, such as an outcome.
   */
  startTimer<const S extends Partial<LabelValues<L>> = Record<never, never>>(labels?: S): (...rest: RestOfLabels<L, S>) => number;
  /**
   * Calls `fn`, records how long it took, and returns its result. Of a promise, it records the time until the promise settles. A
   * failure is recorded, too, and passed on.
   */
  time<T>(...labelsAndFn: [...TimedLabels<L>, fn: () => T]): T;
}

/** Labels that the start of a timer left out are required at its end; others may be replaced. */
type RestOfLabels<L extends Labels, S> = keyof L extends keyof S
  ? [labels?: Partial<LabelValues<L>>]
  : [labels: Omit<LabelValues<L>, keyof S> & Partial<LabelValues<L>>];
type TimedLabels<L extends Labels> = keyof L extends never ? [] : [labels: LabelValues<L>];

export interface InfoRecorder<L extends Labels> extends Recorded<L> {
  /** Replaces the previous label set: an info has one at a time. */
  set(...labels: LabelArgs<L>): void;
}

export type HistogramValue = {
  /** Observations per bucket, not cumulative; one element more than the contract has bounds. */
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

/** Without labels, return the value, or `undefined` when it is unknown. With labels, set each series. Throw on failure. */
export type ObserveCallback<K extends Kind, L extends Labels> =
  | ((observation: Observation<K, L>, signal: AbortSignal) => Awaitable<void>)
  | (keyof L extends never ? () => Awaitable<ObservedValue<K> | undefined> : never);

export interface ObservedRecorder<K extends Kind, L extends Labels> {
  /**
   * Attaches the callback that each collection runs; returns a function that detaches it. A series that the callback does not set
   * disappears. If the callback throws, the last good values stay for the contract's `maxAgeMs`; if it is late, until it ends.
   * Its signal aborts after the bridge's
   * `callbackTimeoutMs`.
   * @throws OBSERVE_MISUSE when the metric already has a callback.
   */
  observe(callback: ObserveCallback<K, L>): () => void;
  /** Type only: `bridge.observe` checks its labels against it. */
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
      : K extends 'counter'
        ? CounterRecorder<L>
        : K extends 'updowncounter'
          ? UpDownCounterRecorder<L>
          : K extends 'gauge'
            ? GaugeRecorder<L>
            : K extends 'histogram' | 'summary'
              ? HistogramRecorder<L>
              : K extends 'info'
                ? InfoRecorder<L>
                : never
    : never;

/** `bridge.metrics`: one recorder per metric, under the contract's keys. */
export type Recorder<M extends Metrics> = { readonly [N in keyof M]: RecorderOf<M[N]> };
export type RecorderFor<C extends Contract> = C extends Contract<infer M> ? Recorder<M> : never;

/** The observation of a callback that serves several metrics. */
export interface GroupObservation {
  set<K extends Kind, L extends Labels>(target: ObservedRecorder<K, L>, value: ObservedValue<K>, ...labels: LabelArgs<L>): void;
}
export interface ObserveOptions {
  /**
   * Runs the callback at most once per this many milliseconds, whether it succeeds or fails. In between, its last values stay,
   * and their age counts from the run. The last push of `close()` runs it once more. Default: it runs at each collection.
   */
  readonly atMostEveryMs?: number;
}
export type GroupCallback = (observation: GroupObservation, signal: AbortSignal) => Awaitable<void>;
