/** What stands between the recorder and the store: the engine's side of a recorded metric. */
import type { Context, MeterProvider } from '@opentelemetry/api';
import type { Contract, Metric } from '../contract/metric.ts';
import type { OnAdmit } from '../series/refusals.ts';
import type { Series } from '../series/series.ts';
import type { Admit } from '../series/series-table.ts';
import type { Family, Row, Store } from '../store/store.ts';

/** A recorded metric, with its index and its place in the store. */
export interface Attached {
  readonly metric: Metric;
  readonly admit: Admit;
  readonly family: Family;
  /** Undefined: the metric has none. An engine offers to them what it writes. */
  readonly exemplars?: Exemplars | undefined;
}

export type Write = (series: Series, value: number) => void;
/** `context`: the caller's of the OpenTelemetry API, in place of the active one. Only exemplars look at it. */
export type Measure = (value: number, labels: unknown, context?: Context) => void;
/** Records with what was bound. */
export type PutBound = (value: number) => void;

/** The exemplars of a metric (see `exemplars.ts`). */
export interface Exemplars {
  /** Looks which span is active (or in the context given) ahead of each measurement. */
  measure(inner: Measure): Measure;
  bound(inner: PutBound): PutBound;
  /** Offers what is being measured to the series of a row. */
  offer(row: Row, value: number): void;
}

/** How an engine that writes to the store itself shortens the way: calls that need no judgement do not pass *admit*. */
export interface Direct {
  /** The series is exposed from now on, and begins with `first`: another thread must not see a gauge at a 0 that nobody set. */
  show(series: Series, first: number): void;
  /** The series is gone: whoever still holds it writes to the sink. */
  drop(series: Series): void;
  /** Nothing is found any more: all that was measured stays where it is. */
  close(): void;
  /** These labels are this series, with nothing folded or dropped on the way. */
  learn(series: Series, labels: unknown): void;
  /** A way to measure that falls back on `slow` for everything it does not know. */
  measure(slow: Measure): Measure;
  bound(slow: PutBound, series: Series | undefined): PutBound;
}

export interface Instrument {
  /** Takes what admit has let through. */
  readonly write: Write;
  readonly direct?: Direct;
}

export interface Engine {
  /** Makes the instruments of a contract, in the order of `recorded`. */
  attach(contract: Contract, recorded: readonly Attached[]): readonly Instrument[];
  /** Where instruments that no contract names are made. */
  readonly meterProvider: MeterProvider;
  /** Brings the store up to what was recorded. Callbacks get `budgetMs` at most. Failures are returned, never thrown. */
  collect(budgetMs: number): Promise<readonly unknown[]>;
  close(): Promise<void>;
}

export interface EngineOptions {
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** Takes what becomes of measurements that no contract names. Default: nothing does. */
  readonly onAdmit?: OnAdmit;
}

/** An engine that is handed in. Its name tells one choice from another when a bridge is asked for again. */
export interface EngineChoice {
  readonly name: string;
  /** Who pushes, unless an option says otherwise. Default: Meterbridge's own exporter. */
  readonly exporter?: 'sdk';
  create(store: Store, options: EngineOptions): Engine;
}
