/** Pairs of contracts with what became of each series of the old one, for tests of expressions. */
import type { Contract, Metric } from '../../../../src/core/contract/index.ts';
import type { ContractDiff, Mapping } from '../../../../src/tools/check/diff/change.ts';

export interface Became {
  /** Of the old and of the new metric in their contracts. Undefined: it was removed. */
  readonly to: string | undefined;
  /** Old label → new label, of those that have another name or none. */
  readonly labels?: Readonly<Record<string, string | undefined>>;
  readonly values?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  readonly factor?: number | undefined;
}

export interface Pair {
  readonly old: Contract;
  readonly now: Contract;
  /** By the old metric's key. One that is not here is as it was. */
  readonly became: Readonly<Record<string, Became>>;
}

function metricOf(metrics: Contract['metrics'], key: string): Metric {
  const metric = metrics[key];
  if (metric === undefined) throw new Error(`no metric ${key}`);
  return metric;
}

export function diffOf({ old, now, became }: Pair): ContractDiff {
  const before = old.metrics;
  const after = now.metrics;
  const mappings = Object.entries(before).map(([key, from]): [string, Mapping] => {
    const { to, labels = {}, values = {}, ...rest } = became[key] ?? { to: key };
    const label = (name: string) => (Object.hasOwn(labels, name) ? labels[name] : name);
    return [
      from.series,
      {
        from,
        to: to === undefined ? undefined : metricOf(after, to),
        labels: new Map(Object.keys(from.labels).map((name) => [name, label(name)])),
        values: new Map(Object.entries(values).map(([name, changed]) => [name, new Map(Object.entries(changed))])),
        factor: 'factor' in rest ? rest.factor : 1,
      },
    ];
  });
  return { changes: [], mappings: new Map(mappings) };
}
