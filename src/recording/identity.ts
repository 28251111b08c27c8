/** What tells a series from others in the store: the contract's constant labels and its own, in the order of its family's labels. */
import type { Metric } from '../contract/metric.ts';
import { splitAttributes } from '../otlp/index.ts';
import type { NewLabels } from '../store/store.ts';
import type { Series } from './series.ts';

export function identityOf(metric: Metric, series: Series): NewLabels {
  if (series.identity !== undefined) return splitAttributes(series.identity);
  return { values: [...Object.values(metric.constantLabels), ...series.values] };
}
