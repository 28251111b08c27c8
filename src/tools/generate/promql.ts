/**
 * Builds pieces of PromQL from a contract's metrics; you write the PromQL around them. A metric or label that is not in the
 * contract, or a value that is not in a closed set, does not compile.
 */
import type { Labels, LabelValue, LabelValues, Metric } from '../../core/contract/index.ts';
import { labelName } from '../../core/naming/index.ts';

/** Kinds whose samples have the series' name. A summary or histogram has `_sum`, `_count` and more instead. */
type Plain = 'counter' | 'updowncounter' | 'gauge' | 'info';

/** Label values to select by: none, some or all. `NoInfer`: the contract defines the labels, not the caller. */
type Where<L extends Labels> = keyof L extends never ? Readonly<Record<string, never>> : Partial<LabelValues<NoInfer<L>>>;

/** A label of the metric; for a histogram's buckets, also `le`. */
type LabelOf<K, L> = (keyof L & string) | (K extends 'histogram' ? 'le' : never);

/** The series of a metric, e.g. `jobs_total{status="failed"}`. */
export function series<L extends Labels>(metric: Metric<Plain, L>, where?: Where<L>): string {
  return metric.series + matchers(where ?? {});
}

/** The buckets of a histogram, e.g. `wait_seconds_bucket{kind="backup"}`. */
export function buckets<L extends Labels>(metric: Metric<'histogram', L>, where?: Where<L>): string {
  return `${metric.series}_bucket${matchers(where ?? {})}`;
}

/** The labels that an aggregation keeps (`by`) or adds up over (`without`), e.g. `(host_id, host)`. */
export function labels<K extends Metric['kind'], L extends Labels>(_of: Metric<K, L>, ...names: LabelOf<K, L>[]): string {
  return `(${names.map((name) => labelName(name)).join(', ')})`;
}

/** A label's value in a Grafana legend, e.g. `{{host}}`. */
export function legend<L extends Labels>(_of: Metric<Metric['kind'], L>, name: keyof L & string): string {
  return `{{${labelName(name)}}}`;
}

/** A label's value in an alert's annotation, e.g. `{{ $labels.reason }}`. */
export function labelValue<L extends Labels>(_of: Metric<Metric['kind'], L>, name: keyof L & string): string {
  return `{{ $labels.${labelName(name)} }}`;
}

/** A JSON string is also a PromQL string. */
function matchers(where: Readonly<Record<string, LabelValue | undefined>>): string {
  const pairs = Object.entries(where).flatMap(([name, value]) =>
    value === undefined ? [] : [`${labelName(name)}=${JSON.stringify(String(value))}`],
  );
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}
