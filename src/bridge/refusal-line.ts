import type { AdmitEvent } from '../recording/index.ts';

type Refused = Extract<AdmitEvent, { outcome: 'refused' }>;

/** The log line for the first refused measurement per metric and reason. */
export function refusalLine({ metric, reason, label }: Refused): string {
  const [rule, fix] = whyAndFix({ metric, reason, label: label ?? '' });
  const place = label === undefined ? metric.series : `${metric.series}{${label}}`;
  return `${place}: a measurement is refused (${reason}): ${rule}; further ones are only counted. Fix: ${fix}`;
}

function whyAndFix({ metric, reason, label }: Required<Omit<Refused, 'outcome'>>): readonly [rule: string, fix: string] {
  const declared = metric.labels[label];
  switch (reason) {
    case 'value':
      return [`a ${metric.kind} cannot have this value`, 'pass a number that it can have'];
    case 'label_missing':
      return ['every label of the contract has a value', 'pass all labels'];
    case 'label_type':
      return ['the value of a label is a string', 'pass strings'];
    case 'label_value':
      return ['the value of the label is not among those of the contract', 'add it to the contract, or correct it'];
    case 'identity_limit': {
      const limit = declared === undefined || declared.kind === 'closed' ? 'all' : declared.limit;
      return [`the label has ${limit} values, which is its limit`, 'raise the limit in the contract, or remove what is gone'];
    }
    case 'no_room':
      return [
        'the label values of this metric have reached their limit in bytes',
        'record fewer or shorter label values, or remove what is gone',
      ];
    case 'kind':
      return ['this kind of metric has no such method, or the callback belongs to another metric', 'use the method of its kind'];
  }
}
