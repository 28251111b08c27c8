/**
 * The life cycle of a metric's series: a series enters with the first measurement of its labels, is exposed once it gets its row
 * in the store, and leaves when it is dropped. This comes before every instrument, because the SDK's cardinality limit counts
 * within one collection cycle only. Nothing here throws.
 */
import type { Metric } from '../../core/contract/metric.ts';
import type { Row } from '../../core/store/store.ts';
import type { LabelIndex } from './by-labels/label-index.ts';
import type { LabelsIn } from './label-rules/read-labels.ts';
import type { AdmitEvent, OnAdmit, Refusal } from './refusals.ts';
import type { Series } from './series.ts';

export interface Entered {
  readonly series: Series;
  /**
   * A label value was replaced by `other`, an attribute dropped, or a value had another type: values recorded to this series add
   * up.
   */
  readonly merged: boolean;
  /**
   * Merged, because the attributes are another spelling of the series' own, or have some that a view drops: nothing is lost that
   * should be kept, and of a gauge the newest value counts.
   */
  readonly isAlias?: true;
}

export interface SeriesTable {
  readonly metric: Metric;
  /**
   * Returns the series for these labels, adding a new one; undefined if rejected (and counted). `remark` receives what applies to
   * each measurement with them, e.g. an aggregation into `other`, if it should not count right away.
   */
  enter(labels: unknown, remark?: OnAdmit): Entered | undefined;
  /** The live series with exactly these labels, without aggregating or counting. */
  find(labels: LabelsIn): Series | undefined;
  /**
   * Of several observations of one set of attributes the last, where the table drops attributes and adds up what is left. Absent:
   * it drops none.
   */
  lastOfEach?<T extends { readonly labels: LabelsIn }>(observations: readonly T[]): Iterable<T>;
  /** All live series: first the objects, in order of creation. */
  all(): Iterable<Series>;
  /**
   * Gives the series its row if it has none, with `first` (default 0) as its value, so that another thread never sees a gauge at
   * a 0 that was not set. False: the store is full; the rejection counts, and the series is gone.
   */
  show(series: Series, first?: number): boolean;
  /** The same for an observed series: its total started at `startMs`, and it stays an object. */
  place(series: Series, startMs: number): boolean;
  /** Removes a series from the table and frees its share of the limit. Its row stays in the store. */
  release(series: Series): void;
  /** Removes a series from the table and the store. Holders of it write to the sink. */
  drop(series: Series): void;
  /** Drops all series and frees all limits, as if nothing had been measured. */
  reset(): void;
  refuse(reason: Refusal, label?: string, got?: unknown): void;
  /** Admits and counts nothing from now on (Metrics SDK, "Shutdown"). The store keeps earlier measurements. */
  close(): void;
}

/** Notifies a cache of rows about changes. */
export interface RowWatcher {
  /** A series got its row. */
  shown(): void;
  /** A series is gone, and another may soon get its row. */
  dropped(row: Row): void;
  /** All series are gone, or the table is closed, and existing values must not change. */
  cleared(): void;
}

/** The series of a contract's metric, found by their label values. */
export interface LabelledSeries extends SeriesTable {
  /** For an engine that reads it before calling `enter`. */
  readonly index: LabelIndex;
  /** Grows with each `reset`: earlier bindings must look up their series again. */
  readonly resets: number;
  /** Exposes the series that the contract starts at 0. */
  fill(): void;
  /** The series as an object shared by all holders, which the table updates when it removes the series. */
  hold(series: Series): Series;
  /** The series with these label values; a label left out matches any value. Invalid labels match nothing. */
  matching(labels: unknown): Series[];
  /**
   * Drops the series with these label values; a label left out matches any value. Invalid labels match nothing. Drops all of them
   * at once, whatever their number.
   */
  remove(labels: unknown): void;
  /** Counts a remark of `enter`. */
  count(event: AdmitEvent, got?: unknown): void;
  /** Sets the only watcher: the engine. */
  watch(watcher: RowWatcher): void;
}
