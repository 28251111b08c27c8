/** Takes a row of the store for a series. Its attributes are the contract's constant labels and its own. */
import type { Metric } from '../contract/metric.ts';
import { encodeAttributes } from '../otlp/attributes.ts';
import type { Family } from '../store/store.ts';
import type { Series } from './series.ts';

/** Returns whether there was room. */
export function takeRow(metric: Metric, family: Family, series: Series, startMs: number, first: number): boolean {
  series.row = family.row(identityOf(metric, series), startMs, first);
  return series.row !== 0;
}

function identityOf(metric: Metric, series: Series): Uint8Array {
  if (series.identity !== undefined) return series.identity;
  const attributes: Record<string, string> = { ...metric.constantLabels };
  for (const [at, name] of Object.keys(metric.labels).entries()) attributes[name] = series.values[at] as string;
  return encodeAttributes(attributes);
}
