/**
 * Samples of any contract: each family, with each value of a closed set, over five minutes. The names are put together as the
 * formats say.
 */

import type { Contract, Label, Metric } from '../../../src/core/contract/index.ts';
import { labelName } from '../../../src/core/naming/index.ts';
import { constantTexts } from '../constant-texts.ts';

/** Seconds since the epoch. */
const start = 1_700_002_800;
const everySeconds = 15;
const count = 21;
export const end = start + (count - 1) * everySeconds;
/** Grafana's `$__rate_interval`: four scrapes. */
export const rateInterval = '1m';
export const instance = 'host:9100';

/** One page of OpenMetrics, with a time for each sample, of contracts by job. */
export function pageOf(contracts: ReadonlyMap<string, Contract>): string {
  const lines = [...contracts].flatMap(([job, { metrics }]) => Object.values(metrics).flatMap((metric) => linesOf(job, metric)));
  return `${lines.join('\n')}\n# EOF\n`;
}

type Pairs = readonly (readonly [name: string, value: string])[];

function linesOf(job: string, metric: Metric): string[] {
  const constant = Object.entries(constantTexts(metric.constantLabels));
  return setsOf(metric.labels).flatMap((set, at) => {
    const pairs: Pairs = [['job', job], ['instance', instance], ...constant, ...set];
    return partsOf(metric).flatMap(({ name, more = [], value }) =>
      Array.from({ length: count }, (_, step) => {
        const labels = [...pairs, ...more].map(([label, text]) => `${labelName(label)}=${JSON.stringify(text)}`);
        return `${name}{${labels.join(',')}} ${value(step) * (metric.kind === 'info' ? 1 : at + 1)} ${start + step * everySeconds}`;
      }),
    );
  });
}

/** As many sets as the label with the most values has: each value is in one. */
function setsOf(labels: Metric['labels']): readonly Pairs[] {
  const values = Object.entries(labels).map(([name, label]) => [name, valuesOf(label)] as const);
  const most = Math.max(1, ...values.map(([, list]) => list.length));
  return Array.from({ length: most }, (_, at) => values.map(([name, list]) => [name, list[at % list.length] ?? ''] as const));
}

function valuesOf(label: Label): readonly string[] {
  return label.kind === 'closed' ? label.values : ['one', 'two'];
}

interface Part {
  readonly name: string;
  readonly more?: Pairs;
  readonly value: (step: number) => number;
}

function partsOf({ series, kind, bounds, quantiles = [] }: Metric): readonly Part[] {
  if (kind === 'info') return [{ name: series, value: () => 1 }];
  if (kind !== 'histogram' && kind !== 'summary') return [{ name: series, value: (step) => 5 + step }];
  const all = bounds.length + 1;
  const totals = [
    { name: `${series}_count`, value: (step: number) => step * all },
    { name: `${series}_sum`, value: (step: number) => step * 1.5 },
  ];
  if (kind === 'summary') {
    const kept = quantiles.map((quantile) => ({
      name: series,
      more: [['quantile', String(quantile)]] as const,
      value: () => quantile,
    }));
    return [...totals, ...kept];
  }
  // One observation a step in each bucket.
  const buckets = [...bounds.map(String), '+Inf'].map((le, at) => ({
    name: `${series}_bucket`,
    more: [['le', le]] as const,
    value: (step: number) => step * (at + 1),
  }));
  return [...totals, ...buckets];
}
