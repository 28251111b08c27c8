/** What `check` finds: one shape for the parser, the linter and a contract, so that every report writes all of them. */

/**
 * `error` breaks a rule of the norm or of the contract; `warning` breaks a convention; `note` is for information and never fails
 * a check.
 */
export type Severity = 'error' | 'warning' | 'note';

export interface CheckFinding {
  /** The rule's id, stable and in kebab case. An exception names it. */
  readonly id: string;
  readonly severity: Severity;
  /** Where it was seen: a file's path, a URL without credentials, or `standard input`. */
  readonly source: string;
  /** In the exposition or file, from 1. Absent: it concerns no single line. */
  readonly line?: number;
  /** From 1, in UTF-16 units. */
  readonly column?: number;
  /** The family's name in text 0.0.4. */
  readonly family?: string;
  /** A label's name. */
  readonly label?: string;
  /** The place in the contract, such as `runwisp.metrics.runs.labels.status`. */
  readonly contract?: string;
  readonly got: string;
  readonly rule: string;
  readonly fix: string;
  /** The norm that has the rule. */
  readonly link: string;
}
