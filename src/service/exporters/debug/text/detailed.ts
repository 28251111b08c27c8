/** The text of `verbosity: detailed`: resources, scopes and metrics; `points.ts` has what follows below a metric. */
import type { Batch } from '../../../../formats/otlp/batch/batch.ts';
import { metricType } from '../../../../formats/otlp/batch/batch-index.ts';
import { metricNode, type ResourceNode, resourceNode, scopeNode } from '../../../../formats/otlp/batch/batch-tree.ts';
import { metricsOf, resourcesOf, scopesOf } from '../../../../formats/otlp/batch/walk.ts';
import { numbered } from './numbered.ts';
import { attributeLines, pointLines } from './points.ts';

const typeNames: Readonly<Record<number, string>> = {
  [metricType.none]: 'Empty',
  [metricType.gauge]: 'Gauge',
  [metricType.sum]: 'Sum',
  [metricType.histogram]: 'Histogram',
  [metricType.exponentialHistogram]: 'ExponentialHistogram',
  [metricType.summary]: 'Summary',
};
const withTemporality: readonly number[] = [metricType.sum, metricType.histogram, metricType.exponentialHistogram];
const temporalities = ['Unspecified', 'Delta', 'Cumulative'] as const;

/** Lines without their line ends. */
export function* detailedLines(batch: Batch): Generator<string> {
  for (const [r, resource] of numbered(resourcesOf(batch))) {
    yield* resourceLines(resourceNode(batch, resource), r);
    for (const [s, scope] of numbered(scopesOf(batch, resource))) {
      yield* scopeLines(batch, scope, s);
      for (const [m, metric] of numbered(metricsOf(batch, scope))) {
        yield `Metric #${m}`;
        yield* metricLines(batch, metric);
        yield* pointLines(batch, metric);
      }
    }
  }
}

function* resourceLines({ schemaUrl, attributes, entityRefs }: ResourceNode, number: number): Generator<string> {
  yield `ResourceMetrics #${number}`;
  yield `Resource SchemaURL: ${schemaUrl}`;
  yield* attributeLines('', 'Resource attributes', attributes);
  if (entityRefs.length > 0) yield 'Resource entity refs:';
  for (const [i, { type = '', schemaUrl = '', idKeys, descriptionKeys }] of entityRefs.entries()) {
    yield `     -> Entity ref #${i}:`;
    yield `          -> Type: ${type}`;
    if (schemaUrl !== '') yield `          -> Schema URL: ${schemaUrl}`;
    yield* keyLines('ID keys', idKeys);
    yield* keyLines('Description keys', descriptionKeys);
  }
}

function* keyLines(title: string, keys: readonly string[]): Generator<string> {
  if (keys.length > 0) yield `          -> ${title}:`;
  for (const key of keys) yield `               -> ${key}`;
}

function* scopeLines(batch: Batch, scope: number, number: number): Generator<string> {
  const { name = '', version = '', schemaUrl, attributes } = scopeNode(batch, scope);
  yield `ScopeMetrics #${number}`;
  yield `ScopeMetrics SchemaURL: ${schemaUrl}`;
  yield `InstrumentationScope ${name} ${version}`;
  yield* attributeLines('', 'InstrumentationScope attributes', attributes);
}

function* metricLines(batch: Batch, metric: number): Generator<string> {
  const { name, description, unit, type, metadata, monotonic, temporality } = metricNode(batch, metric);
  yield 'Descriptor:';
  yield `     -> Name: ${name}`;
  yield `     -> Description: ${description}`;
  yield `     -> Unit: ${unit}`;
  yield `     -> DataType: ${typeNames[type]}`;
  yield* attributeLines('     ', '-> Metadata', metadata);
  if (type === metricType.sum) yield `     -> IsMonotonic: ${monotonic}`;
  if (withTemporality.includes(type)) yield `     -> AggregationTemporality: ${temporalities[temporality] ?? ''}`;
}
