/** The set of a metric's series: they enter and are found by their labels, within the contract's limits. */
import type { Label, Metric } from '../../../core/contract/metric.ts';
import { createAcceptLabels } from '../label-rules/accept-labels.ts';
import { createHeldValues } from '../label-rules/held-values.ts';
import { createMatchLabels, type Wanted } from '../label-rules/match-labels.ts';
import type { LabelsIn } from '../label-rules/read-labels.ts';
import { createLabelRule, type LabelRule } from '../label-rules/value-rule-of-label.ts';
import type { OnAdmit, Refusal } from '../refusals.ts';
import type { Series } from '../series.ts';
import type { Entered } from '../series-table.ts';
import type { LabelIndex } from './label-index.ts';
import { createLiveSeries } from './live-series.ts';

export interface LabelMembers {
  enter(labels: unknown, remark: OnAdmit): Entered | undefined;
  find(labels: LabelsIn): Series | undefined;
  /** By their recorded values, undefined for any. Undefined: the labels are invalid, and rejected. */
  wanted(labels: unknown): Wanted | undefined;
  matching(wanted: Wanted): Series[];
  all(): Iterable<Series>;
  /** The series needs an object only if it is held. */
  settle(series: Series): void;
  hold(series: Series): void;
  release(series: Series): void;
  /** All series leave. */
  releaseAll(): void;
  /** Frees the limits of capped sets too. */
  clear(): void;
  close(): void;
}

export interface LabelMembersOptions {
  readonly refuse: (reason: Refusal, label?: string, got?: unknown) => undefined;
}

export function createLabelMembers(metric: Metric, index: LabelIndex, { refuse }: LabelMembersOptions): LabelMembers {
  const labels = Object.values(metric.labels) as Label[];
  const rules = labels.map((label, at) => createLabelRule(label, metric, createHeldValues(labels, at, index)));
  const live = createLiveSeries(labels, index);
  const match = createMatchLabels(metric, refuse);

  function accepted(values: readonly string[], merged: boolean): Entered {
    const leaf = index.get(values);
    if (leaf === undefined) return { series: add([...values]), merged };
    return merged ? live.folded(leaf, values) : { series: live.of(leaf, values), merged };
  }

  function add(values: readonly string[]): Series {
    for (const [at, value] of values.entries()) (rules[at] as LabelRule).hold(value);
    return live.add(values);
  }

  function found(values: readonly (string | undefined)[]): Series | undefined {
    const leaf = values.includes(undefined) ? undefined : index.get(values);
    return leaf === undefined ? undefined : live.of(leaf, values as readonly string[]);
  }

  return Object.freeze<LabelMembers>({
    enter: createAcceptLabels({ metric, rules, accepted, refuse }),
    find: (given) => found(match.values(given)),
    wanted: match.read,
    matching(wanted) {
      return wanted.includes(undefined) ? live.matching(wanted) : [found(wanted) ?? []].flat();
    },
    all: live.all,
    settle: live.settle,
    hold: live.hold,
    release(series) {
      if (!series.live) return;
      live.remove(series);
      for (const [at, value] of series.values.entries()) (rules[at] as LabelRule).release(value);
    },
    releaseAll() {
      live.clear();
      for (const rule of rules) rule.releaseAll();
    },
    clear() {
      for (const rule of rules) rule.clear();
    },
    close: live.clear,
  });
}
