/**
 * The SDK engine: OpenTelemetry instruments on `MeterProvider`s of our own, each read by one `PrometheusExporter` without a server, whose
 * collection is poured into the store. One provider a contract, because the SDK takes views at construction only; one more
 * for everything that no contract names. A single reader a provider, because the SDK stashes what an idle second one has not read.
 */
import type { Meter } from '@opentelemetry/api';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { type DataPoint, MeterProvider, type MetricData, type ViewOptions } from '@opentelemetry/sdk-metrics';
import type { Contract, Metric } from '../../contract/metric.ts';
import { recordable } from '../../series/recordable-attributes.ts';
import type { OnAdmit } from '../../series/refusals.ts';
import { attributesOf } from '../../series/series.ts';
import type { Scope, Store } from '../../store/store.ts';
import type { Attached, Engine, EngineOptions, Write } from '../engine.ts';
import { type PointValue, pourMetric, rebase, showSeries } from './sdk-points-to-rows.ts';
import { createPassThrough } from './uncontracted.ts';
import { viewsOf } from './views.ts';

interface Reading {
  collect(): Promise<readonly unknown[]>;
  close(): Promise<void>;
}

/** Points of removed series that a provider may carry along before it is replaced. */
const mostGone = 1_000;

export function createSdkEngine(store: Store, { onAdmit = () => {} }: Pick<EngineOptions, 'onAdmit'> = {}): Engine {
  const passThrough = createPassThrough(store);
  const open = reading([openView(onAdmit)], (scope, metrics) => passThrough(scope, metrics));
  const readings: Reading[] = [open];

  return {
    meterProvider: open.provider,
    attach(contract: Contract, recorded: readonly Attached[]) {
      const own = contractReading(contract, recorded);
      readings.push(own);
      return own.writes.map((write) => ({ write }));
    },
    async collect() {
      const errors = await Promise.all(readings.map((one) => one.collect()));
      return errors.flat();
    },
    async close() {
      await Promise.all(readings.map((one) => one.close()));
    },
  };
}

/** Every instrument that no contract names, with its own name and aggregation. */
function openView(onAdmit: OnAdmit): ViewOptions {
  const onShortened = (label: string): void => onAdmit({ outcome: 'shortened', label });
  return { instrumentName: '*', attributesProcessors: [{ process: (attributes) => recordable(attributes, onShortened) }] };
}

/**
 * The recorded metrics of a contract. The SDK cannot forget a series, so once it carries too many along that were removed, the next
 * collection is the last of its provider, and another goes on from there.
 */
function contractReading(contract: Contract, recorded: readonly Attached[]): Reading & { readonly writes: readonly Write[] } {
  const attached = new Map(recorded.map((one) => [one.metric.instrument, one]));
  let gone = 0;
  let current = begin();

  function begin() {
    const own = reading(viewsOf(contract), (_scope, metrics) => {
      for (const data of metrics) {
        const one = attached.get(data.descriptor.name);
        if (one !== undefined) gone += pourMetric(one, data.dataPoints as DataPoint<PointValue>[]);
      }
    });
    const meter = own.provider.getMeter(contract.name);
    return { ...own, instruments: recorded.map(({ metric }) => instrument(meter, metric)) };
  }

  return {
    writes: recorded.map((one, at) => offering((series, value) => current.instruments[at]?.(series, value), one)),
    close: () => current.close(),
    async collect() {
      // Series at 0 have no point, and an instrument that nothing was recorded with is not even told of. Ahead of the SDK's snapshot,
      // because a gauge that is set while it is being taken would show a 0 that nobody said.
      for (const one of recorded) showSeries(one);
      const before = current;
      const isLast = gone > mostGone;
      // At once: whatever is recorded from here on is the next one's.
      if (isLast) current = begin();
      gone = 0;
      const errors = await before.collect();
      if (isLast) {
        gone = 0;
        for (const one of recorded) rebase(one);
        await before.close();
      }
      return errors;
    },
  };
}

/** The SDK has no exemplars, so they go past it; a series needs its row for that, ahead of the next collection. */
function offering(write: Write, one: Attached): Write {
  const { exemplars } = one;
  if (exemplars === undefined) return write;
  return (series, value) => {
    write(series, value);
    if (series.row === 0) showSeries(one);
    exemplars.offer(series.row, value);
  };
}

function reading(views: ViewOptions[], pour: (scope: Scope, metrics: readonly MetricData[]) => void) {
  const exporter = new PrometheusExporter({ preventServerStart: true });
  const provider = new MeterProvider({ views, readers: [exporter] });
  return {
    provider,
    close: () => provider.shutdown(),
    async collect(): Promise<readonly unknown[]> {
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

function instrument(meter: Meter, { kind, instrument: name, unit, help, labels }: Metric): Write {
  const names = Object.keys(labels);
  const options = { unit, description: help };
  switch (kind) {
    case 'counter': {
      const counter = meter.createCounter(name, options);
      return (series, value) => counter.add(value, attributesOf(names, series));
    }
    case 'updowncounter': {
      const counter = meter.createUpDownCounter(name, options);
      return (series, value) => counter.add(value, attributesOf(names, series));
    }
    case 'histogram':
    case 'summary': {
      const histogram = meter.createHistogram(name, options);
      return (series, value) => histogram.record(value, attributesOf(names, series));
    }
    default: {
      const gauge = meter.createGauge(name, options);
      return (series, value) => {
        series.last = value;
        gauge.record(value, attributesOf(names, series));
      };
    }
  }
}
