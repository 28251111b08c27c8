/** The text of `verbosity: normal`: one line a point. */
import type { Batch } from '../../../../formats/otlp/batch/batch.ts';
import { metricType } from '../../../../formats/otlp/batch/batch-index.ts';
import {
  type ExponentialHistogramNode,
  exponentialHistogramNode,
  type HistogramNode,
  histogramNode,
  type KeyValue,
  metricNode,
  type NumberNode,
  numberNode,
  resourceNode,
  type SummaryNode,
  scopeNode,
  summaryNode,
} from '../../../../formats/otlp/batch/batch-tree.ts';
import { metricsOf, pointsOf, resourcesOf, scopesOf } from '../../../../formats/otlp/batch/walk.ts';
import { collectorText } from '../../../../formats/otlp/value/value-text.ts';
import { ascending, boundOf, descending } from './bounds.ts';
import { numbered } from './numbered.ts';
import { fixed, shortest } from './numbers.ts';

/** Lines without their line ends. */
export function* normalLines(batch: Batch): Generator<string> {
  for (const [r, resource] of numbered(resourcesOf(batch))) {
    const { schemaUrl, attributes } = resourceNode(batch, resource);
    yield [`ResourceMetrics #${r}`, ...inBrackets(schemaUrl), ...pairs(attributes)].join(' ');
    for (const [s, scope] of numbered(scopesOf(batch, resource))) {
      yield scopeLine(batch, scope, s);
      for (const metric of metricsOf(batch, scope)) yield* pointLines(batch, metric);
    }
  }
}

function scopeLine(batch: Batch, scope: number, number: number): string {
  const { name = '', version = '', schemaUrl, attributes } = scopeNode(batch, scope);
  const title = name + (version === '' ? '' : `@${version}`);
  return [`ScopeMetrics #${number}`, ...(title === '' ? [] : [title]), ...inBrackets(schemaUrl), ...pairs(attributes)].join(' ');
}

function* pointLines(batch: Batch, metric: number): Generator<string> {
  const { name, type } = metricNode(batch, metric);
  for (const point of pointsOf(batch, metric)) {
    const [attributes, values] = pointOf(batch, point, type);
    yield `${name}{${pairs(attributes).join(',')}} ${values.join(' ')}`;
  }
}

function pointOf(batch: Batch, point: number, type: number): readonly [readonly KeyValue[], readonly string[]] {
  if (type === metricType.histogram) {
    const node = histogramNode(batch, point);
    return [node.attributes, [...totals(node), ...buckets(node)]];
  }
  if (type === metricType.exponentialHistogram) {
    const node = exponentialHistogramNode(batch, point);
    return [node.attributes, [...totals(node), ...exponentialBuckets(node)]];
  }
  if (type === metricType.summary) {
    const node = summaryNode(batch, point);
    return [node.attributes, summaryValues(node)];
  }
  const node = numberNode(batch, point);
  return [node.attributes, [numberValue(node)]];
}

function numberValue({ asInt, asDouble }: NumberNode): string {
  if (asInt !== undefined) return String(asInt);
  return asDouble === undefined ? '' : shortest(asDouble);
}

function totals({ count = 0n, sum, min, max }: HistogramNode | ExponentialHistogramNode): readonly string[] {
  const known = Object.entries({ sum, min, max }).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${shortest(value)}`],
  );
  return [`count=${count}`, ...known];
}

function buckets({ bucketCounts, explicitBounds }: HistogramNode): readonly string[] {
  return bucketCounts.map((count, i) => {
    const bound = explicitBounds[i];
    return bound === undefined ? String(count) : `le${shortest(bound)}=${count}`;
  });
}

function* exponentialBuckets({ scale, zeroCount = 0n, negative, positive }: ExponentialHistogramNode): Generator<string> {
  for (const { index, count } of descending(negative)) yield `le${shortest(-boundOf(index, scale))}=${count}`;
  if (zeroCount !== 0n) yield `zero=${zeroCount}`;
  for (const { index, count } of ascending(positive)) yield `le${shortest(boundOf(index + 1, scale))}=${count}`;
}

function summaryValues({ count = 0n, sum = 0, quantileValues }: SummaryNode): readonly string[] {
  const quantiles = quantileValues.map(({ quantile = 0, value = 0 }) => `q${shortest(quantile)}=${shortest(value)}`);
  return [`count=${count}`, `sum=${fixed(sum)}`, ...quantiles];
}

function inBrackets(schemaUrl: string): readonly string[] {
  return schemaUrl === '' ? [] : [`[${schemaUrl}]`];
}

function pairs(attributes: readonly KeyValue[]): readonly string[] {
  return attributes.map(({ key = '', value }) => `${key}=${collectorText(value)}`);
}
