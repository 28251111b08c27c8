/**
 * Turns the labels of a call into the values to record under. Closed sets reject, capped sets and identities aggregate into
 * `other` or reject at their limit, and attributes outside the contract are dropped.
 */
import type { Label, Metric } from '../../../core/contract/metric.ts';
import type { AdmitEvent, OnAdmit, Refusal } from '../refusals.ts';
import { isLong, shortened } from './label-text.ts';
import { type LabelsIn, noLabels, ownLabel, textOf } from './read-labels.ts';
import { type LabelRule, maxBytesOf } from './value-rule-of-label.ts';

export interface AcceptOptions<T> {
  readonly metric: Metric;
  /** One per label, in the contract's order. */
  readonly rules: readonly LabelRule[];
  /** `values` is valid until it returns. `merged`: a label value was replaced by `other`, or an attribute dropped. */
  readonly accepted: (values: readonly string[], merged: boolean) => T;
  readonly refuse: (reason: Refusal, label?: string, got?: unknown) => undefined;
}

/** Undefined: rejected. `remark` receives each label that is aggregated, shortened or dropped. */
export type AcceptLabels<T> = (labels: unknown, remark: OnAdmit) => T | undefined;

interface Judged {
  readonly values: string[];
  /** As the caller passed them. */
  readonly given: unknown[];
  /** The change to each value; undefined: recorded unchanged. */
  readonly remarks: (AdmitEvent | undefined)[];
}

export function createAcceptLabels<T>({ metric, rules, accepted, refuse }: AcceptOptions<T>): AcceptLabels<T> {
  const names = Object.keys(metric.labels);
  const maxBytes = (Object.values(metric.labels) as Label[]).map(maxBytesOf);
  const shortenings = names.map((label): AdmitEvent => ({ outcome: 'shortened', metric, label }));
  const foldings = names.map((label): AdmitEvent => {
    return { outcome: 'folded', metric, label, reason: metric.labels[label]?.kind === 'capped' ? 'capped' : 'identity' };
  });
  const scratch: Judged = { values: names.map(() => ''), given: names.map(() => undefined), remarks: names.map(() => undefined) };
  let judging = false;

  /**
   * Reuses one scratch, so that a flood of rejected or aggregated values leaves almost no garbage. A getter that records gets its
   * own.
   */
  function judge(labels: LabelsIn, remark: OnAdmit): T | undefined {
    if (judging) return judgeInto({ values: [], given: [], remarks: [] }, labels, remark);
    judging = true;
    try {
      return judgeInto(scratch, labels, remark);
    } finally {
      judging = false;
    }
  }

  function judgeInto(judged: Judged, labels: LabelsIn, remark: OnAdmit): T | undefined {
    const { values, remarks } = judged;
    for (let at = 0; at < names.length; at++) {
      const name = names[at] as string;
      const given = ownLabel(labels, name);
      const text = textOf(given);
      if (text === undefined) return refuse(given == null ? 'label_missing' : 'label_type', name, given);
      const rule = rules[at] as LabelRule;
      let value = text;
      let long = false;
      let passed = rule.passUnread(text);
      if (passed === undefined) {
        long = isLong(text, maxBytes[at] as number);
        value = long ? shortened(text, maxBytes[at] as number) : text.toWellFormed();
        passed = rule.pass(value);
      }
      if (typeof passed !== 'string') return refuse(passed.refused, name, given);
      remarks[at] = passed !== value ? foldings[at] : long ? shortenings[at] : undefined;
      values[at] = passed;
      if (remarks[at] !== undefined) judged.given[at] = given;
    }
    const folded = tellAll(judged, remark);
    return accepted(values, drop(metric, labels, names.length, remark) || folded);
  }

  return (labels, remark) => {
    try {
      return judge(typeof labels === 'object' && labels !== null ? (labels as LabelsIn) : noLabels, remark);
    } catch {
      // A caller's getter threw.
      return refuse('label_type');
    }
  };
}

/** Returns whether a label value was replaced by `other`. */
function tellAll({ remarks, given }: Judged, remark: OnAdmit): boolean {
  let folded = false;
  for (let at = 0; at < remarks.length; at++) {
    const event = remarks[at];
    if (event === undefined) continue;
    if (event.outcome === 'folded') folded = true;
    remark(event, given[at]);
    given[at] = undefined;
  }
  return folded;
}

/**
 * Returns whether there were attributes that the contract does not name. All declared labels are there, so their number shows
 * whether there are more.
 */
function drop(metric: Metric, labels: LabelsIn, most: number, remark: OnAdmit): boolean {
  let more = -most;
  for (const _ in labels) more++;
  if (more === 0) return false;
  let dropped = false;
  for (const name in labels) {
    if (Object.hasOwn(metric.labels, name)) continue;
    dropped = true;
    remark({ outcome: 'dropped', metric, label: name, reason: 'attribute' }, labels[name]);
  }
  return dropped;
}
