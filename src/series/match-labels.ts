/** Which series a caller means who removes some, or looks one up: labels are read as they are recorded, and nothing is folded. */
import type { Label, Metric } from '../contract/metric.ts';
import { labelText } from './label-text.ts';
import { type LabelsIn, labelsIn, ownLabel, textOf } from './read-labels.ts';
import type { Refusal } from './refusals.ts';
import { maxBytesOf } from './value-rule-of-label.ts';

/** A value a label, in the contract's order; undefined: the caller named none, or what is no label's value. */
export type Wanted = readonly (string | undefined)[];

export interface MatchLabels {
  /** The values as they would be recorded if there is a place for them. */
  values(labels: LabelsIn): Wanted;
  /** Labels left out match any value. Undefined for labels that cannot be meant, which are refused. */
  read(given: unknown): Wanted | undefined;
}

export function createMatchLabels(metric: Metric, refuse: (reason: Refusal, label?: string) => undefined): MatchLabels {
  const names = Object.keys(metric.labels);
  const maxBytes = (Object.values(metric.labels) as Label[]).map(maxBytesOf);

  function values(labels: LabelsIn): Wanted {
    return names.map((name, at) => {
      const text = textOf(ownLabel(labels, name));
      const most = maxBytes[at];
      return text === undefined || most === undefined ? text : labelText(text, most);
    });
  }

  return Object.freeze<MatchLabels>({
    values,
    read(given) {
      const labels = labelsIn(given);
      if (labels === undefined) return refuse('label_type');
      for (const [name, value] of Object.entries(labels)) {
        if (!Object.hasOwn(metric.labels, name)) return refuse('label_value', name);
        // An undefined value is somebody's mistake: it must not match everything.
        if (textOf(value) === undefined) return refuse(value == null ? 'label_missing' : 'label_type', name);
      }
      return values(labels);
    },
  });
}
