/** A program with OpenTelemetry's stock SDK, which keeps spellings apart, and pushes when it is told to. */
import { AggregationTemporalityPreference, OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { type Measurement, record } from './truth.ts';

/** So that nothing is pushed but what the test flushes. */
const neverMs = 86_400_000;

export type Temporality = keyof typeof AggregationTemporalityPreference;

export interface Sender {
  /** Records, and pushes once. */
  send(measured: readonly Measurement[]): Promise<void>;
  end(): Promise<void>;
}

/** @param endpoint without a path @param job its `service.name` */
export function createSender(endpoint: string, temporality: Temporality, job = 'truth'): Sender {
  const reader = new PeriodicExportingMetricReader({
    exporter: new OTLPMetricExporter({
      url: `${endpoint}/v1/metrics`,
      temporalityPreference: AggregationTemporalityPreference[temporality],
    }),
    exportIntervalMillis: neverMs,
  });
  const resource = resourceFromAttributes({ 'service.name': job, 'service.instance.id': 'one' });
  const provider = new MeterProvider({ resource, readers: [reader] });
  return {
    async send(measured) {
      record(provider, measured);
      await provider.forceFlush();
    },
    end: () => provider.shutdown(),
  };
}
