/** Every rule that a contract, a second format or a push can find broken. */
import type { CheckFinding, Severity } from '../finding.ts';

export interface HoldRule {
  readonly severity: Severity;
  readonly rule: string;
  readonly fix: string;
  readonly link: string;
}

const prometheus = 'https://prometheus.io/docs/';
const missing = `${prometheus}practices/instrumentation/#avoid-missing-metrics`;
const naming = `${prometheus}practices/naming/`;
const labels = `${naming}#labels`;
const types = `${prometheus}concepts/metric_types/`;
const cardinality = `${prometheus}practices/instrumentation/#do-not-overuse-labels`;
const histograms = `${prometheus}practices/histograms/`;
const formats = `${prometheus}instrumenting/exposition_formats/`;
const compatibility = 'https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/';
const overflow = 'https://opentelemetry.io/docs/specs/otel/metrics/sdk/#overflow-attribute';

const error = (rule: string, fix: string, link: string): HoldRule => ({ severity: 'error', rule, fix, link });
const warning = (rule: string, fix: string, link: string): HoldRule => ({ severity: 'warning', rule, fix, link });
const note = (rule: string, fix: string, link: string): HoldRule => ({ severity: 'note', rule, fix, link });

export const holdRules = {
  // Families
  'contract-family-missing': error(
    'a zero-filled metric is there from the start',
    'register it, or see why its callback fails',
    missing,
  ),
  'contract-family-absent': note('the metric may be absent while it has no value', 'nothing, if it has had none', missing),
  'contract-family-unknown': error(
    'each family with the prefix of the contract is declared; with --only, each family',
    'declare it, or rename it',
    naming,
  ),
  'contract-family-empty': note(
    'a zero-filled metric has series, unless the callback that reads it has failed',
    "see the program's log for the callback's error",
    missing,
  ),
  'contract-type': error('a family has the type that the contract declares', 'record it with the declared kind', types),
  'contract-unit': error(
    'a family has the unit that the contract declares',
    'record it in the declared unit, or correct the contract',
    naming,
  ),
  // Free: it is for people, and a version may word it anew. `HoldOptions.strictHelp` makes it an error.
  'contract-help': note(
    'a family has the help that the contract declares',
    'nothing, or use the same text in both',
    `${formats}#comments-help-text-and-type-information`,
  ),
  // Labels and values
  'contract-label-unknown': error(
    'a series has no other labels than the contract declares',
    'declare the label, or remove it',
    labels,
  ),
  'contract-label-missing': error('each series has every label that is not optional', 'give it a value in every series', labels),
  'contract-constant-label': error('a constant label has its one value', 'give it that value in every series', labels),
  'contract-value': error(
    'a closed label has only values of its set',
    'use a value of the set, or add it to the contract',
    labels,
  ),
  'contract-value-length': error('a value is at most as long as maxBytes says', 'shorten it, or raise maxBytes', labels),
  'contract-zero-missing': error('every combination of the closed sets is there from the start', 'start it at 0', missing),
  'contract-limit': error('a label has at most as many values as its limit', 'remove values, or raise the limit', cardinality),
  'contract-limit-near': warning('a label stays well below its limit', 'raise the limit, or use fewer values', cardinality),
  'contract-folded': note('values beyond a limit are added up as one', 'raise the limit, or use fewer values', cardinality),
  'contract-overflow': warning(
    'series beyond the limit of a metric are added up without labels',
    'lower the number of series, or raise the limit',
    overflow,
  ),
  // Histograms and summaries
  'contract-bounds': error(
    'every series of a histogram has the bounds of the contract',
    'record it with the declared bounds',
    histograms,
  ),
  'contract-bounds-differ': note(
    'series of a histogram have one list of bounds; each has a part of those of the contract',
    'give all series the same bounds: sums of their buckets are wrong otherwise',
    histograms,
  ),
  'contract-summary-histogram': note(
    'a histogram without bounds has the sum and count of a summary',
    'nothing: it says no more',
    types,
  ),
  'contract-summary-counters': note(
    'in text 0.0.4 the summary is two counters, as its program shows it',
    'nothing, if another program passes it on',
    types,
  ),
  'contract-exponential': error(
    'a histogram has exponential buckets exactly if the contract declares them',
    'record it as declared',
    'https://opentelemetry.io/docs/specs/otel/metrics/data-model/#exponentialhistogram',
  ),
  'contract-quantiles': error('a summary has the quantiles of the contract', 'record it with the declared quantiles', types),
  // One endpoint in several formats
  'formats-family': error('a family with samples is in every format', 'expose the same families in all', formats),
  'formats-type': error('a family has one type in every format', 'expose the same type in all', types),
  'formats-help': error('a family has one help in every format', 'use the same text in all', formats),
  'formats-unit': error('a family has one unit in every format that has units', 'use the same unit in all', formats),
  'formats-labels': error('a family has the same labels in every format', 'expose the same labels in all', labels),
  'formats-series': note('two requests may see different series', 'nothing, if series come and go', formats),
  // Pull and push
  'both-series': error('a series that is pulled is pushed, too', 'send all families both ways', compatibility),
  'both-value': error(
    'a sample has the same value whether it is pulled or pushed',
    'compare while the program is at rest, or see what converts the value',
    compatibility,
  ),
  'both-type': error('a family has the same type whether it is pulled or pushed', 'send it with the same type', compatibility),
  'both-help': error('a family has the same help whether it is pulled or pushed', 'send the same description', compatibility),
} as const satisfies Readonly<Record<string, HoldRule>>;

export type HoldRuleId = keyof typeof holdRules;

/** What a finding is about, besides its rule. */
export interface Subject {
  readonly line?: number | undefined;
  readonly family?: string | undefined;
  readonly label?: string | undefined;
  /** The place in the contract. */
  readonly contract?: string | undefined;
  readonly got: string;
  /** In place of the catalogue's, where this case can say more. */
  readonly rule?: string | undefined;
  readonly fix?: string | undefined;
}

export function findingOf(
  source: string,
  id: HoldRuleId,
  { line, family, label, contract, got, rule, fix }: Subject,
): CheckFinding {
  const known = holdRules[id];
  return Object.freeze({
    id,
    severity: known.severity,
    source,
    ...(line !== undefined && { line }),
    ...(family !== undefined && { family }),
    ...(label !== undefined && { label }),
    ...(contract !== undefined && { contract }),
    got,
    rule: rule ?? known.rule,
    fix: fix ?? known.fix,
    link: known.link,
  });
}
