/**
 * Expressions that give a new metric's series their old labels, one or more for each: several values that were one are summed by
 * a rule of their own.
 */
import type { Mapping } from '../../diff/change.ts';

export interface Transition {
  /** For a series of the new metric: its name with a suffix. */
  rules(series: string): readonly { readonly expr: string; readonly labels: Readonly<Record<string, string>> }[];
  /** What is not recorded. */
  readonly lost: readonly string[];
}

/** A sentence: why there is none. */
export function transitionOf(mapping: Mapping, added: readonly string[]): Transition | string {
  const { from, labels, values } = mapping;
  const removed = [...labels].filter(([, now]) => now === undefined).map(([old]) => old);
  if (removed.length > 0) return `its label ${removed.join(', ')} was removed, and no series has its values`;
  const renames = [...labels].filter((pair): pair is [string, string] => pair[1] !== undefined && pair[0] !== pair[1]);
  const taken = renames.find(([, now]) => labels.has(now));
  if (taken !== undefined) return `its label ${taken[0]} is now ${taken[1]}, which was another label's name`;
  const changed = [...values].filter(([, of]) => of.size > 0);
  for (const [label, of] of changed) {
    const reason = ambiguous(label, of);
    if (reason !== undefined) return reason;
  }
  const splits = changed.filter(([, of]) => [...of.values()].some((now) => now.length > 1));
  if (splits.length > 1) return `values of several labels were split: ${splits.map(([label]) => label).join(', ')}`;
  const sums = splits.length > 0 || added.length > 0;
  if (sums && !isSummed(mapping)) return `it has more series than before, and those of a ${from.kind} do not add up`;
  const lost = changed.flatMap(([label, of]) =>
    [...of]
      .filter(([, now]) => now.length === 0)
      .map(([value]) => `the value ${value} of ${label} was removed, and no series has it`),
  );
  return {
    lost,
    rules: (series) =>
      selections(series, mapping, { changed, added }).map((selection) => withLabels(selection, { renames, added })),
  };
}

/** A value that became one which is also there for another old value. */
function ambiguous(label: string, of: ReadonlyMap<string, readonly string[]>): string | undefined {
  const news = [...of.values()].flat();
  const twice = news.find((value, at) => news.indexOf(value) !== at || of.has(value));
  return twice === undefined ? undefined : `several values of ${label} became ${twice}, and cannot be told apart`;
}

function isSummed({ from }: Mapping): boolean {
  return ['counter', 'updowncounter', 'histogram'].includes(from.kind) || (from.kind === 'gauge' && from.across === 'sum');
}

interface Selection {
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
  /** New labels that the sum leaves out. */
  readonly without: readonly string[];
}

interface Changes {
  readonly changed: readonly (readonly [string, ReadonlyMap<string, readonly string[]>])[];
  readonly added: readonly string[];
}

/** The new series that became of no changed value, and those of each changed one: with several labels, of each combination. */
function selections(series: string, { labels }: Mapping, { changed, added }: Changes): readonly Selection[] {
  let all: readonly {
    readonly matchers: readonly string[];
    readonly labels: Readonly<Record<string, string>>;
    readonly without: readonly string[];
  }[] = [{ matchers: [], labels: {}, without: added }];
  for (const [label, of] of changed) {
    const name = labels.get(label) ?? label;
    const news = [...of.values()].flat();
    const own = [...of].filter(([, now]) => now.length > 0);
    all = all.flatMap((each) => [
      news.length === 0 ? each : { ...each, matchers: [...each.matchers, matcher(name, '!', news)] },
      ...own.map(([old, now]) => ({
        matchers: [...each.matchers, matcher(name, '', now)],
        labels: { ...each.labels, [label]: old },
        // The rule sets the old label; a sum leaves the new one out, and so does a renamed one.
        without: now.length > 1 ? [...each.without, name] : each.without,
      })),
    ]);
  }
  return all.map(({ matchers, ...rest }) => ({
    ...rest,
    expr: matchers.length === 0 ? series : `${series}{${matchers.join(',')}}`,
  }));
}

function matcher(label: string, not: '' | '!', values: readonly string[]): string {
  const [only = ''] = values;
  if (values.length === 1) return `${label}${not || ''}=${JSON.stringify(only)}`;
  return `${label}${not === '' ? '=' : '!'}~${JSON.stringify(values.map((value) => value.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|'))}`;
}

function withLabels(
  { expr, labels, without }: Selection,
  { renames }: { renames: readonly (readonly [string, string])[]; added: readonly string[] },
) {
  let written = without.length === 0 ? expr : `sum without (${without.join(', ')}) (${expr})`;
  for (const [old, now] of renames) {
    if (!(old in labels)) written = `label_replace(${written}, "${old}", "$1", "${now}", "(.*)")`;
    if (!without.includes(now)) written = `label_replace(${written}, "${now}", "", "", "")`;
  }
  return { expr: written, labels };
}
