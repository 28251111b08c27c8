/** Series → names in the exposition: the family's name in OpenMetrics, and every sample name that a family can generate. */
import type { Kind } from './kind.ts';

/**
 * The family's name in OpenMetrics 1.0: a counter's without `_total`, all others' as in text 0.0.4. `info` is exposed as a gauge,
 * so it keeps its `_info`, unless it is `typed`: then it has the type `info`.
 */
export function openMetricsFamily(series: string, kind: Kind, typed = false): string {
  if (kind === 'info' && typed && series.endsWith(infoSuffix) && series !== infoSuffix)
    return series.slice(0, -infoSuffix.length);
  return kind === 'counter' && hasTotal(series) ? series.slice(0, -'_total'.length) : series;
}

/** What every sample of an info ends in (OpenMetrics 1.0, "Info"). */
export const infoSuffix = '_info';

/** The suffixes of a family's sample names in OpenMetrics. */
const suffixes: Readonly<Record<Kind, readonly string[]>> = {
  counter: ['_total', '_created'],
  updowncounter: [''],
  gauge: [''],
  histogram: ['_bucket', '_sum', '_count', '_created'],
  summary: ['', '_sum', '_count', '_created'],
  info: [''],
  unknown: [''],
  stateset: [''],
  gaugehistogram: ['_bucket', '_gsum', '_gcount'],
};

/** The suffixes of its names in text 0.0.4 and protobuf, beside the one on its TYPE line. */
const written: Partial<Record<Kind, readonly string[]>> = {
  histogram: ['_bucket', '_sum', '_count'],
  summary: ['_sum', '_count'],
  gaugehistogram: ['_bucket', '_sum', '_count'],
};

/** Every name that the family has in text 0.0.4 and protobuf, samples and TYPE. */
export function writtenNames(series: string, kind: Kind): readonly string[] {
  return [series, ...(written[kind] ?? []).map((suffix) => series + suffix)];
}

/**
 * Every sample name that the family can generate in OpenMetrics. A counter without `_total` (only foreign ones) has only its own
 * name.
 */
export function sampleNames(series: string, kind: Kind): readonly string[] {
  if (kind === 'counter' && !hasTotal(series)) return [series];
  const family = openMetricsFamily(series, kind);
  return suffixes[kind].map((suffix) => family + suffix);
}

function hasTotal(series: string): boolean {
  return series.endsWith('_total') && series !== '_total';
}
