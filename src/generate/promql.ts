/**
 * Pieces of PromQL from a contract's metrics. A metric or label that the contract does not have, or a value that a closed set does not have, does
 * not compile; what is done with the pieces is the caller's own PromQL.
 */
import type { Labels, LabelValues, Metric } from '../contract/index.ts';
import { labelName } from '../naming/index.ts';

/** Kinds whose samples bear the series' own name. A summary or histogram has `_sum`, `_count` and more instead. */
type Plain = 'counter' | 'updowncounter' | 'gauge' | 'info';

/** Label values to select by: none, some or all. `NoInfer`: the contract says what there is, not the caller. */
type Where<L extends Labels> = keyof L extends never ? Readonly<Record<string, never>> : Partial<LabelValues<NoInfer<L>>>;

/** A label of the metric; of a histogram's buckets, also their bound. */
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

/** A label's value in a legend of Grafana, e.g. `{{host}}`. */
export function legend<L extends Labels>(_of: Metric<Metric['kind'], L>, name: keyof L & string): string {
  return `{{${labelName(name)}}}`;
}

/** A label's value in an annotation of an alert, e.g. `{{ $labels.reason }}`. */
export function labelValue<L extends Labels>(_of: Metric<Metric['kind'], L>, name: keyof L & string): string {
  return `{{ $labels.${labelName(name)} }}`;
}

/** A string of JSON is one of PromQL, too. */
function matchers(where: Readonly<Record<string, string | undefined>>): string {
  const pairs = Object.entries(where).flatMap(([name, value]) =>
    value === undefined ? [] : [`${labelName(name)}=${JSON.stringify(value)}`],
  );
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}
