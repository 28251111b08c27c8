/** What a contract says of one metric, as questions: a page, a batch of OTLP and a test ask the same ones. */
import type { Kind } from '../naming/index.ts';
import type { ClosedLabel, Contract, Label, LabelValue, Metric } from './metric.ts';

const levels: readonly Kind[] = ['gauge', 'updowncounter', 'info'];

/**
 * The kinds under which a metric's series may be seen. Those of gauges, up-down counters and infos are the same; `unknown`
 * promises nothing.
 */
const seenAs: Readonly<Record<Kind, readonly Kind[] | undefined>> = {
  counter: ['counter'],
  updowncounter: levels,
  gauge: levels,
  info: levels,
  histogram: ['histogram'],
  summary: ['summary'],
  stateset: ['stateset', ...levels],
  gaugehistogram: ['gaugehistogram', 'histogram'],
  unknown: undefined,
};

export function kindFits({ kind }: Pick<Metric, 'kind'>, seen: Kind): boolean {
  return seenAs[kind]?.includes(seen) ?? true;
}

/** Whether two lists of bounds, or of quantiles, are the same. */
export function sameNumbers(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((bound, at) => bound === b[at]);
}

/** The labels that have only the values of a set, by name. */
export function closedLabels({
  labels,
}: Pick<Metric, 'labels'>): readonly (readonly [name: string, label: ClosedLabel<LabelValue>])[] {
  return Object.entries(labels).flatMap(([name, label]) => (label.kind === 'closed' ? [[name, label] as const] : []));
}

/**
 * Whether a label may have the value; `''` and an absent label are the same. A limit concerns many values, so it says nothing of
 * one.
 */
export function valueFits(label: Label, value: string): boolean {
  return label.kind !== 'closed' || label.values.includes(value);
}

/** Whether a name begins as the contract's own do, which none other may. In OTLP as in Prometheus. */
export function beginsAs({ name }: Pick<Contract, 'name'>): (name: string) => boolean {
  const prefixes = [`${name}.`, `${name}_`];
  return (given) => prefixes.some((prefix) => given.startsWith(prefix));
}
