/** Changes of any contract, with the new samples that a series of the old ones becomes. */

import {
  type Contract,
  type ContractJson,
  fromJson,
  type LabelJson,
  type MetricJson,
  toJson,
} from '../../../src/core/contract/index.ts';
import type { Hints } from '../../../src/tools/check/diff/change.ts';

type Pairs = Readonly<Record<string, string>>;

/** What one old series became: a share of its value for each new series, times the unit's factor. */
export interface Became {
  readonly metric: MetricJson;
  readonly factor: number;
  readonly series: (old: Pairs) => readonly { readonly labels: Pairs; readonly share: number }[];
}

interface Changed extends Partial<Became> {
  readonly labels?: ReadonlyMap<string, string>;
  readonly values?: ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>;
}

export interface ChangedContract {
  readonly contract: Contract;
  readonly hints: Hints;
  readonly became: ReadonlyMap<string, Became>;
}

const whole = (labels: Pairs) => [{ labels, share: 1 }];
const renamedKeys = <V>(all: Readonly<Record<string, V>>, name: (old: string) => string): Record<string, V> =>
  Object.fromEntries(Object.entries(all).map(([old, value]) => [name(old), value]));
const closedOf = (metric: MetricJson) =>
  Object.entries(metric.labels).find(
    (entry): entry is [string, Extract<LabelJson, { kind: 'closed' }>] => entry[1].kind === 'closed',
  );

function relabelled(metric: MetricJson, names: ReadonlyMap<string, string>): Changed {
  const name = (old: string) => names.get(old) ?? old;
  return {
    metric: { ...metric, labels: renamedKeys(metric.labels, name) },
    labels: names,
    series: (old) => whole(renamedKeys(old, name)),
  };
}

function revalued(metric: MetricJson, to: (value: string) => readonly string[]): Changed {
  const [label, set] = closedOf(metric) ?? [];
  const value = set?.values[0];
  if (label === undefined || set === undefined || value === undefined) return {};
  const now = to(value);
  const values = set.values.flatMap((kept) => (kept === value ? now : [kept]));
  const shares = now.length === 1 ? [1] : [0.25, 0.75];
  return {
    metric: { ...metric, labels: { ...metric.labels, [label]: { kind: 'closed', values } } },
    values: new Map([[label, new Map([[value, now]])]]),
    series: (old) =>
      old[label] === value ? now.map((text, at) => ({ labels: { ...old, [label]: text }, share: shares[at] ?? 0 })) : whole(old),
  };
}

function inUnit(metric: MetricJson, unit: string, word: string, next: string, factor: number): Changed {
  if (!metric.series.includes(word)) return {};
  const bounds = metric.bounds?.map((bound) => bound * factor);
  return { metric: { ...metric, unit, series: metric.series.replace(word, next), ...(bounds && { bounds }) }, factor };
}

export const changes: Readonly<Record<string, (metric: MetricJson) => Changed>> = {
  'other names of families': (metric) => ({ metric: { ...metric, series: metric.series.replace('_', '_new_'), verbatim: true } }),
  'other units': (metric) => {
    if (metric.unit === 's') return inUnit(metric, 'ms', '_seconds', '_milliseconds', 1_000);
    return metric.unit === 'By' ? inUnit(metric, 'KiBy', '_bytes', '_kibibytes', 1 / 1_024) : {};
  },
  // The name says nothing of it.
  'other units under the same names': (metric) => {
    if (metric.unit !== 's' || metric.kind === 'info') return {};
    const bounds = metric.bounds?.map((bound) => bound * 1_000);
    return { metric: { ...metric, unit: 'ms', verbatim: true, ...(bounds && { bounds }) }, factor: 1_000 };
  },
  'other names of labels': (metric) =>
    relabelled(metric, new Map(Object.keys(metric.labels).map((name) => [name, `${name}_now`]))),
  'swapped labels': (metric) => {
    const [one, other] = Object.keys(metric.labels);
    return one === undefined || other === undefined
      ? {}
      : relabelled(
          metric,
          new Map([
            [one, other],
            [other, one],
          ]),
        );
  },
  'a label removed': (metric) => {
    const gone = Object.keys(metric.labels)[0];
    if (gone === undefined || metric.kind === 'info') return {};
    const without = <V>(all: Readonly<Record<string, V>>) =>
      Object.fromEntries(Object.entries(all).filter(([name]) => name !== gone));
    return { metric: { ...metric, labels: without(metric.labels) }, series: (old) => whole(without(old)) };
  },
  'a value split': (metric) => revalued(metric, (value) => [`${value}_one`, `${value}_two`]),
  'another name of a value': (metric) => revalued(metric, (value) => [`${value}_now`]),
  'a constant label added': (metric) => ({
    metric: { ...metric, constantLabels: { ...metric.constantLabels, zone: 'north' } },
    series: (old) => whole({ ...old, zone: 'north' }),
  }),
  'a constant label removed': (metric) => {
    const gone = Object.keys(metric.constantLabels);
    const without = (all: Pairs) => Object.fromEntries(Object.entries(all).filter(([name]) => !gone.includes(name)));
    return gone.length === 0 ? {} : { metric: { ...metric, constantLabels: {} }, series: (old) => whole(without(old)) };
  },
  'another value of a constant label': (metric) => {
    // A value that the program decides is none of the contract's.
    const fixed = Object.entries(metric.constantLabels).filter(([, label]) => typeof label === 'string');
    const changed = Object.fromEntries(fixed.map(([name]) => [name, 'elsewhere']));
    return {
      metric: { ...metric, constantLabels: { ...metric.constantLabels, ...changed } },
      series: (old) => whole({ ...old, ...changed }),
    };
  },
};

export function changedBy(old: Contract, change: (metric: MetricJson) => Changed): ChangedContract {
  const json = toJson(old);
  const became = new Map<string, Became>();
  const labels = new Map<string, ReadonlyMap<string, string>>();
  const values = new Map<string, ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>>();
  const metrics: Record<string, MetricJson> = {};
  for (const [key, metric] of Object.entries(json.metrics)) {
    const { labels: renames, values: revalues, ...changed } = change(metric);
    const now: Became = { metric, factor: 1, series: whole, ...changed };
    metrics[key] = now.metric;
    became.set(metric.series, now);
    if (renames !== undefined) labels.set(metric.series, renames);
    if (revalues !== undefined) values.set(metric.series, revalues);
  }
  const next: ContractJson = { ...json, accepts: {}, metrics };
  return { contract: fromJson(next), hints: { metrics: new Map(), labels, values }, became };
}
