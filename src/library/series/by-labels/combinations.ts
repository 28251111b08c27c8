/** The combinations that zero-filling fills. `core/contract/size-rules.ts` rejects a contract with too many of them. */
import type { Metric } from '../../../core/contract/metric.ts';

/**
 * Every combination of a metric's closed sets, in the contract's order. Its other labels take `values`, those of an existing
 * series. Undefined if there are other labels but no values for them.
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

/**
 * The combinations that an observed metric fills beside these series: each once, even if several series share their other labels.
 */
export function combinationsBeside(
  metric: Metric,
  all: Iterable<{ readonly values: readonly string[] }>,
): Record<string, string>[] {
  const closed = Object.values(metric.labels).map((label) => label.kind === 'closed');
  const others = new Map<string, readonly string[]>();
  for (const { values } of all) others.set(JSON.stringify(values.filter((_, at) => closed[at] !== true)), values);
  return [...others.values()].flatMap((values) => combinations(metric, values) ?? []);
}
