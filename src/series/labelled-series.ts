/** The series of a contract's metric, found by their labels. Each gets its row when it is first exposed. */
import type { Metric } from '../contract/metric.ts';
import type { Family } from '../store/store.ts';
import { createLabelIndex } from './by-labels.ts';
import { createLabelMembers } from './label-members.ts';
import type { OnAdmit, Refusal } from './refusals.ts';
import type { LabelledSeries } from './series-table.ts';
import { createShownSeries } from './shown-series.ts';

export interface LabelledSeriesOptions {
  readonly onAdmit: OnAdmit;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

export function createLabelledSeries(metric: Metric, family: Family, { onAdmit, clock }: LabelledSeriesOptions): LabelledSeries {
  const index = createLabelIndex(Object.keys(metric.labels).length);
  const members = createLabelMembers(metric, index, { clock, refuse });
  const shown = createShownSeries(metric, family, { members, enter, refuse });
  let resets = 0;
  let closed = false;

  function refuse(reason: Refusal, label?: string): undefined {
    if (closed) return;
    onAdmit(label === undefined ? { outcome: 'refused', metric, reason } : { outcome: 'refused', metric, reason, label });
  }

  function enter(labels: unknown, remark: OnAdmit = onAdmit) {
    return closed ? undefined : members.enter(labels, remark);
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
    place: shown.place,
    show: shown.show,
    fill: shown.fill,
    hold(series) {
      members.hold(series);
      return series;
    },
    release: members.release,
    drop: shown.drop,
    reset() {
      resets += 1;
      for (const series of [...members.all()]) shown.drop(series);
      members.clear();
    },
    refuse,
    count(event) {
      if (!closed) onAdmit(event);
    },
    watch: shown.watch,
    close() {
      closed = true;
      members.close();
      shown.close();
    },
  });
}
