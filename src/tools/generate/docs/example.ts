/** One PromQL expression that reads a metric as its kind is read. */
import type { Metric } from '../../../core/contract/index.ts';
import { shownName } from './labels.ts';

/** More labels than these make no readable graph. */
const mostLabels = 2;

export function exampleOf(metric: Metric): string {
  const { kind, series, unit, quantiles } = metric;
  const by = Object.keys(metric.labels)
    .slice(0, mostLabels)
    .map((name) => shownName(metric, name));
  switch (kind) {
    case 'counter':
      return sum(`rate(${series}[5m])`, by);
    case 'histogram':
      return histogram(metric, by);
    case 'gaugehistogram':
      return `histogram_quantile(0.95, ${sum(`${series}_bucket`, ['le', ...by])})`;
    case 'summary': {
      const highest = quantiles?.at(-1);
      if (highest !== undefined) return `${series}{quantile="${highest}"}`;
      return `${sum(`rate(${series}_sum[5m])`, by)} / ${sum(`rate(${series}_count[5m])`, by)}`;
    }
    case 'updowncounter':
      return sum(series, by);
    case 'info':
      return by.length === 0 ? series : `count by (${by.join(', ')}) (${series})`;
    case 'stateset':
      return `${series} == 1`;
    case 'gauge':
      return unit === 's' && /(^|_)timestamp(_|$)/.test(series) ? `time() - ${series}` : `${series}${firstValue(metric)}`;
    case 'unknown':
      return series;
  }
}

function histogram({ series, bounds, exponential }: Metric, by: readonly string[]): string {
  const native = exponential !== undefined && bounds.length === 0 && exponential.textBuckets === undefined;
  const inner = native ? sum(`rate(${series}[5m])`, by) : sum(`rate(${series}_bucket[5m])`, ['le', ...by]);
  return `histogram_quantile(0.95, ${inner})`;
}

function sum(expression: string, by: readonly string[]): string {
  return by.length === 0 ? `sum(${expression})` : `sum by (${by.join(', ')}) (${expression})`;
}

/**
 * The matcher for one value of the last closed set, which tells the most about how the gauge is read. A JSON string is also
 * PromQL's.
 */
function firstValue(metric: Metric): string {
  const closed = Object.entries(metric.labels).findLast(([, label]) => label.kind === 'closed');
  if (closed?.[1].kind !== 'closed') return '';
  return `{${shownName(metric, closed[0])}=${JSON.stringify(closed[1].values[0])}}`;
}
