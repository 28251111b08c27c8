/**
 * The samples of a protobuf page, named as Prometheus names them (its `model/textparse/protobufparse.go`), to be compared with a
 * text page's.
 */
import type { DecodedFamily, DecodedHistogram, DecodedMetric } from './decode-families.ts';

/** `name{label="value"} number`, labels sorted. */
export function samplesOf(families: readonly DecodedFamily[]): readonly string[] {
  return families.flatMap(({ name, metric = [] }) => metric.flatMap((one) => ofMetric(name, one)));
}

export function sample(name: string, labels: readonly (readonly [string, string])[], value: number): string {
  const sorted = labels.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([label, text]) => `${label}=${JSON.stringify(text)}`);
  return `${name}{${sorted.join(',')}} ${Object.is(value, -0) ? '-0' : value}`;
}

function ofMetric(name: string, metric: DecodedMetric): readonly string[] {
  const labels = (metric.label ?? []).map(({ name, value }) => [name, value] as const);
  const { summary, histogram } = metric;
  if (summary !== undefined) {
    return [
      ...(summary.quantile ?? []).map(({ quantile, value }) => sample(name, [...labels, ['quantile', String(quantile)]], value)),
      sample(`${name}_sum`, labels, summary.sampleSum),
      sample(`${name}_count`, labels, summary.sampleCount),
    ];
  }
  if (histogram !== undefined) return ofHistogram(name, labels, histogram);
  const number = metric.counter ?? metric.gauge ?? metric.untyped;
  return [sample(name, labels, number?.value ?? Number.NaN)];
}

function ofHistogram(
  name: string,
  labels: readonly (readonly [string, string])[],
  { bucket = [], sampleCount, sampleCountFloat, sampleSum }: DecodedHistogram,
): readonly string[] {
  const count = sampleCountFloat ?? sampleCount ?? 0;
  const shown = bucket.some(({ upperBound }) => upperBound === Number.POSITIVE_INFINITY)
    ? bucket
    : [...bucket, { upperBound: Number.POSITIVE_INFINITY, cumulativeCount: count }];
  return [
    ...shown.map(({ upperBound, cumulativeCount, cumulativeCountFloat }) =>
      sample(`${name}_bucket`, [...labels, ['le', leText(upperBound)]], cumulativeCountFloat ?? cumulativeCount ?? 0),
    ),
    sample(`${name}_sum`, labels, sampleSum),
    sample(`${name}_count`, labels, count),
  ];
}

function leText(bound: number): string {
  return bound === Number.POSITIVE_INFINITY ? '+Inf' : String(bound);
}
