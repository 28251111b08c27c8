/** The samples of any contract's metric in PromQL: what `promql.ts` does for a contract whose type is known. */
import type { Label, Metric } from '../../core/contract/index.ts';
import { parametersOf } from '../../core/contract/labels.ts';
import { isBareLabel, isBareName, labelName } from '../../core/naming/index.ts';

/** A selector, e.g. `runs_total{job="runwisp"}`; a name that PromQL cannot write bare is quoted. */
export function selector(name: string, matchers: readonly string[] = []): string {
  if (!isBareName(name)) return `{${[JSON.stringify(name), ...matchers].join(',')}}`;
  return matchers.length === 0 ? name : `${name}{${matchers.join(',')}}`;
}

/**
 * A selector of one sample for each series of the metric, whichever form Prometheus keeps: of a histogram that has exponential
 * buckets, the count is
 * `NAME_count`, or within the native histogram `NAME`.
 */
export function anySample({ series, kind, exponential }: Metric, matchers: readonly string[] = []): string {
  if (kind === 'summary') return selector(`${series}_count`, matchers);
  if (kind !== 'histogram') return selector(series, matchers);
  if (exponential === undefined) return selector(`${series}_count`, matchers);
  return `{${[`__name__=~${JSON.stringify(`${series}(_count)?`)}`, ...matchers].join(',')}}`;
}

export interface NamedLabel {
  /** On the wire. */
  readonly name: string;
  readonly label: Label;
}

/** The labels whose values the contract lists. */
export function closedLabels({ labels }: Metric): readonly string[] {
  return named(labels).flatMap(({ name, label }) => (label.kind === 'closed' ? [name] : []));
}

/** The labels whose values the program finds out, up to a limit. */
export function openLabels({ labels }: Metric): readonly (NamedLabel & { readonly label: Exclude<Label, { kind: 'closed' }> })[] {
  return named(labels).flatMap(({ name, label }) => (label.kind === 'closed' ? [] : [{ name, label }]));
}

function named(labels: Metric['labels']): readonly NamedLabel[] {
  return Object.entries(labels).map(([name, label]) => ({ name: labelName(name), label }));
}

/**
 * The labels that the program decides, on the wire: a page has one value of each, and a dashboard of several programs lets
 * choose.
 */
export function parameterLabels(metric: Metric): readonly string[] {
  return parametersOf(metric)
    .map((name) => (metric.verbatim === true ? name : labelName(name)))
    .filter(isBareLabel);
}

/** ` by (a, b) `, or a space. */
export function by(labels: readonly string[]): string {
  return labels.length === 0 ? ' ' : ` by (${labels.join(', ')}) `;
}
