/**
 * The life of a metric's series, whoever makes them: one enters when its labels come for the first time, is shown when it gets its row in the
 * store, and leaves when it is dropped. This stands ahead of every instrument, because the SDK's own cardinality limit counts within one
 * collection cycle only. Nothing in here throws.
 */
import type { Metric } from '../contract/metric.ts';
import type { Row } from '../store/store.ts';
import type { LabelIndex } from './by-labels.ts';
import type { LabelsIn } from './read-labels.ts';
import type { AdmitEvent, OnAdmit, Refusal } from './refusals.ts';
import type { Series } from './series.ts';

export interface Entered {
  readonly series: Series;
  /** A label was folded or an attribute dropped: what falls together has to be added up. */
  readonly merged: boolean;
}

export interface SeriesTable {
  readonly metric: Metric;
  /**
   * The series for these labels, taken into the table if it is new; undefined when refused (and counted). `remark` takes what there is to say of each
   * measurement with them, e.g. that it folds, where it is not to be counted at once.
   */
  enter(labels: unknown, remark?: OnAdmit): Entered | undefined;
  /** The live series that has these very labels, without folding or counting. */
  find(labels: LabelsIn): Series | undefined;
  /** All live series: first those that are objects, in order of creation. */
  all(): Iterable<Series>;
  /**
   * Gives the series its row if it has none, and begins it with `first` (default 0): another thread must not see a gauge at a 0 that nobody set.
   * False: the store has no room, which is counted, and the series is gone.
   */
  show(series: Series, first?: number): boolean;
  /** The same for a series that is observed: its accumulation began at `startMs`, and it stays the object that it is. */
  place(series: Series, startMs: number): boolean;
  /** Takes a series out of the table; its identity's place is free again. Its row stays in the store. */
  release(series: Series): void;
  /** Takes a series out of table and store: whoever still holds it writes to the sink. */
  drop(series: Series): void;
  /** Drops everything and frees all places, as if nothing had ever been measured. */
  reset(): void;
  refuse(reason: Refusal, label?: string): void;
  /** From now on nothing enters and nothing is counted (Metrics SDK, "Shutdown"). What was measured stays in the store. */
  close(): void;
}

/** Whoever has rows of series at hand hears what becomes of them. */
export interface RowWatcher {
  /** A series has got its row. */
  shown(): void;
  /** A series is gone, and its row may soon be another's. */
  dropped(row: Row): void;
  /** The table is closed: what was measured is to stay as it is. */
  closed(): void;
}

/** Series of a contract, found by the values of its labels. */
export interface LabelledSeries extends SeriesTable {
  /** For an engine that reads it ahead of `enter`. */
  readonly index: LabelIndex;
  /** Grows with each `reset`: what was bound before is to be held anew. */
  readonly resets: number;
  /** Shows what the contract wants to be shown at 0 before anything was recorded. */
  fill(): void;
  /** The series as one object, the same for all who hold it: it is told when the series is removed. */
  hold(series: Series): Series;
  /** The series whose label values equal these; labels left out match any value. Labels that cannot be meant match nothing. */
  matching(labels: unknown): Series[];
  /** Counts what was remarked. */
  tell(event: AdmitEvent): void;
  /** There is one watcher at most: the engine. */
  watch(watcher: RowWatcher): void;
}
