/** Finds the series that a caller wants to remove or look up. Reads labels as recording does, but aggregates nothing. */
import type { Label, Metric } from '../../../core/contract/metric.ts';
import type { Refusal } from '../refusals.ts';
import { labelText } from './label-text.ts';
import { type LabelsIn, labelsIn, ownLabel, textOf } from './read-labels.ts';
import { maxBytesOf } from './value-rule-of-label.ts';

/** One value per label, in the contract's order; undefined if the caller gave none, or one that is not a label's value. */
export type Wanted = readonly (string | undefined)[];

export interface MatchLabels {
  /** The values as recording would store them within the limits. */
  values(labels: LabelsIn): Wanted;
  /** A label left out matches any value. Undefined for invalid labels, which are rejected. */
  read(given: unknown): Wanted | undefined;
}

export function createMatchLabels(
  metric: Metric,
  refuse: (reason: Refusal, label?: string, got?: unknown) => undefined,
): MatchLabels {
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
      if (labels === undefined) return refuse('label_type', undefined, given);
      for (const [name, value] of Object.entries(labels)) {
        if (!Object.hasOwn(metric.labels, name)) return refuse('label_value', name, value);
        // An explicit undefined is a mistake: it must not match everything.
        if (textOf(value) === undefined) return refuse(value == null ? 'label_missing' : 'label_type', name, value);
      }
      return values(labels);
    },
  });
}
