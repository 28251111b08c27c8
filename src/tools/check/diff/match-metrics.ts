/** Which metric of a new contract each metric of an old one became: by a hint, then by the series' name, then by the key. */
import type { Contract, Metric } from '../../../core/contract/index.ts';
import type { Hints } from './change.ts';

export interface MatchedMetric {
  readonly key: string;
  readonly metric: Metric;
}

export interface MetricMatches {
  /** Every metric of the old contract, in its order. */
  readonly pairs: readonly (readonly [from: MatchedMetric, to: MatchedMetric | undefined])[];
  /** In the order of the new contract. */
  readonly added: readonly MatchedMetric[];
}

export function matchMetrics(old: Contract, next: Contract, hints: Hints): MetricMatches {
  const from = listed(old);
  const left = new Map(listed(next).map((entry) => [entry.metric.series, entry]));
  const became = new Map<string, MatchedMetric>();
  function take(series: string, entry: MatchedMetric | undefined): void {
    if (entry === undefined || became.has(series)) return;
    became.set(series, entry);
    left.delete(entry.metric.series);
  }
  for (const { metric } of from) take(metric.series, left.get(hints.metrics.get(metric.series) ?? ''));
  for (const { metric } of from) take(metric.series, left.get(metric.series));
  const byKey = new Map([...left.values()].map((entry) => [entry.key, entry]));
  for (const { key, metric } of from) take(metric.series, byKey.get(key));
  return { pairs: from.map((entry) => [entry, became.get(entry.metric.series)] as const), added: [...left.values()] };
}

function listed({ metrics }: Contract): readonly MatchedMetric[] {
  return Object.entries(metrics).map(([key, metric]) => ({ key, metric }));
}
