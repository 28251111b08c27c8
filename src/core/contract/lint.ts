/**
 * Prometheus naming conventions that a contract may break on purpose. Findings are data; `accepts` silences them by series and
 * id.
 */
import type { Contract, Metric } from './metric.ts';
import { nameRules } from './name-rules.ts';

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

const rules: readonly LintRule[] = [...nameRules, { id: 'ratio-unit', check: ratioUnit }];

/** An accepted finding that does not occur. You cannot accept this one. */
const UNUSED = 'accepted-without-cause';

/** What only a page can break, such as that of a program that writes its own: `check` accepts it. */
const PAGE_IDS: readonly string[] = ['counter-name'];

/** The ids that `accepts` may name. */
export const lintIds: readonly string[] = Object.freeze([...rules.map((rule) => rule.id), ...PAGE_IDS]);

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
    for (const id of ids.filter((id) => !occurred.has(`${series} ${id}`) && !PAGE_IDS.includes(id))) {
      const message = `${series} accepts ${id}, which does not occur`;
      findings.push({ id: UNUSED, series, at: `${contract.name}.accepts.${series}`, message, fix: 'remove it from accepts' });
    }
  }
  return findings;
}

/** A Collector appends `_ratio` to a gauge of unit 1, which is misleading for a count. */
function ratioUnit({ series, unit, kind, instrument }: Metric) {
  if (unit !== '1' || (kind !== 'gauge' && kind !== 'info') || /(^|[._])ratio([._]|$)/.test(instrument)) return undefined;
  return { message: `${series} got _ratio from its unit 1`, fix: 'use an annotation such as {run}, or name it a ratio' };
}
