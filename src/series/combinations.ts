/** What zero-filling fills. A contract that comes to too many combinations is refused (`contract/size-rules.ts`). */
import type { Metric } from '../contract/metric.ts';

/**
 * Every combination of a metric's closed sets, in the contract's order; its other labels stand at `values` (of a series that exists).
 * Undefined when there are other labels, and no values for them.
 */
export function combinations(metric: Metric, values?: readonly string[]): Record<string, string>[] | undefined {
  let all: Record<string, string>[] = [{}];
  for (const [at, [name, label]] of Object.entries(metric.labels).entries()) {
    const here = label.kind === 'closed' ? label.values : values?.slice(at, at + 1);
    if (here === undefined) return undefined;
    all = all.flatMap((start) => here.map((value) => ({ ...start, [name]: value })));
  }
  return all;
}

/** The combinations that an observed metric fills beside these series: each once, however many series have the same other labels. */
export function combinationsBeside(metric: Metric, all: Iterable<{ readonly values: readonly string[] }>): Record<string, string>[] {
  const closed = Object.values(metric.labels).map((label) => label.kind === 'closed');
  const others = new Map<string, readonly string[]>();
  for (const { values } of all) others.set(JSON.stringify(values.filter((_, at) => closed[at] !== true)), values);
  return [...others.values()].flatMap((values) => combinations(metric, values) ?? []);
}
