/**
 * Summaries that a page of text 0.0.4 shows as two counters, as the contract's `counters` declares: the same two samples under
 * other TYPE lines.
 */
import type { Contract } from '../../../core/contract/index.ts';
import type { Observed, ObservedFamily } from '../observed.ts';

/** The series of the contract's summaries that are so. */
export function countersOf({ metrics }: Pick<Contract, 'metrics'>): readonly string[] {
  return Object.values(metrics).flatMap(({ series, counters }) => (counters === undefined ? [] : [series]));
}

/**
 * Of a source that shows summaries as they are, those that text may show so: without quantiles. An SDK pushes them as histograms
 * without bounds.
 */
export function bareSummaries({ families }: Observed): readonly string[] {
  const isBare = ({ kind, quantiles, bounds, native }: ObservedFamily) =>
    (kind === 'summary' && quantiles.length === 0) ||
    (kind === 'histogram' && !native && bounds.every((list) => list.length === 0));
  return [...families.values()].filter(isBare).map(({ name }) => name);
}

/**
 * With each pair of counters as the summary that it is, in the place of its sum. Other formats show the summary itself, and stay
 * as they are.
 */
export function withSummaries(observed: Observed, series: Iterable<string>): Observed {
  if (observed.format !== 'text') return observed;
  const pairs = [...series].flatMap((name) => pairOf(observed.families, name));
  if (pairs.length === 0) return observed;
  const bySum = new Map(pairs.map((pair) => [pair.counters.sum, pair]));
  const counts = new Set(pairs.map(({ counters }) => counters.count));
  const kept = [...observed.families.values()]
    .filter((family) => !counts.has(family))
    .map((family) => bySum.get(family) ?? family);
  return { ...observed, families: new Map(kept.map((family) => [family.name, family])) };
}

function pairOf(families: Observed['families'], name: string) {
  const [sum, count] = [families.get(`${name}_sum`), families.get(`${name}_count`)];
  if (families.has(name) || sum?.kind !== 'counter' || count?.kind !== 'counter') return [];
  const summary = { ...sum, name, kind: 'summary', help: undefined, counters: { sum, count } } as const;
  return [summary satisfies ObservedFamily];
}
