/** Prometheus naming conventions that a contract may break on purpose. Findings are data; `accepts` silences them by series and id. */
import type { Contract, Metric } from './metric.ts';

export interface Finding {
  /** Stable, e.g. `total-suffix`. */
  readonly id: string;
  readonly series: string;
  /** The location of the declaration, e.g. `rm.metrics.hostsTotal`. */
  readonly at: string;
  readonly message: string;
  readonly fix: string;
}

/** A rule checks one metric and returns its finding, if any. */
interface LintRule {
  readonly id: string;
  check(metric: Metric): { readonly message: string; readonly fix: string } | undefined;
}

const BUCKETED: readonly string[] = ['histogram', 'gaugehistogram'];
const COUNTED: readonly string[] = [...BUCKETED, 'summary'];

/** The rules of Prometheus' own linter (promlint), so that `promtool check metrics` finds nothing more. */
const ABBREVIATED = ['s', 'ms', 'us', 'ns', 'sec', 'b', 'kb', 'mb', 'gb', 'tb', 'pb', 'm', 'h', 'd'];
const BASE_UNITS: Readonly<Record<string, readonly string[]>> = {
  seconds: ['nanoseconds', 'microseconds', 'milliseconds', 'minutes', 'hours', 'days', 'weeks'],
  bytes: ['bits', 'kilobytes', 'megabytes', 'gigabytes', 'terabytes', 'kibibytes', 'mebibytes', 'gibibytes', 'tibibytes'],
  celsius: ['kelvin', 'fahrenheit'],
  meters: ['nanometers', 'micrometers', 'millimeters', 'centimeters', 'kilometers'],
  grams: ['milligrams', 'kilograms'],
};

const rules: readonly LintRule[] = [
  suffixRule('total', ['counter']),
  suffixRule('bucket', BUCKETED),
  suffixRule('count', COUNTED),
  suffixRule('sum', COUNTED),
  suffixRule('created', []),
  { id: 'counter-without-total', check: counterWithoutTotal },
  { id: 'abbreviated-unit', check: abbreviatedUnit },
  { id: 'non-base-unit', check: nonBaseUnit },
  { id: 'ratio-unit', check: ratioUnit },
];

/** An accepted finding that does not occur. You cannot accept this one. */
const UNUSED = 'accepted-without-cause';

/** The ids that `accepts` may name. */
export const lintIds: readonly string[] = Object.freeze(rules.map((rule) => rule.id));

/** The findings that the contract does not accept, in the order of its declaration; then the accepted ones that do not occur. */
export function lint(contract: Contract): readonly Finding[] {
  const findings: Finding[] = [];
  const occurred = new Set<string>();
  for (const [key, metric] of Object.entries(contract.metrics)) {
    const { series } = metric;
    for (const rule of rules) {
      const found = rule.check(metric);
      if (found === undefined) continue;
      occurred.add(`${series} ${rule.id}`);
      if (contract.accepts[series]?.includes(rule.id)) continue;
      findings.push({ id: rule.id, series, at: `${contract.name}.metrics.${key}`, ...found });
    }
  }
  for (const [series, ids] of Object.entries(contract.accepts)) {
    for (const id of ids.filter((id) => !occurred.has(`${series} ${id}`))) {
      const message = `${series} accepts ${id}, which does not occur`;
      findings.push({ id: UNUSED, series, at: `${contract.name}.accepts.${series}`, message, fix: 'remove it from accepts' });
    }
  }
  return findings;
}

function suffixRule(suffix: string, kinds: readonly string[]): LintRule {
  function check({ series, kind }: Metric) {
    // `unknown` may be any kind, so no kind differs from it
    if (!series.endsWith(`_${suffix}`) || kinds.includes(kind) || kind === 'unknown') return undefined;
    return { message: `${series} is a ${kind}, but ends in _${suffix}`, fix: `choose a name without _${suffix}` };
  }
  return { id: `${suffix}-suffix`, check };
}

function counterWithoutTotal({ series, kind }: Metric) {
  if (kind !== 'counter' || series.endsWith('_total')) return undefined;
  return { message: `${series} is a counter without _total`, fix: `expose it as ${series}_total` };
}

function abbreviatedUnit({ series }: Metric) {
  const word = tokens(series).find((token) => ABBREVIATED.includes(token));
  if (word === undefined) return undefined;
  return { message: `${series} has the abbreviated unit ${word}`, fix: 'spell the unit, e.g. seconds, bytes' };
}

function nonBaseUnit({ series }: Metric) {
  const words = tokens(series);
  for (const [base, others] of Object.entries(BASE_UNITS)) {
    const word = words.find((token) => others.includes(token));
    if (word !== undefined) return { message: `${series} is in ${word}, not in the base unit`, fix: `use ${base}` };
  }
  return undefined;
}

/** A Collector appends `_ratio` to a gauge of unit 1, which is misleading for a count. */
function ratioUnit({ series, unit, kind, instrument }: Metric) {
  if (unit !== '1' || (kind !== 'gauge' && kind !== 'info') || /(^|[._])ratio([._]|$)/.test(instrument)) return undefined;
  return { message: `${series} got _ratio from its unit 1`, fix: 'use an annotation such as {run}, or name it a ratio' };
}

function tokens(series: string): readonly string[] {
  return series.split('_');
}
