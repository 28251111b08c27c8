/**
 * Push by the SDK: its periodic reader on a provider without instruments, whose only producer is the store, with the stock
 * exporter. JSON only. The first pusher loads the SDK.
 */
import { within } from '../../../core/node/within.ts';
import type { Pusher, PushReport, PushStart } from '../pusher.ts';
import type { PushSettings } from '../settings/settings.ts';
import { createExporter } from './exporter.ts';
import type { MetricProducer } from './metric-producer.ts';
import { otlpExporter, resources, sdkMetrics } from './packages.ts';
import { emptyCollection } from './producer.ts';

export function createSdkPusher({ settings, producer: inner }: PushStart, report: PushReport): Pusher {
  const { MeterProvider, PeriodicExportingMetricReader } = sdkMetrics();
  const { defaultResource, resourceFromAttributes } = resources();
  let lastGood = true;
  const producer = ownProducer(inner, settings, (error) => {
    lastGood = false;
    report.unreadable(error);
  });
  const exporter = createExporter(otlpExporter().OTLPMetricExporter, settings, (outcome, seconds) => {
    lastGood = outcome.failure === undefined;
    report.pushed(outcome, seconds);
  });
  const reader = new PeriodicExportingMetricReader({
    exporter,
    exportIntervalMillis: settings.intervalMs,
    // The exporter enforces its own, shorter limit; the reader's limit would only end it with an error.
    exportTimeoutMillis: settings.intervalMs,
    metricProducers: [producer],
  });
  const resource = defaultResource().merge(resourceFromAttributes(settings.resource));
  const provider = new MeterProvider({ resource, readers: [reader] });
  return Object.freeze({
    async flush() {
      if (exporter.isHeld()) return false;
      lastGood = true;
      await provider.forceFlush();
      return lastGood && !exporter.isHeld();
    },
    hurry(endBy: number) {
      producer.hurry(endBy);
      exporter.hurry(endBy);
    },
    shutdown: () => provider.shutdown(),
    end: () => exporter.end(),
  });
}

/**
 * The store's producer within push's time. Errors of callbacks are logged where they occur, so the SDK does not repeat them at
 * every interval. `hurry` ends a collection in progress, empty, and halves the time left until `endBy` between the next
 * collection and its push.
 */
function ownProducer(inner: MetricProducer, settings: PushSettings, failed: (error: unknown) => void) {
  let endBy = Number.POSITIVE_INFINITY;
  let cut = new AbortController();
  return {
    async collect() {
      const timeoutMillis = Math.max(1, Math.min(settings.timeoutMs, (endBy - performance.now()) / 2));
      try {
        const result = await within(inner.collect({ timeoutMillis }), { signal: cut.signal }, () => undefined);
        return result === undefined ? emptyCollection : { ...result, errors: [] };
      } catch (error) {
        failed(error);
        return emptyCollection;
      }
    },
    hurry(deadline: number) {
      endBy = deadline;
      cut.abort();
      cut = new AbortController();
    },
  };
}
