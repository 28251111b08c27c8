/**
 * The SDK's views of a contract: aggregation and bounds of histograms, the attribute allow-list, the cardinality limit. They are
 * a second check behind *admit*, for Meterbridge's own provider only: on an application's provider, a second matching view would
 * count every measurement twice.
 */
import type { ViewOptions } from '@opentelemetry/sdk-metrics';
import type { Contract, Metric } from '../../../core/contract/metric.ts';
import { sdkMetrics } from './packages.ts';
import { seriesAttribute } from './sdk-series.ts';

/** One view per recorded metric. Observed metrics have none: Meterbridge runs their callbacks itself (see `observed.ts`). */
export function viewsOf(contract: Contract): ViewOptions[] {
  const { createAllowListAttributesProcessor } = sdkMetrics();
  return Object.values(contract.metrics)
    .filter((metric) => !metric.observed)
    .map((metric) => ({
      meterName: contract.name,
      instrumentName: metric.instrument,
      attributesProcessors: [createAllowListAttributesProcessor([...Object.keys(metric.labels), seriesAttribute])],
      aggregationCardinalityLimit: cardinalityLimit(metric),
      ...aggregation(metric),
    }));
}

function aggregation(metric: Metric): Partial<ViewOptions> {
  if (metric.kind !== 'histogram' && metric.kind !== 'summary') return {};
  const { AggregationType } = sdkMetrics();
  const { exponential, minMax: recordMinMax } = metric;
  if (exponential !== undefined && metric.bounds.length === 0) {
    // The SDK has no maximum scale: `pointsToRows` scales a point down to it.
    return {
      aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM, options: { maxSize: exponential.maxSize, recordMinMax } },
    };
  }
  // A summary without quantiles is a histogram without bounds: its one bucket is the count.
  const options = { boundaries: [...metric.bounds], recordMinMax };
  return { aggregation: { type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM, options } };
}

/**
 * Removed series count too until the next collection, which may be days away. Beyond the limit the SDK would take measurements
 * away from live series, so this limit is far above that of *admit*.
 */
const headroom = 100_000;

function cardinalityLimit(metric: Metric): number {
  const sizes = Object.values(metric.labels).map((label) => (label.kind === 'closed' ? label.values.length : label.limit + 1));
  return Math.min(2 ** 31, sizes.reduce((product, size) => product * size, 1) + headroom);
}
