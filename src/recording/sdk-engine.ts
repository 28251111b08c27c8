/**
 * The SDK engine: OpenTelemetry instruments on `MeterProvider`s of our own, each read by one `PrometheusExporter` without a server, whose
 * collection is poured into the store. One provider a contract, because the SDK takes views at construction only; one more
 * for everything that no contract names. A single reader a provider, because the SDK stashes what an idle second one has not read.
 */
import type { Meter } from '@opentelemetry/api';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { type DataPoint, MeterProvider, type MetricData, type ViewOptions } from '@opentelemetry/sdk-metrics';
import type { Contract, Metric } from '../contract/metric.ts';
import type { Scope, Store } from '../store/store.ts';
import type { Attached, Engine, Write } from './engine.ts';
import { createPassThrough } from './pass-through.ts';
import { type HistogramPoint, pourMetric } from './pour.ts';
import { viewsOf } from "./views.ts";

interface Reading {
  readonly provider: MeterProvider;
  collect(): Promise<readonly unknown[]>;
}

export function createSdkEngine(store: Store): Engine {
  const passThrough = createPassThrough(store);
  const open = reading([], (scope, metrics) => passThrough(scope, metrics));
  const readings: Reading[] = [open];

  return {
    meterProvider: open.provider,
    attach(contract: Contract, recorded: readonly Attached[]) {
      const attached = new Map(recorded.map((one) => [one.metric.instrument, one]));
      const own = reading(viewsOf(contract), (_scope, metrics) => {
        for (const data of metrics) {
          const one = attached.get(data.descriptor.name);
          if (one !== undefined) pourMetric(one, data.dataPoints as DataPoint<number | HistogramPoint>[]);
        }
      });
      readings.push(own);
      const meter = own.provider.getMeter(contract.name);
      return recorded.map(({ metric }) => instrument(meter, metric));
    },
    async collect() {
      const errors = await Promise.all(readings.map((one) => one.collect()));
      return errors.flat();
    },
    async close() {
      await Promise.all(readings.map((one) => one.provider.shutdown()));
    },
  };
}

function reading(views: ViewOptions[], pour: (scope: Scope, metrics: readonly MetricData[]) => void): Reading {
  const exporter = new PrometheusExporter({ preventServerStart: true });
  const provider = new MeterProvider({ views, readers: [exporter] });
  return {
    provider,
    async collect() {
      try {
        const { resourceMetrics, errors } = await exporter.collect();
        for (const { scope, metrics } of resourceMetrics.scopeMetrics) pour(scope, metrics);
        return errors;
      } catch (error) {
        return [error];
      }
    },
  };
}

function instrument(meter: Meter, { kind, instrument: name, unit, help }: Metric): Write {
  const options = { unit, description: help };
  switch (kind) {
    case 'counter': {
      const counter = meter.createCounter(name, options);
      return (series, value) => counter.add(value, series.attributes);
    }
    case 'updowncounter': {
      const counter = meter.createUpDownCounter(name, options);
      return (series, value) => counter.add(value, series.attributes);
    }
    case 'histogram':
    case 'summary': {
      const histogram = meter.createHistogram(name, options);
      return (series, value) => histogram.record(value, series.attributes);
    }
    default: {
      const gauge = meter.createGauge(name, options);
      return (series, value) => gauge.record(value, series.attributes);
    }
  }
}
