/** The labels of a family as they were seen, and how a contract declares them. */
import { type ConstantLabels, capped, identity, type Label, oneOf, parameter } from '../../../core/contract/index.ts';
import type { ObservedFamily, ObservedLabel } from '../observed.ts';

export interface SeenLabel {
  readonly values: readonly string[];
  readonly distinct: number;
  /** Some series have it and others do not, or have it empty. */
  readonly optional: boolean;
}

/** In the order in which they were seen first. `constant`: labels that the contract has for all its series. */
export function seenLabels({ labels, series }: ObservedFamily, constant: ReadonlySet<string>): ReadonlyMap<string, SeenLabel> {
  const seen = new Map<string, SeenLabel>();
  for (const [name, label] of labels) {
    if (constant.has(name)) continue;
    const hasEmpty = label.values.has('');
    const values = [...label.values].filter((value) => value !== '');
    if (values.length === 0) continue;
    seen.set(name, { values, distinct: label.distinct - (hasEmpty ? 1 : 0), optional: hasEmpty || label.series < series });
  }
  return seen;
}

/** A label of more values than that names things, however it is called. */
const mostListed = 8;
const flags: readonly string[] = ['true', 'false'];
/** What such a label names comes and goes, however few values were seen. */
const open =
  /(?:^|_)(?:path|route|url|uri|id|user|host|hostname|pod|ip|address|name|task|job|queue|topic|tenant|customer|version|instance)$/i;

/**
 * A set is closed only where no other value can come: a draft of a healthy hour would reject the first status 500.
 * @param kind a gauge of a thing that is gone is to be removed, so its label is an identity
 */
export function labelFor(
  name: string,
  { values, distinct, optional }: SeenLabel,
  { kind, name: family }: Pick<ObservedFamily, 'kind' | 'name'>,
): Label {
  // The states of a state set are in its own label (OpenMetrics 1.0, "StateSet").
  if (kind === 'stateset' && name === family && !optional) return oneOf(...values);
  if (!optional && values.every((value) => flags.includes(value))) return oneOf(...flags);
  const limit = Math.max(100, 10 ** Math.ceil(Math.log10(distinct * 2)));
  const longest = Math.max(...values.map((value) => Buffer.byteLength(value)));
  const bound = { limit, ...(optional && { optional }), ...(longest > 256 && { maxBytes: 2 ** Math.ceil(Math.log2(longest)) }) };
  const comesAndGoes = distinct > mostListed || open.test(name) || optional;
  return comesAndGoes && (kind === 'gauge' || kind === 'updowncounter') ? identity(bound) : capped(bound);
}

/** So many families have to share a label's value. */
const leastFamilies = 3;

/** What such a label says is where the program runs: another host's page has another value. */
const place = /(?:^|_)(?:host|hostname|node|pod|container|instance|ip|address|machine)(?:_(?:name|id|ip|address))?$/i;

/** Labels with one value on every series of all families: a registry's default labels. */
export function constantLabels(families: Iterable<ObservedFamily>): ConstantLabels {
  const all = [...families].filter(({ series }) => series > 0);
  const [first, ...rest] = all;
  if (first === undefined || all.length < leastFamilies) return {};
  const shared = [...first.labels].flatMap(([name, label]) => {
    const value = onlyValue(label, first.series);
    const isShared = value !== undefined && rest.every(({ labels, series }) => onlyValue(labels.get(name), series) === value);
    return isShared ? [[name, place.test(name) ? parameter(value) : value] as const] : [];
  });
  return Object.fromEntries(shared);
}

function onlyValue(label: ObservedLabel | undefined, series: number): string | undefined {
  if (label === undefined || label.distinct !== 1 || label.series !== series) return undefined;
  const [value] = label.values;
  return value === '' ? undefined : value;
}

/** The values of a label that has few, for a comment: whoever knows that there are no others closes the set. */
export function listedValues(name: string, label: Label, { labels }: ObservedFamily): readonly string[] {
  const seen = labels.get(name);
  if (label.kind !== 'capped' || seen === undefined || seen.distinct > mostListed || open.test(name)) return [];
  return [...seen.values].filter((value) => value !== '');
}
