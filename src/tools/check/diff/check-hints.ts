/** Holds hints against the two contracts: a name that neither has is an error with the nearest one. */

import type { Contract, Metric } from '../../../core/contract/index.ts';
import { MeterbridgeError, type Problem } from '../../../core/errors/error.ts';
import { nearest } from '../../../core/errors/nearest.ts';
import { shown } from '../../../core/errors/shown.ts';
import type { Hints } from './change.ts';
import { exposedLabel, type LabelSet, labelSet, listedValues } from './label-set.ts';
import type { MetricMatches } from './match-metrics.ts';

export function checkHints(old: Contract, next: Contract, hints: Hints, pairs: MetricMatches['pairs']): void {
  const [before, after] = [seriesOf(old), seriesOf(next)];
  const became = new Map(pairs.map(([from, to]) => [from.metric.series, { from: from.metric, to: to?.metric }]));
  const problems: Problem[] = [];
  const reached = new Map<string, string>();
  for (const [from, to] of hints.metrics) {
    const at = `metrics.${from}`;
    problems.push(
      ...known(at, from, before, 'a series of the old contract'),
      ...known(at, to, after, 'a series of the new contract'),
    );
    problems.push(...once(at, from, to, reached));
  }
  for (const [series, labels] of hints.labels) {
    const pair = became.get(series);
    problems.push(...known(`labels.${series}`, series, before, 'a series of the old contract'));
    if (pair !== undefined) problems.push(...labelProblems(`labels.${series}`, labels, pair));
  }
  for (const [series, labels] of hints.values) {
    const pair = became.get(series);
    problems.push(...known(`values.${series}`, series, before, 'a series of the old contract'));
    if (pair !== undefined) problems.push(...valueProblems(`values.${series}`, labels, pair, hints.labels.get(series)));
  }
  if (problems.length > 0) throw new MeterbridgeError('CLI_USAGE', problems);
}

interface Pair {
  readonly from: Metric;
  readonly to: Metric | undefined;
}

function labelProblems(at: string, labels: ReadonlyMap<string, string>, { from, to }: Pair): readonly Problem[] {
  if (to === undefined) return [gone(at, from)];
  const [old, next] = [labelSet(from), labelSet(to)];
  const reached = new Map<string, string>();
  return [...labels].flatMap(([before, after]) => [
    ...known(`${at}.${before}`, exposedLabel(before, from), [...old.keys()], `a label of the old ${from.series}`),
    ...known(`${at}.${before}`, exposedLabel(after, to), [...next.keys()], `a label of the new ${to.series}`),
    ...once(`${at}.${before}`, before, exposedLabel(after, to), reached),
  ]);
}

type Labels = ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>;

function valueProblems(
  at: string,
  labels: Labels,
  { from, to }: Pair,
  renames: ReadonlyMap<string, string> | undefined,
): readonly Problem[] {
  if (to === undefined) return [gone(at, from)];
  const [old, next] = [labelSet(from), labelSet(to)];
  return [...labels].flatMap(([given, values]) => {
    const name = exposedLabel(given, from);
    const unknown = known(`${at}.${given}`, name, [...old.keys()], `a label of the old ${from.series}`);
    if (unknown.length > 0) return unknown;
    const renamed = [...(renames ?? [])].find(([label]) => exposedLabel(label, from) === name)?.[1];
    const after = exposedLabel(renamed ?? given, to);
    if (!next.has(after)) {
      const fix = `name what it became: labels: {${from.series}: {${given}: …}}`;
      return [{ at: `${at}.${given}`, got: shown(given), rule: `the new ${to.series} has no such label`, fix }];
    }
    return [...values].flatMap(([value, targets]) => [
      ...listed(`${at}.${given}.${value}`, value, old, name, 'a value of the old label'),
      ...targets.flatMap((target) => listed(`${at}.${given}.${value}`, target, next, after, 'a value of the new label')),
    ]);
  });
}

function listed(at: string, value: string, set: LabelSet, name: string, what: string): readonly Problem[] {
  const label = set.get(name)?.label;
  const values = label === undefined ? undefined : listedValues(label);
  return values === undefined ? [] : known(at, value, values, what);
}

function once(at: string, from: string, to: string, reached: Map<string, string>): readonly Problem[] {
  const other = reached.get(to);
  reached.set(to, from);
  if (other === undefined) return [];
  return [
    {
      at,
      got: shown(to),
      rule: `two old names cannot become one, and ${shown(other)} has become it`,
      fix: 'remove one of the two',
    },
  ];
}

function gone(at: string, { series }: Metric): Problem {
  return {
    at,
    got: 'a series that was removed',
    rule: 'labels and values are compared in both contracts',
    fix: `name what became of it: metrics: {${series}: …}`,
  };
}

function known(at: string, name: string, names: readonly string[], what: string): readonly Problem[] {
  if (names.includes(name)) return [];
  const near = nearest(name, names);
  const fix = near === undefined ? `use one of ${names.slice(0, 10).join(', ')}` : `write ${near}`;
  return [{ at, got: shown(name), rule: `it is ${what}`, fix }];
}

function seriesOf({ metrics }: Contract): readonly string[] {
  return Object.values(metrics).map(({ series }) => series);
}
