/** The series of a contract's metric, found by their labels. Each gets its row when it is first exposed. */
import type { Metric } from '../../../core/contract/metric.ts';
import type { Family } from '../../../core/store/store.ts';
import type { AdmitEvent, OnAdmit, Refusal } from '../refusals.ts';
import type { LabelledSeries } from '../series-table.ts';
import { createLabelIndex } from './label-index.ts';
import { createLabelMembers } from './label-members.ts';
import { createShownSeries } from './shown-series.ts';

export interface LabelledSeriesOptions {
  readonly onAdmit: OnAdmit;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

export function createLabelledSeries(metric: Metric, family: Family, { onAdmit, clock }: LabelledSeriesOptions): LabelledSeries {
  const index = createLabelIndex(Object.keys(metric.labels).length);
  const members = createLabelMembers(metric, index, { refuse });
  const shown = createShownSeries(metric, family, {
    members,
    clock,
    enter: (labels) => (closed ? undefined : enter(labels)),
    refuse,
  });
  let resets = 0;
  let closed = false;

  const refusal = createRefusalEvents(metric);
  const late: AdmitEvent = Object.freeze({ outcome: 'closed', metric });

  function refuse(reason: Refusal, label?: string, got?: unknown): undefined {
    onAdmit(closed ? late : refusal(reason, label), got);
  }

  function enter(labels: unknown, remark: OnAdmit = onAdmit) {
    if (closed) return void onAdmit(late);
    return members.enter(labels, remark);
  }

  function matching(labels: unknown) {
    const wanted = closed ? undefined : members.wanted(labels);
    return wanted === undefined ? [] : members.matching(wanted);
  }

  return Object.freeze<LabelledSeries>({
    metric,
    index,
    get resets() {
      return resets;
    },
    enter,
    find: members.find,
    matching,
    remove(labels) {
      const wanted = closed ? undefined : members.wanted(labels);
      if (wanted === undefined) return;
      if (wanted.every((value) => value === undefined)) shown.dropAll();
      else for (const series of members.matching(wanted)) shown.drop(series);
    },
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
      shown.dropAll();
      members.clear();
    },
    refuse,
    count(event, got) {
      if (!closed) onAdmit(event, got);
    },
    watch: shown.watch,
    close() {
      closed = true;
      members.close();
      shown.close();
    },
  });
}

/** The event of each reason and declared label, made once. */
function createRefusalEvents(metric: Metric): (reason: Refusal, label?: string) => AdmitEvent {
  const made = new Map<Refusal, Map<string | undefined, AdmitEvent>>();
  return (reason, label) => {
    const known = made.get(reason)?.get(label);
    if (known !== undefined) return known;
    const event: AdmitEvent = { outcome: 'refused', metric, reason, ...(label === undefined ? {} : { label }) };
    // A caller's own names are unbounded.
    if (label !== undefined && !Object.hasOwn(metric.labels, label)) return event;
    const labels = made.get(reason) ?? new Map<string | undefined, AdmitEvent>();
    made.set(reason, labels.set(label, event));
    return event;
  };
}
