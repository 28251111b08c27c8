/** What zero-filling fills. */
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
