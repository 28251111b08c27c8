/** What differs between two contracts, for people (changes) and for expressions (mappings). */
import type { Metric } from '../../../core/contract/index.ts';
import type { ChangedField, Impact, ImpactRuleId } from './impacts.ts';

export type { ChangedField, Impact } from './impacts.ts';

export interface Change {
  /** Stable within a pair of contracts, such as `runwisp_runs_total/label-removed/status`; a change is allowed by it. */
  readonly id: string;
  /** The row of the table of impacts that decided. */
  readonly rule: ImpactRuleId;
  readonly field: ChangedField;
  readonly impact: Impact;
  /** The place in the contract that has it: the new one's, or the old one's where it was removed. */
  readonly at: string;
  /** The old series' name; a new one's where it was added; empty for what concerns the whole contract. */
  readonly series: string;
  /** As an expression names it. */
  readonly label?: string;
  /** As shown to people; undefined: there was, or is, none. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** One sentence. */
  readonly reason: string;
}

/**
 * One series of the old contract and what became of it. What has not changed has a mapping, too. Labels have the names that
 * expressions use.
 */
export interface Mapping {
  readonly from: Metric;
  /** Undefined: it was removed. */
  readonly to: Metric | undefined;
  /** Old label → new label; undefined: it was removed. Every label of `from`, constant ones and `worker` included. */
  readonly labels: ReadonlyMap<string, string | undefined>;
  /**
   * Old label → old value → new values: `[]` removed, one renamed, several split. Only the values that changed. Two old values
   * may lead to one new value, or to one that stayed: they were merged.
   */
  readonly values: ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>;
  /** New value = old value × factor. 1: the unit is the same; undefined: there is no factor between the units. */
  readonly factor: number | undefined;
}

export interface ContractDiff {
  /** In the order of the old contract, added ones last. */
  readonly changes: readonly Change[];
  /** By the old series' name in text 0.0.4. */
  readonly mappings: ReadonlyMap<string, Mapping>;
}

/** What became of names, where two contracts alone cannot say. Labels as expressions or as the contract names them. */
export interface Hints {
  /** Old series → new series. */
  readonly metrics: ReadonlyMap<string, string>;
  /** Old series → old label → new label. */
  readonly labels: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** Old series → old label → old value → new values. */
  readonly values: ReadonlyMap<string, ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>>;
}
