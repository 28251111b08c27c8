/**
 * The exposed series of a contract's metric, which have a row in the store. A watcher is notified when one gets or loses its row.
 */
import type { Metric } from '../../../core/contract/metric.ts';
import type { Family } from '../../../core/store/store.ts';
import type { Refusal } from '../refusals.ts';
import type { Series } from '../series.ts';
import { createSeriesRows } from '../series-rows.ts';
import type { Entered, LabelledSeries, RowWatcher } from '../series-table.ts';
import { combinations } from './combinations.ts';
import type { LabelMembers } from './label-members.ts';

export type ShownSeries = Pick<LabelledSeries, 'place' | 'show' | 'fill' | 'drop' | 'watch'> & {
  /** Drops all series. */
  dropAll(): void;
  /** Notifies the watcher that no series is found any more. */
  close(): void;
};

export interface ShownSeriesOptions {
  readonly members: LabelMembers;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly enter: (labels: unknown) => Entered | undefined;
  readonly refuse: (reason: Refusal) => void;
}

/** So many series are dropped in less than 3 ms, and their rows are used again. */
const mostOneByOne = 1_024;

export function createShownSeries(
  metric: Metric,
  family: Family,
  { members, clock, enter, refuse }: ShownSeriesOptions,
): ShownSeries {
  const rows = createSeriesRows(metric, family, { release: members.release, refuse });
  let watcher: RowWatcher | undefined;

  function showOne(series: Series, first = 0): void {
    if (series.row !== 0 || !rows.place(series, clock(), first)) return;
    // An info has one series, which differs from the one before it as an object only.
    if (metric.kind !== 'info') members.settle(series);
    watcher?.shown();
  }

  function fill(values?: readonly string[]): void {
    if (!metric.zeroFilled) return;
    for (const labels of combinations(metric, values) ?? []) {
      const entered = enter(labels);
      if (entered !== undefined) showOne(entered.series);
    }
  }

  function drop(series: Series): void {
    // First: what else leads to the series would keep its values counted towards the limits.
    if (series.row !== 0) watcher?.dropped(series.row);
    rows.drop(series);
  }

  return Object.freeze<ShownSeries>({
    place: rows.place,
    show(series, first) {
      if (series.row !== 0) return true;
      showOne(series, first);
      // Beside an identity: when `{task: 'a', status: 'failed'}` appears, so do the other statuses of `a`.
      fill(series.values);
      return series.row !== 0;
    },
    fill: () => fill(),
    drop,
    dropAll() {
      if (family.size <= mostOneByOne) {
        for (const series of [...members.all()]) drop(series);
        return;
      }
      watcher?.cleared();
      members.releaseAll();
      family.clear();
    },
    watch(given) {
      watcher = given;
    },
    close: () => watcher?.cleared(),
  });
}
