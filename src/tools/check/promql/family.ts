/** Which metric of the old contract a series' name belongs to, and what became of its name and values. */
import type { ConstantLabel, Metric } from '../../../core/contract/index.ts';
import type { ContractDiff, Mapping } from '../diff/change.ts';
import { type LabelSet, labelSet, type SeenLabel } from '../diff/label-set.ts';

/** `''`: the samples of a counter, a gauge, an info, a summary's quantiles or a native histogram. */
export type Part = '' | '_bucket' | '_sum' | '_count';

export interface Family {
  readonly mapping: Mapping;
  readonly part: Part;
}

const partsOf: Readonly<Record<string, readonly Part[]>> = {
  histogram: ['_bucket', '_sum', '_count'],
  summary: ['_sum', '_count'],
};

/** Undefined: the name is none of the old contract's. */
export function familyOf(diff: ContractDiff, name: string): Family | undefined {
  const mapping = diff.mappings.get(name);
  if (mapping !== undefined) return { mapping, part: '' };
  const part = (['_bucket', '_sum', '_count'] as const).find((suffix) => name.endsWith(suffix));
  const whole = part && diff.mappings.get(name.slice(0, -part.length));
  if (part === undefined || whole === undefined) return undefined;
  return partsOf[whole.from.kind]?.includes(part) === true ? { mapping: whole, part } : undefined;
}

const seen = new WeakMap<Metric, LabelSet>();

/** A metric's label by its name in expressions; undefined: it has none of it. */
export function labelOf(metric: Metric, name: string): SeenLabel | undefined {
  return labelsSeen(metric).get(name)?.label;
}

/** A metric's labels by their names in expressions. */
export function labelsSeen(metric: Metric): LabelSet {
  const known = seen.get(metric) ?? labelSet(metric);
  seen.set(metric, known);
  return known;
}

/** The names of a metric's series. */
export function seriesOf({ series, kind, bounds, exponential }: Metric): readonly string[] {
  const parts = partsOf[kind] ?? [];
  const own = kind !== 'histogram' || exponential !== undefined ? [series] : [];
  const shown = parts.filter((part) => part !== '_bucket' || bounds.length > 0 || exponential?.textBuckets !== undefined);
  return [...own, ...shown.map((part) => series + part)];
}

const gauges: readonly string[] = ['gauge', 'updowncounter', 'info', 'unknown', 'stateset'];

/** Kinds whose samples a function reads alike. */
export const typeOf = ({ kind }: Metric) => (gauges.includes(kind) ? 'gauge' : kind);

export const isNear = (one: number, other: number) => Math.abs(one - other) <= 1e-9 * Math.max(Math.abs(one), Math.abs(other));

/** Whether the bounds are the same, in the new unit. */
export function keepsBounds({ from, to, factor }: Mapping): boolean {
  if (to === undefined || factor === undefined || from.bounds.length !== to.bounds.length) return false;
  return from.bounds.every((bound, index) => isNear(bound * factor, to.bounds[index] ?? Number.NaN));
}

/** Whether an expression over the metric finds what it found, under another name at most. */
export function keepsAllButName(mapping: Mapping): boolean {
  const { from, to, labels, values, factor } = mapping;
  if (to === undefined || factor !== 1 || typeOf(from) !== typeOf(to) || !keepsBounds(mapping)) return false;
  if ([...values.values()].some((changed) => changed.size > 0)) return false;
  if ([...labels].some(([old, name]) => old !== name)) return false;
  const same = (one: object, other: object) => Object.keys(one).length === Object.keys(other).length;
  if (!same(from.labels, to.labels) || !same(from.constantLabels, to.constantLabels)) return false;
  return Object.entries(from.constantLabels).every(([name, label]) => isSameConstant(label, to.constantLabels[name]));
}

/** A program's own value is the same program's in both contracts. */
function isSameConstant(one: ConstantLabel, other: ConstantLabel | undefined): boolean {
  return typeof one === 'string' ? one === other : typeof other === 'object';
}

/** Whether the series of several label values add up to one without the label. */
export function isAdditive({ kind, across, unit }: Metric): boolean {
  if (kind === 'counter' || kind === 'updowncounter' || kind === 'histogram') return true;
  return kind === 'gauge' && (across === undefined || across === 'sum') && unit !== '%' && unit !== '1';
}
