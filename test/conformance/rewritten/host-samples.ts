/** Samples of contracts before and after a change: the old values, and what each old series became. */

import { type Contract, type MetricJson, toJson } from '../../../src/core/contract/index.ts';
import { labelName } from '../../../src/core/naming/index.ts';
import { constantTexts } from '../constant-texts.ts';
import { random } from '../random.ts';
import type { Became } from './changed-contract.ts';
import { end, everySeconds, start } from './samples.ts';

type Pairs = Readonly<Record<string, string>>;
const steps = (end - start) / everySeconds + 1;

/** @param became by the old series; absent: the old samples */
export function pageOf(contracts: ReadonlyMap<string, Contract>, became?: ReadonlyMap<string, Became>): string {
  const series = new Map<string, number[]>();
  for (const [job, contract] of contracts)
    for (const metric of Object.values(toJson(contract).metrics)) add(series, job, metric, became?.get(metric.series));
  const lines = [...series].flatMap(([key, values]) => values.map((value, at) => `${key} ${value} ${start + at * everySeconds}`));
  return `${lines.join('\n')}\n# EOF\n`;
}

function add(all: Map<string, number[]>, job: string, metric: MetricJson, now: Became | undefined): void {
  // The same values on both sides.
  const draw = random([...metric.series].reduce((seed, letter) => (seed * 31 + letter.charCodeAt(0)) | 0, 28));
  for (const labels of setsOf(metric)) {
    const own = { ...constantTexts(metric.constantLabels), ...labels };
    const parts = partsOf(metric, () => draw.next());
    for (const { suffix, le, values, scaled } of parts)
      for (const { labels: pairs, share } of now?.series(own) ?? [{ labels: own, share: 1 }]) {
        const factor = now?.factor ?? 1;
        const bound = le === undefined ? {} : { le: le === Number.POSITIVE_INFINITY ? '+Inf' : bounded(le * factor) };
        const key = keyOf(`${(now?.metric ?? metric).series}${suffix}`, { job, instance: `${job}:80`, ...pairs, ...bound });
        const sums = all.get(key) ?? new Array<number>(steps).fill(0);
        const times = metric.kind === 'info' ? 1 : share * (scaled ? factor : 1);
        all.set(
          key,
          sums.map((sum, at) => (metric.kind === 'info' ? 1 : sum + (values[at] ?? 0) * times)),
        );
      }
  }
}

const bounded = (bound: number) => (Number.isInteger(bound) ? `${bound}.0` : String(bound));
const keyOf = (name: string, labels: Pairs) =>
  `${name}{${Object.entries(labels)
    .map(([label, value]) => `${labelName(label)}=${JSON.stringify(value)}`)
    .join(',')}}`;

function setsOf({ labels }: MetricJson): Pairs[] {
  return Object.entries(labels).reduce<Pairs[]>(
    (sets, [name, label]) =>
      sets.flatMap((set) =>
        (label.kind === 'closed' ? label.values : ['one', 'two']).map((value) => ({ ...set, [name]: value })),
      ),
    [{}],
  );
}

interface Part {
  readonly suffix: string;
  readonly le?: number;
  readonly scaled: boolean;
  readonly values: readonly number[];
}

function partsOf({ kind, bounds = [] }: MetricJson, next: () => number): readonly Part[] {
  const total = () => rising(next);
  if (kind === 'counter') return [{ suffix: '', scaled: true, values: total() }];
  if (kind !== 'histogram')
    return [{ suffix: '', scaled: true, values: Array.from({ length: steps }, () => Math.round(next() * 400)) }];
  let below: readonly number[] = new Array<number>(steps).fill(0);
  const buckets = [...bounds, Number.POSITIVE_INFINITY].map((le) => {
    const within = total();
    below = below.map((value, at) => value + (within[at] ?? 0));
    return { suffix: '_bucket', le, scaled: false, values: below };
  });
  return [
    ...buckets,
    { suffix: '_count', scaled: false, values: below },
    { suffix: '_sum', scaled: true, values: below.map((value) => value * 3.5) },
  ];
}

function rising(next: () => number): number[] {
  let value = 100_000 + next() * 100_000;
  return Array.from({ length: steps }, (_, at) => {
    value = at === 90 ? 20_000 + next() * 10_000 : value + next() * 60;
    return value;
  });
}
