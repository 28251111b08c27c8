/** The series of a contract's metric, found by their labels. Each gets its row when it is first exposed. */
import type { Metric } from '../contract/metric.ts';
import type { Family } from '../store/store.ts';
import { createLabelIndex } from './by-labels.ts';
import { combinations } from './combinations.ts';
import { createLabelMembers } from './label-members.ts';
import type { OnAdmit, Refusal } from './refusals.ts';
import type { Series } from './series.ts';
import { createSeriesRows } from './series-rows.ts';
import type { LabelledSeries, RowWatcher } from './series-table.ts';

export interface LabelledSeriesOptions {
  readonly onAdmit: OnAdmit;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

export function createLabelledSeries(metric: Metric, family: Family, { onAdmit, clock }: LabelledSeriesOptions): LabelledSeries {
  const index = createLabelIndex(Object.keys(metric.labels).length);
  const members = createLabelMembers(metric, index, { clock, refuse });
  const rows = createSeriesRows(metric, family, { release: members.release, refuse });
  let watcher: RowWatcher | undefined;
  let resets = 0;
  let closed = false;

  function refuse(reason: Refusal, label?: string): undefined {
    if (closed) return;
    onAdmit(label === undefined ? { outcome: 'refused', metric, reason } : { outcome: 'refused', metric, reason, label });
  }

  function enter(labels: unknown, remark: OnAdmit = onAdmit) {
    return closed ? undefined : members.enter(labels, remark);
  }

  function showOne(series: Series, first = 0): void {
    if (series.row !== 0 || !rows.place(series, series.startMs, first)) return;
    // An information's series are told apart as objects; it has one.
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
    const row = rows.drop(series);
    if (row !== 0) watcher?.dropped(row);
  }

  return Object.freeze<LabelledSeries>({
    metric,
    index,
    get resets() {
      return resets;
    },
    enter,
    find: members.find,
    matching: (labels) => (closed ? [] : members.matching(labels)),
    all: members.all,
    place: rows.place,
    show(series, first) {
      if (series.row !== 0) return true;
      showOne(series, first);
      // Beside an identity: when `{task: 'a', status: 'failed'}` appears, so do the other statuses of `a`.
      fill(series.values);
      return series.row !== 0;
    },
    fill: () => fill(),
    hold(series) {
      members.hold(series);
      return series;
    },
    release: members.release,
    drop,
    reset() {
      resets += 1;
      for (const series of [...members.all()]) drop(series);
      members.clear();
    },
    refuse,
    count(event) {
      if (!closed) onAdmit(event);
    },
    watch(given) {
      watcher = given;
    },
    close() {
      closed = true;
      members.close();
      watcher?.closed();
    },
  });
}
