import type { Metric } from '../../../core/contract/index.ts';
import { labelName } from '../../../core/naming/index.ts';
import { escapedLabel } from '../../../formats/exposition/escaping.ts';
import type { CheckFinding } from '../finding.ts';
import type { ObservedFamily, ObservedFormat } from '../observed.ts';
import { findingOf, type HoldRuleId, type Subject } from './rules.ts';

/** A family beside the metric that it is held to. */
export interface Held {
  readonly metric: Metric;
  readonly family: ObservedFamily;
  readonly format: ObservedFormat;
  /** The metric's place, such as `runwisp.metrics.runs`. */
  readonly at: string;
  /** @param below the metric's place, such as `.labels.status` */
  find(id: HoldRuleId, below: string, subject: Pick<Subject, 'got' | 'label' | 'rule' | 'fix'>): CheckFinding;
}

export function heldOf(source: string, format: ObservedFormat, metric: Metric, family: ObservedFamily, at: string): Held {
  return {
    metric,
    family,
    format,
    at,
    find: (id, below, subject) =>
      findingOf(source, id, { line: family.line, family: family.name, contract: `${at}${below}`, ...subject }),
  };
}

/** A declared label's name as series have it that are asked for without UTF-8. */
export function exposedLabel(name: string, { verbatim }: Pick<Metric, 'verbatim'>): string {
  return verbatim === true ? escapedLabel(name, 'underscores') : labelName(name);
}
