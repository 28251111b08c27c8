/** The interface of an engine, which connects the recorders and the store. */
import type { Context, MeterProvider } from '@opentelemetry/api';
import type { Contract, Metric } from '../../core/contract/metric.ts';
import type { Family, Row, Store } from '../../core/store/store.ts';
import type { OnAdmit } from '../series/refusals.ts';
import type { LabelledSeries } from '../series/series-table.ts';
import type { ViewOptions } from './views/view-options.ts';

/** A recorded metric with its series and its family in the store. */
export interface Recordable {
  readonly metric: Metric;
  readonly series: LabelledSeries;
  readonly family: Family;
  /** Undefined: the metric has none. An engine offers each value that it writes. */
  readonly exemplars?: Exemplars | undefined;
}

/** `context`: the OpenTelemetry context that the caller passed instead of the active one. Only exemplars use it. */
export type Measure = (value: number, labels: unknown, context?: Context) => void;
/** Records with the bound labels. */
export type MeasureBound = (value: number) => void;

/**
 * Which measurements can become exemplars (Metrics SDK, "ExemplarFilter"). `trace_based`: those in the context of a sampled span.
 */
export type ExemplarFilter = 'always_on' | 'always_off' | 'trace_based';

/** The exemplars of a metric (see `exemplars.ts`). */
export interface Exemplars {
  /** Looks up the span of the active context, or of the one given, before each measurement. */
  measure(inner: Measure): Measure;
  /** @param labels the bound ones */
  bound(inner: MeasureBound, labels: unknown): MeasureBound;
  /** Offers the current measurement to the series of a row. */
  offer(row: Row, value: number): void;
}

/** Records a metric. Neither method throws: an invalid measurement is rejected and counted. */
export interface Instrument {
  readonly measure: Measure;
  bound(labels: unknown): MeasureBound;
  /** Gauges only: adds a finite value to the series', or to 0 where there is none. */
  readonly adjust?: Measure;
}

export interface Engine {
  /** `explicit`: of a histogram that has bounds and exponential buckets, it records the first alone. Absent: both. */
  readonly histograms?: 'explicit';
  /** Creates the instruments of a contract, in the order of `recorded`. */
  attach(contract: Contract, recorded: readonly Recordable[]): readonly Instrument[];
  /** Creates the instruments that no contract names. */
  readonly meterProvider: MeterProvider;
  /**
   * Brings the store up to date: waits `budgetMs` for callbacks, of which each may take `timeoutMs` (default: as long). Returns
   * failures, never throws them; a promise only where callbacks wait.
   */
  collect(budgetMs: number, timeoutMs?: number): Promise<readonly unknown[]> | readonly unknown[];
  close(): Promise<void>;
}

export interface EngineOptions {
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** Receives the outcome of measurements that no contract names. Default: ignored. */
  readonly onAdmit?: OnAdmit;
  /** For instruments that no contract names. Default `trace_based`. */
  readonly exemplars?: ExemplarFilter;
  /** Valid ones, for instruments that no contract names. Default: none. */
  readonly views?: readonly ViewOptions[];
  /**
   * Receives a line when something of a contract is recorded in part, or an instrument is not made as it was asked for. Default:
   * ignored.
   */
  readonly log?: (line: string) => void;
}

/**
 * An engine that you pass to `meterbridge()`. Its name distinguishes one choice from another when the same bridge is requested
 * again.
 */
export interface EngineChoice {
  readonly name: string;
  /** The exporter that pushes unless an option overrides it. Default: Meterbridge's own. */
  readonly exporter?: 'sdk';
  create(store: Store, options: EngineOptions): Engine;
}
