/** The label sets of a family as they were seen, and how a contract declares them. */
import { capped, identity, type Label, oneOf } from '../../contract/index.ts';
import type { ParsedFamily } from '../../exposition/index.ts';

export interface SeenLabels {
  /** In the order in which they were seen first. */
  readonly names: readonly string[];
  readonly values: ReadonlyMap<string, ReadonlySet<string>>;
  /** Distinct label sets. */
  readonly series: number;
  /** Labels that some series have and others do not, or have empty. */
  readonly partial: readonly string[];
}

/** Labels of the format itself. */
const ownLabels: Readonly<Partial<Record<string, string>>> = { histogram: 'le', summary: 'quantile' };

/** `constant`: labels that the contract has for all its series. */
export function seenLabels({ kind, samples }: ParsedFamily, constant: ReadonlySet<string>): SeenLabels {
  const own = ownLabels[kind];
  const values = new Map<string, Set<string>>();
  const having = new Map<string, number>();
  const sets = new Set<string>();
  for (const sample of samples) {
    const pairs = sample.labels.filter(([name, value]) => name !== own && !constant.has(name) && value !== '');
    const key = JSON.stringify([...pairs].sort());
    if (sets.has(key)) continue;
    sets.add(key);
    for (const [name, value] of pairs) {
      values.set(name, (values.get(name) ?? new Set()).add(value));
      having.set(name, (having.get(name) ?? 0) + 1);
    }
  }
  const partial = [...having].filter(([, count]) => count < sets.size).map(([name]) => name);
  return { names: [...values.keys()], values, series: sets.size, partial };
}

/** A set of more values than that is no closed one. */
const mostClosed = 8;
/** What such a label names comes and goes, however few values were seen. */
const open =
  /(?:^|_)(?:path|route|url|uri|id|user|host|hostname|pod|ip|address|name|task|job|queue|topic|tenant|customer|version|instance)$/i;

/** `kind`: a gauge of a thing that is gone is to be removed, so its label is an identity. */
export function labelFor(name: string, { values: all, partial }: SeenLabels, kind: string): Label {
  const values = all.get(name) ?? new Set();
  const optional = partial.includes(name);
  if (values.size <= mostClosed && !open.test(name) && !optional) return oneOf(...values);
  const limit = Math.max(100, 10 ** Math.ceil(Math.log10(values.size * 2)));
  const longest = Math.max(...[...values].map((value) => Buffer.byteLength(value)));
  const bound = { limit, ...(optional && { optional }), ...(longest > 256 && { maxBytes: 2 ** Math.ceil(Math.log2(longest)) }) };
  return kind === 'gauge' ? identity(bound) : capped(bound);
}

/** Labels with one value on every series of all families: a registry's default labels. */
export function constantLabels(families: readonly ParsedFamily[]): Readonly<Record<string, string>> {
  const samples = families.flatMap((family) => family.samples);
  const [first, ...rest] = samples;
  if (first === undefined || families.filter((family) => family.samples.length > 0).length < 3) return {};
  const shared = first.labels.filter(([name, value]) => rest.every(({ labels }) => labels.some(([n, v]) => n === name && v === value)));
  return Object.fromEntries(shared.filter(([, value]) => value !== ''));
}
