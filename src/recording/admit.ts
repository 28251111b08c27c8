/**
 * *Admit*: from the labels of a call to the one series that may carry it. Closed sets refuse, capped sets and identities
 * fold or refuse when they are full, attributes outside the contract are dropped. It stands ahead of every instrument, because
 * the SDK's own cardinality limit counts within one collection cycle only. Nothing in here throws.
 */
import type { Label, Metric } from '../contract/metric.ts';
import type { OnAdmit, Refusal } from './admit-event.ts';
import { createGate, type Gate } from './gate.ts';
import { type LabelsIn, labelsIn, noLabels, textOf } from './labels-in.ts';
import { generationAttribute, type Series, seriesKey } from './series.ts';

export interface Admitted {
  readonly series: Series;
  /** A label was folded or an attribute dropped: what falls together has to be added up. */
  readonly merged: boolean;
}

export interface Admit {
  readonly metric: Metric;
  /** The series for these labels, taken into the index if it is new; undefined when refused (and counted). */
  admit(labels: unknown): Admitted | undefined;
  /** The live series that has these very labels, without folding or counting. */
  lookup(labels: LabelsIn): Series | undefined;
  /** The series for a key, for readers of the SDK's points. */
  find(key: string): Series | undefined;
  /** All live series, in order of creation. */
  all(): Iterable<Series>;
  /** Takes a series out of the index; its identity's place is free again. */
  release(series: Series): void;
  /** Frees the places of capped sets too. */
  clear(): void;
  /** The series whose label values equal these; labels left out match any value. Labels that cannot be meant match nothing. */
  matching(labels: unknown): Series[];
  refuse(reason: Refusal, label?: string): void;
}

export function createAdmit(metric: Metric, onAdmit: OnAdmit, clock: () => number): Admit {
  const names = Object.keys(metric.labels);
  const gates = names.map((name) => createGate(metric.labels[name] as Label, metric));
  const index = new Map<string, Series>();
  let removals = 0;

  function refuse(reason: Refusal, label?: string): undefined {
    onAdmit({ outcome: 'refused', metric, reason, ...(label === undefined ? {} : { label }) });
    return undefined;
  }

  function judge(labels: LabelsIn): Admitted | undefined {
    const values: string[] = [];
    const folds: number[] = [];
    for (const [at, name] of names.entries()) {
      const given = own(labels, name);
      const text = textOf(given);
      if (text === undefined) return refuse(given == null ? 'label_missing' : 'label_type', name);
      const passed = (gates[at] as Gate).pass(text);
      if (typeof passed !== 'string') return refuse(passed.refused, name);
      if (passed !== text) folds.push(at);
      values.push(passed);
    }
    for (const at of folds) {
      const label = names[at] as string;
      onAdmit({ outcome: 'folded', metric, label, reason: metric.labels[label]?.kind === 'capped' ? 'capped' : 'identity' });
    }
    let dropped = false;
    for (const name in labels) {
      if (Object.hasOwn(metric.labels, name)) continue;
      dropped = true;
      onAdmit({ outcome: 'dropped', metric, label: name, reason: 'attribute' });
    }
    const key = seriesKey(values);
    return { series: index.get(key) ?? enter(key, values), merged: dropped || folds.length > 0 };
  }

  function enter(key: string, values: readonly string[]): Series {
    for (const [at, value] of values.entries()) (gates[at] as Gate).hold(value);
    const attributes: Record<string, string | number> = {};
    for (const [at, name] of names.entries()) attributes[name] = values[at] as string;
    if (removals > 0) attributes[generationAttribute] = removals;
    const series: Series = {
      key,
      values,
      attributes: Object.freeze(attributes),
      generation: removals,
      startMs: clock(),
      shown: false,
      live: true,
      row: 0,
    };
    index.set(key, series);
    return series;
  }

  return Object.freeze({
    metric,
    admit(labels: unknown) {
      try {
        return judge(typeof labels === 'object' && labels !== null ? (labels as LabelsIn) : noLabels);
      } catch {
        // A getter of the caller's threw.
        return refuse('label_type');
      }
    },
    lookup(labels: LabelsIn) {
      const values = names.map((name) => textOf(own(labels, name)));
      return values.includes(undefined) ? undefined : index.get(seriesKey(values as string[]));
    },
    find: (key: string) => index.get(key),
    all: () => index.values(),
    release(series: Series) {
      if (!series.live) return;
      series.live = false;
      index.delete(series.key);
      removals += 1;
      for (const [at, value] of series.values.entries()) (gates[at] as Gate).release(value);
    },
    clear() {
      for (const gate of gates) gate.clear();
    },
    matching(given: unknown) {
      const labels = labelsIn(given);
      if (labels === undefined) return refuse('label_type') ?? [];
      for (const [name, value] of Object.entries(labels)) {
        if (!Object.hasOwn(metric.labels, name)) return refuse('label_value', name) ?? [];
        // An undefined value is somebody's mistake: it must not match everything.
        if (textOf(value) === undefined) return refuse(value == null ? 'label_missing' : 'label_type', name) ?? [];
      }
      return [...index.values()].filter((series) =>
        names.every((name, at) => !Object.hasOwn(labels, name) || textOf(labels[name]) === series.values[at]),
      );
    },
    refuse,
  });
}

function own(labels: LabelsIn, name: string): unknown {
  return Object.hasOwn(labels, name) ? labels[name] : undefined;
}
