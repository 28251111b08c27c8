/** A series' canonical attribute bytes: the contract's constant labels and its own. */
import type { Metric } from '../contract/metric.ts';
import { encodeAttributes } from '../otlp/attributes.ts';
import type { Series } from './series.ts';

export function identityOf(metric: Metric, series: Series): Uint8Array {
  if (series.identity !== undefined) return series.identity;
  const attributes: Record<string, string> = { ...metric.constantLabels };
  for (const [at, name] of Object.keys(metric.labels).entries()) attributes[name] = series.values[at] as string;
  return encodeAttributes(attributes);
}
