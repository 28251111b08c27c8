/** What differs between two contracts, for people (changes) and for expressions (mappings). */
import type { Metric } from '../../contract/index.ts';

/** `breaking`: an expression that was right is wrong or empty; `risky`: it may be; `safe`: none is. */
export type Impact = 'breaking' | 'risky' | 'safe';

export type ChangedField = 'metric' | 'name' | 'type' | 'unit' | 'help' | 'label' | 'value' | 'limit' | 'bound' | 'start' | 'omission';

export interface Change {
  /** Stable within a pair of contracts, such as `runwisp_runs_total/label/status`; a change is allowed by it. */
  readonly id: string;
  readonly field: ChangedField;
  readonly impact: Impact;
  /** The place in the contract that has it: the new one's, or the old one's where it was removed. */
  readonly at: string;
  /** The old series' name; a new one's where it was added. */
  readonly series: string;
  readonly label?: string;
  /** As shown to people; undefined: there was, or is, none. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** One sentence. */
  readonly reason: string;
}

/** One series of the old contract and what became of it. What has not changed has a mapping, too. */
export interface Mapping {
  readonly from: Metric;
  /** Undefined: it was removed. */
  readonly to: Metric | undefined;
  /** Old label → new label; undefined: it was removed. Every label of `from`. */
  readonly labels: ReadonlyMap<string, string | undefined>;
  /** Old label → old value → new values: `[]` removed, one renamed, several split. Only the values that changed. */
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
