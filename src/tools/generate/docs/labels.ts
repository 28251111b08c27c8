/** A metric's labels with their values and limits. */
import type { Label, Metric } from '../../../core/contract/index.ts';
import { parametersOf } from '../../../core/contract/labels.ts';
import { labelName } from '../../../core/naming/index.ts';
import { code } from './markdown.ts';

/** Values of a closed set that are listed. */
const mostValues = 25;

/** Of a constant label that the program decides. */
const PARAMETER = 'one value, which the program decides';

/** One part a label, in the order of the exposition; `except`: constant labels that are named elsewhere. */
export function labelsCell(metric: Metric, except: readonly string[]): string {
  const constant = Object.keys(metric.constantLabels).filter((name) => !except.includes(name));
  const declared = Object.entries(metric.labels).map(([name, label]) => `${nameOf(metric, name)}: ${valuesOf(label, metric)}`);
  const parameters = parametersOf(metric);
  // A constant label has no value here: it belongs to a deployment, not to the contract.
  const constantCell = (name: string) => `${nameOf(metric, name)}: ${parameters.includes(name) ? PARAMETER : 'constant'}`;
  return [...constant.map(constantCell), ...declared].join('<br>') || '–';
}

/** The constant labels that each of several metrics has. */
export function constantOfAll(metrics: readonly Metric[]): readonly string[] {
  if (metrics.length < 2) return [];
  const [first] = metrics;
  return Object.keys(first?.constantLabels ?? {}).filter((name) =>
    metrics.every((metric) => Object.hasOwn(metric.constantLabels, name)),
  );
}

/** The one sentence about them; undefined: there are none. */
export function constantSentence(names: readonly string[], metrics: readonly Metric[]): string | undefined {
  if (names.length === 0) return undefined;
  const decided = names.filter((name) => metrics.every((metric) => parametersOf(metric).includes(name)));
  const fixed = names.filter((name) => !decided.includes(name));
  const listed = (some: readonly string[]) => some.map((name) => code(shownName({}, name))).join(', ');
  const parts = [
    ...(fixed.length === 0 ? [] : [`${fixed.length === 1 ? 'a constant label' : 'the constant labels'} ${listed(fixed)}`]),
    ...(decided.length === 0 ? [] : [`${decided.length === 1 ? 'a label' : 'the labels'} ${listed(decided)} with ${PARAMETER}`]),
  ];
  return `Each series has ${parts.join(', and ')}.`;
}

/** As a scrape shows it. */
export function shownName({ verbatim }: Pick<Metric, 'verbatim'>, name: string): string {
  return verbatim === true ? name : labelName(name);
}

function nameOf(metric: Metric, name: string): string {
  return code(shownName(metric, name));
}

function valuesOf(label: Label, { kind }: Metric): string {
  if (label.kind === 'closed') {
    const more = label.values.length - mostValues;
    const listed = label.values.slice(0, mostValues).map(code).join(', ');
    return more > 0 ? `${listed} and ${more} more` : listed;
  }
  const missing = label.optional ? '; may be missing' : '';
  if (label.kind === 'capped') return `the first ${label.limit} values, then ${code(label.other)}${missing}`;
  // The sum of several gauges is the value of none, so further ones are rejected.
  const rejects = kind === 'gauge' || kind === 'info';
  return `${label.limit} at a time${rejects ? '' : `, then ${code(label.other)}`}${missing}`;
}
