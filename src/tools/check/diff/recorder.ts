/** Collects the changes of one metric, or of a contract, with what their rule says of them. */
import type { Change } from './change.ts';
import { type ImpactRuleId, impacts } from './impacts.ts';

export interface ChangeFacts {
  /** The place below the metric, such as `labels.status`. */
  readonly at: string;
  /** What tells the change apart from others of its rule; default: nothing. */
  readonly which?: string;
  readonly label?: string;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** Default: 1. */
  readonly factor?: number;
}

export interface Recorder {
  add(rule: ImpactRuleId, facts: ChangeFacts): void;
}

/** @param series empty for what concerns the whole contract */
export function createRecorder(changes: Change[], series: string, place: string): Recorder {
  function add(rule: ImpactRuleId, { at, which, label, from, to, factor = 1 }: ChangeFacts): void {
    const { field, impact, reason } = impacts[rule];
    changes.push({
      id: [series === '' ? 'contract' : series, rule, ...(which === undefined ? [] : [which])].join('/'),
      rule,
      field,
      impact,
      at: at === '' ? place : `${place}.${at}`,
      series,
      ...(label !== undefined && { label }),
      from,
      to,
      reason: reason.replace('{factor}', String(factor)),
    });
  }
  return Object.freeze({ add });
}
