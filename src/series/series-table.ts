/**
 * *Admit*: from the labels of a call to the one series that may carry it. Closed sets refuse, capped sets and identities
 * fold or refuse when they are full, attributes outside the contract are dropped. It stands ahead of every instrument, because
 * the SDK's own cardinality limit counts within one collection cycle only. Nothing in here throws.
 */
import type { Label, Metric } from '../contract/metric.ts';
import type { Row } from '../store/store.ts';
import { createLabelIndex, type LabelIndex, type Leaf } from './by-labels.ts';
import { createHeldValues } from './held-values.ts';
import { createLabelSearch } from './label-search.ts';
import { isLong, labelText, shortened } from './label-text.ts';
import { type LabelsIn, labelsIn, noLabels, textOf } from './read-labels.ts';
import type { AdmitEvent, OnAdmit, Refusal } from './refusals.ts';
import type { Series } from './series.ts';
import { createGate, type Gate } from './value-rule-of-label.ts';

export interface Admitted {
  readonly series: Series;
  /** A label was folded or an attribute dropped: what falls together has to be added up. */
  readonly merged: boolean;
}

export interface Admit {
  readonly metric: Metric;
  /**
   * The series for these labels, taken into the index if it is new; undefined when refused (and counted). `remark` takes what there is to say of each
   * measurement with them, e.g. that it folds, where it is not to be counted at once.
   */
  admit(labels: unknown, remark?: OnAdmit): Admitted | undefined;
  /** Counts what was remarked. */
  tell(event: AdmitEvent): void;
  /** The live series that has these very labels, without folding or counting. */
  lookup(labels: LabelsIn): Series | undefined;
  /** Where a contract's series are found by their label values; for an engine that reads it ahead of `admit`. */
  readonly index?: LabelIndex;
  /** The series has its row, and needs no object from now on but where it is held. What was handed out so far stays good until it is removed. */
  settle(series: Series): void;
  /** The series as one object, the same for all who hold it: it is told when the series is removed. */
  hold(series: Series): Series;
  /** All live series: first those that are objects, in order of creation. */
  all(): Iterable<Series>;
  /** Takes a series out of the index; its identity's place is free again. */
  release(series: Series): void;
  /** Frees the places of capped sets too. */
  clear(): void;
  /** The series whose label values equal these; labels left out match any value. Labels that cannot be meant match nothing. */
  matching(labels: unknown): Series[];
  refuse(reason: Refusal, label?: string): void;
}

interface Judged {
  readonly values: string[];
  /** What became of each value; undefined: it is recorded as it is. */
  readonly remarks: (AdmitEvent | undefined)[];
}

/** So many combinations may have their folds at hand. */
const mostFolds = 256;

export function createAdmit(metric: Metric, onAdmit: OnAdmit, clock: () => number): Admit {
  const names = Object.keys(metric.labels);
  const index = createLabelIndex(names.length);
  const labels = Object.values(metric.labels) as Label[];
  const search = createLabelSearch(labels, index);
  const gates = labels.map((label, at) => createGate(label, metric, createHeldValues(labels, at, index)));
  /** But for those that are plain rows in the index. */
  const live = new Set<Series>();
  /** Of a value's bytes; a closed set has the values it declares, whatever they are. */
  const maxBytes = labels.map((label) => (label.kind === 'closed' ? undefined : label.maxBytes));
  const shortenings = names.map((label): AdmitEvent => ({ outcome: 'shortened', metric, label }));
  const foldings = names.map((label): AdmitEvent => {
    return { outcome: 'folded', metric, label, reason: metric.labels[label]?.kind === 'capped' ? 'capped' : 'identity' };
  });
  /** What folds comes again and again: it has its series at hand, and costs no object. By row, as long as no series goes. */
  const folds = new Map<Row, Admitted>();
  const scratch: Judged = { values: names.map(() => ''), remarks: names.map(() => undefined) };
  let judging = false;
  let removals = 0;

  function refuse(reason: Refusal, label?: string): undefined {
    onAdmit(label === undefined ? { outcome: 'refused', metric, reason } : { outcome: 'refused', metric, reason, label });
    return undefined;
  }

  /** A flood of values that are refused or fold leaves next to no garbage: there is one scratch, but for getters that record in turn. */
  function judge(labels: LabelsIn, remark: OnAdmit): Admitted | undefined {
    if (judging) return judgeInto({ values: [], remarks: [] }, labels, remark);
    judging = true;
    try {
      return judgeInto(scratch, labels, remark);
    } finally {
      judging = false;
    }
  }

  function judgeInto({ values, remarks }: Judged, labels: LabelsIn, remark: OnAdmit): Admitted | undefined {
    for (let at = 0; at < names.length; at++) {
      const name = names[at] as string;
      const given = own(labels, name);
      const text = textOf(given);
      if (text === undefined) return refuse(given == null ? 'label_missing' : 'label_type', name);
      const gate = gates[at] as Gate;
      let value = text;
      let long = false;
      let passed = gate.passUnread(text);
      if (passed === undefined) {
        long = isLong(text, maxBytes[at] as number);
        value = long ? shortened(text, maxBytes[at] as number) : text.toWellFormed();
        passed = gate.pass(value);
      }
      if (typeof passed !== 'string') return refuse(passed.refused, name);
      remarks[at] = passed !== value ? foldings[at] : long ? shortenings[at] : undefined;
      values[at] = passed;
    }
    let merged = false;
    for (let at = 0; at < names.length; at++) {
      const event = remarks[at];
      if (event === undefined) continue;
      if (event.outcome === 'folded') merged = true;
      remark(event);
    }
    if (drop(labels, remark)) merged = true;
    const leaf = index.get(values);
    if (merged && typeof leaf === 'number') return folds.get(leaf) ?? fold(leaf, values);
    return { series: leaf === undefined ? enter([...values]) : seriesOf(leaf, values), merged };
  }

  /** Returns whether there were attributes that the contract does not name. All labels are there, so their number tells whether there are more. */
  function drop(labels: LabelsIn, remark: OnAdmit): boolean {
    let more = -names.length;
    for (const _ in labels) more++;
    if (more === 0) return false;
    let dropped = false;
    for (const name in labels) {
      if (Object.hasOwn(metric.labels, name)) continue;
      dropped = true;
      remark({ outcome: 'dropped', metric, label: name, reason: 'attribute' });
    }
    return dropped;
  }

  function fold(row: Row, values: readonly string[]): Admitted {
    const admitted = Object.freeze({ series: seriesOf(row, values), merged: true });
    if (folds.size >= mostFolds) folds.clear();
    folds.set(row, admitted);
    return admitted;
  }

  function enter(values: readonly string[]): Series {
    for (const [at, value] of values.entries()) (gates[at] as Gate).hold(value);
    const series: Series = { values, generation: removals, startMs: clock(), held: false, shown: false, live: true, row: 0 };
    index.put(values, series);
    search.entered(values);
    live.add(series);
    return series;
  }

  /** As it would be recorded if there is a place for it; undefined for what is no label's value. */
  function valueAt(at: number, given: unknown): string | undefined {
    const text = textOf(given);
    const most = maxBytes[at];
    return text === undefined || most === undefined ? text : labelText(text, most);
  }

  function lookup(labels: LabelsIn): Series | undefined {
    const values = names.map((name, at) => valueAt(at, own(labels, name)));
    const leaf = values.includes(undefined) ? undefined : index.get(values);
    return leaf === undefined ? undefined : seriesOf(leaf, values as string[]);
  }

  function* all(): Generator<Series> {
    yield* live;
    for (const [values, leaf] of index.leaves()) if (typeof leaf === 'number') yield seriesOf(leaf, values);
  }

  return Object.freeze({
    metric,
    admit(labels: unknown, remark = onAdmit) {
      try {
        return judge(typeof labels === 'object' && labels !== null ? (labels as LabelsIn) : noLabels, remark);
      } catch {
        // A getter of the caller's threw.
        return refuse('label_type');
      }
    },
    tell: onAdmit,
    index,
    lookup,
    settle(series: Series) {
      if (series.held) return;
      live.delete(series);
      index.put(series.values, series.row);
    },
    hold(series: Series) {
      series.held = true;
      live.add(series);
      index.put(series.values, series);
      return series;
    },
    all,
    release(series: Series) {
      if (!series.live) return;
      series.live = false;
      live.delete(series);
      folds.clear();
      index.delete(series.values);
      search.left(series.values);
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
      if (names.every((name) => Object.hasOwn(labels, name))) return [lookup(labels) ?? []].flat();
      const wanted = names.map((name, at) => valueAt(at, own(labels, name)));
      return search.find(wanted).map(([values, leaf]) => seriesOf(leaf, values));
    },
    refuse,
  });
}

/** Of a row everything else is known: it has begun, and is shown for as long as it is in the index. */
function seriesOf(leaf: Leaf, values: readonly string[]): Series {
  if (typeof leaf !== 'number') return leaf;
  return { values: [...values], generation: 0, startMs: 0, held: false, shown: true, live: true, row: leaf };
}

function own(labels: LabelsIn, name: string): unknown {
  return Object.hasOwn(labels, name) ? labels[name] : undefined;
}
