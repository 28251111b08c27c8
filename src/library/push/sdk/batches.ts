/** Splits a large push into several requests: receivers limit a request's size (a Collector to 20 MiB). */
import type { MetricData, ResourceMetrics, ScopeMetrics } from '@opentelemetry/sdk-metrics';

/** Data points per request: about 2 MB as JSON, and below 10 MB even for histograms of many buckets. */
const batchPoints = 5_000;

/**
 * The same metrics in order, each part with at most `size` points; a metric that is split appears in two parts, as OTLP allows.
 */
export function* batches(all: ResourceMetrics, size: number = batchPoints): Generator<ResourceMetrics> {
  let scopeMetrics: ScopeMetrics[] = [];
  let left = size;
  for (const { scope, metrics } of all.scopeMetrics) {
    let current: ScopeMetrics | undefined;
    for (const metric of metrics) {
      for (let from = 0; from < metric.dataPoints.length; ) {
        if (current === undefined) {
          current = { scope, metrics: [] };
          scopeMetrics.push(current);
        }
        const part = metric.dataPoints.slice(from, from + left);
        current.metrics.push({ ...metric, dataPoints: part } as MetricData);
        from += part.length;
        left -= part.length;
        if (left > 0) continue;
        yield { resource: all.resource, scopeMetrics };
        scopeMetrics = [];
        current = undefined;
        left = size;
      }
    }
  }
  if (scopeMetrics.length > 0) yield { resource: all.resource, scopeMetrics };
}
