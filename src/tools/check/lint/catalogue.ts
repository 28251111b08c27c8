/**
 * The linter's own rules as data. Beside them are those of names, which contracts are held to as well
 * (src/core/contract/name-rules.ts), and the parser's (src/formats/exposition/parse/findings.ts).
 */
import type { CheckFinding, Severity } from '../finding.ts';

export interface LintRule {
  readonly severity: Severity;
  readonly rule: string;
  readonly fix: string;
  /** The norm. */
  readonly link: string;
}

const naming = 'https://prometheus.io/docs/practices/naming/';
const practice = 'https://prometheus.io/docs/practices/instrumentation/';
const exporters = 'https://prometheus.io/docs/instrumenting/writing_exporters/#';
const openMetrics = 'https://prometheus.io/docs/specs/om/open_metrics_spec/#';
const jobs = 'https://prometheus.io/docs/concepts/jobs_instances/';
const histograms = 'https://prometheus.io/docs/practices/histograms/';
const own = 'https://github.com/prometheus/client_golang/tree/main/prometheus/testutil/promlint';

const error = (rule: string, fix: string, link: string): LintRule => ({ severity: 'error', rule, fix, link });
const warning = (rule: string, fix: string, link: string): LintRule => ({ severity: 'warning', rule, fix, link });
const note = (rule: string, fix: string, link: string): LintRule => ({ severity: 'note', rule, fix, link });

export const lintRules = {
  // The page
  'content-type': error(
    'a response has the Content-Type of a format that Prometheus 3 reads; it rejects others unless fallback_scrape_protocol is set',
    'respond with text/plain; version=0.0.4, or the type of the format that was asked for',
    'https://prometheus.io/docs/prometheus/latest/migration/#scrape-protocols',
  ),
  'no-samples': warning('a page has samples', 'expose some, or correct the URL', exporters),
  'more-findings': note('the first 100 findings of the parser are listed', 'correct those first', exporters),
  // Metadata
  'help-missing': warning('a family has a help text', 'add HELP', `${exporters}help-strings`),
  'type-missing': warning('a family has a type', 'add TYPE', `${exporters}types`),
  'type-unknown': note(
    'a type is one that functions of PromQL are made for',
    'give the type, if it is known',
    `${exporters}types`,
  ),
  // Units
  'percent-unit': note('a part of a whole is a ratio from 0 to 1', 'divide by 100, and call it a ratio', `${naming}#base-units`),
  // Labels
  'le-label': warning('only histograms have a label le', 'rename the label', own),
  'quantile-label': warning('only summaries have a label quantile', 'rename the label', own),
  'target-label': note(
    'job and instance are labels of the target: Prometheus renames those of a page to exported_job and exported_instance',
    'rename the label, or set honor_labels',
    jobs,
  ),
  'label-camel-case': warning(
    'label names are in snake_case',
    'write words in lower case, with _ between them',
    `${exporters}labels`,
  ),
  'label-empty': note(
    'a label with an empty value is none for Prometheus',
    'leave it out, or give it a value',
    `${exporters}labels`,
  ),
  // Cardinality
  'series-limit': warning(
    'a family has few series',
    'take a label away, or raise --max-series',
    `${practice}#do-not-overuse-labels`,
  ),
  'values-limit': warning(
    'a label has few values',
    'leave out what grows with users or requests, or raise --max-values',
    `${practice}#do-not-overuse-labels`,
  ),
  // Histograms, summaries
  'bounds-differ': warning(
    'the histograms of a family have the same bounds, or they cannot be added up by le',
    'give all of them the same',
    `${histograms}#quantiles`,
  ),
  // Start times
  'start-partly': warning(
    'all series of a family have a start time, or none has',
    'give all of them one',
    `${openMetrics}counter`,
  ),
  // Two pages, one after the other
  'total-fell': error(
    'a total never falls, unless its start time moves forward',
    'use a gauge, or keep the total as long as the process runs',
    `${openMetrics}counter`,
  ),
  'total-reset': note(
    'a total that falls has started again, and its start time says so',
    'nothing, if it was meant',
    `${openMetrics}counter`,
  ),
  'start-moved': warning(
    'the start time of a total moves only when it starts again',
    'keep the time at which it began to count',
    `${openMetrics}counter`,
  ),
  'new-without-start': note(
    'a series that comes has a start time: without one, increase() and rate() miss its first value',
    'expose it from the start with 0, or with its start time',
    `${practice}#avoid-missing-metrics`,
  ),
  'series-gone': warning('a total stays as long as the process runs', 'keep it', `${practice}#avoid-missing-metrics`),
  'series-changed': note(
    'the series of a family stay the same',
    'nothing, if what they describe came or went',
    `${practice}#avoid-missing-metrics`,
  ),
  'series-not-compared': note(
    'the first 1,000,000 series are compared',
    'lower the cardinality',
    `${practice}#do-not-overuse-labels`,
  ),
  // The file of exceptions
  'exception-expired': error(
    'an exception holds until its day',
    'correct what it accepts, or set a later day',
    'https://www.rfc-editor.org/rfc/rfc3339#section-5.6',
  ),
  'exception-unused': error(
    'an exception accepts a finding that there is',
    'remove it',
    'https://www.rfc-editor.org/rfc/rfc3339#section-5.6',
  ),
} as const satisfies Readonly<Record<string, LintRule>>;

export type LintId = keyof typeof lintRules;

/** A finding of a rule of `lintRules`. */
export function found(
  id: LintId,
  at: Omit<CheckFinding, 'id' | 'severity' | 'rule' | 'fix' | 'link'> & { readonly fix?: string },
): CheckFinding {
  return { id, ...lintRules[id], ...at };
}
