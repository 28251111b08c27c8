/** What stands between the recorder and the store: the engine's side of a recorded metric. */
import type { Context, MeterProvider } from '@opentelemetry/api';
import type { Contract, Metric } from '../contract/metric.ts';
import type { OnAdmit } from '../series/refusals.ts';
import type { LabelledSeries } from '../series/series-table.ts';
import type { Family, Row, Store } from '../store/store.ts';

/** A recorded metric, with its series and its place in the store. */
export interface Recordable {
  readonly metric: Metric;
  readonly series: LabelledSeries;
  readonly family: Family;
  /** Undefined: the metric has none. An engine offers to them what it writes. */
  readonly exemplars?: Exemplars | undefined;
}

/** `context`: the caller's of the OpenTelemetry API, in place of the active one. Only exemplars look at it. */
export type Measure = (value: number, labels: unknown, context?: Context) => void;
/** Records with what was bound. */
export type MeasureBound = (value: number) => void;

/** The exemplars of a metric (see `exemplars.ts`). */
export interface Exemplars {
  /** Looks which span is active (or in the context given) ahead of each measurement. */
  measure(inner: Measure): Measure;
  bound(inner: MeasureBound): MeasureBound;
  /** Offers what is being measured to the series of a row. */
  offer(row: Row, value: number): void;
}

/** How a metric is recorded. Neither throws: what cannot be recorded is refused, and counted. */
export interface Instrument {
  readonly measure: Measure;
  bound(labels: unknown): MeasureBound;
}

export interface Engine {
  /** Makes the instruments of a contract, in the order of `recorded`. */
  attach(contract: Contract, recorded: readonly Recordable[]): readonly Instrument[];
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
