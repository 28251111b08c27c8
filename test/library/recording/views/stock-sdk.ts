/**
 * The SDK as it is, with the views that say the same as ours; and what a provider has collected, so that two can be held against
 * each other.
 */
import {
  AggregationType,
  createAllowListAttributesProcessor,
  createDenyListAttributesProcessor,
  DataPointType,
  MeterProvider,
  type MetricData,
  MetricReader,
  type ScopeMetrics,
  type ViewOptions as SdkView,
} from '@opentelemetry/sdk-metrics';
import type { ViewOptions } from '../../../../src/index.ts';

class Reader extends MetricReader {
  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
}

export function stockSdk(views: readonly ViewOptions[]) {
  const reader = new Reader();
  const provider = new MeterProvider({ readers: [reader], views: views.map(toSdk) });
  return {
    provider,
    collect: async () => (await reader.collect()).resourceMetrics.scopeMetrics,
    close: () => provider.shutdown(),
  };
}

function toSdk({ attributeKeys: { included, excluded } = {}, aggregation, ...alike }: ViewOptions): SdkView {
  const processors = [
    ...(included === undefined ? [] : [createAllowListAttributesProcessor([...included])]),
    ...(excluded === undefined ? [] : [createDenyListAttributesProcessor([...excluded])]),
  ];
  return {
    ...alike,
    ...(processors.length > 0 && { attributesProcessors: processors }),
    ...(aggregation !== undefined && { aggregation: { ...aggregation, type: AggregationType[aggregation.type] } }),
  } as SdkView;
}

/** Of all meters, by meter and name of the metric: what a receiver is told, but for times. */
export function told(scopes: readonly ScopeMetrics[]): Readonly<Record<string, unknown>> {
  const metrics = scopes.flatMap(({ scope, metrics: own }) =>
    own.map((data) => [`${scope.name} ${data.descriptor.name}`, toldOf(data)] as const),
  );
  return Object.fromEntries(metrics.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function toldOf(data: MetricData): unknown {
  const { unit, description } = data.descriptor;
  const points = data.dataPoints.map(
    ({ attributes, value }) => [JSON.stringify(Object.entries(attributes).toSorted()), shownValue(value)] as const,
  );
  return {
    unit,
    description,
    type: DataPointType[data.dataPointType],
    ...(data.dataPointType === DataPointType.SUM && { isMonotonic: data.isMonotonic }),
    points: Object.fromEntries(points.toSorted(([a], [b]) => (a < b ? -1 : 1))),
  };
}

/** Without what is undefined, and of empty buckets without their offset. */
function shownValue(value: MetricData['dataPoints'][number]['value']): unknown {
  if (typeof value === 'number') return value;
  const { negative, ...rest } = JSON.parse(JSON.stringify(value)) as { negative?: { bucketCounts: readonly number[] } };
  return negative === undefined || negative.bucketCounts.length === 0 ? rest : { ...rest, negative };
}
