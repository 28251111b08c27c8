/**
 * The SDK engine: OpenTelemetry instruments on our own `MeterProvider`s. One `PrometheusExporter` without a server reads each of
 * them into the store. One provider per contract, because the SDK accepts views at construction only, and one for uncontracted
 * instruments. One reader per provider, because the SDK keeps what an idle second reader has not read.
 */
import type { Meter } from '@opentelemetry/api';
import type { DataPoint, MetricData, ViewOptions as SdkView } from '@opentelemetry/sdk-metrics';
import type { Contract, Metric } from '../../../core/contract/metric.ts';
import type { Scope, Store } from '../../../core/store/store.ts';
import { recordable } from '../../series/by-attributes/recordable-attributes.ts';
import type { OnAdmit } from '../../series/refusals.ts';
import type { Engine, EngineOptions, Instrument, Recordable } from '../engine.ts';
import { judgedAdjust, judgedBound, judgedMeasure, type Write } from '../judged.ts';
import { tellIn } from '../otel-api/api.ts';
import { type ScopeParts, scopeOf } from '../otel-api/scope-of.ts';
import { createStoreEngine } from '../store-engine/store-engine.ts';
import { createViews } from '../views/streams.ts';
import type { ViewOptions } from '../views/view-options.ts';
import { prometheusExporter, sdkMetrics } from './packages.ts';
import { registeredMeters } from './registered-meters.ts';
import { type PointValue, pointsToRows, rebase, type SdkMetric } from './sdk-points-to-rows.ts';
import { createSdkSeries, type SdkSeries } from './sdk-series.ts';
import { createPassThrough } from './uncontracted.ts';
import { createViewedProvider, sdkViews } from './viewed-provider.ts';
import { viewsOf } from './views.ts';

interface Reading {
  collect(): Promise<readonly unknown[]>;
  close(): Promise<void>;
}

/** The points of removed series that a provider may hold before another replaces it. */
const mostGone = 1_000;

export function createSdkEngine(
  store: Store,
  { clock = Date.now, onAdmit = () => {}, views = [], log = () => {} }: Partial<EngineOptions> = {},
): Engine {
  const passThrough = createPassThrough(store, onAdmit, views);
  const uncontracted = reading(uncontractedViews(views, onAdmit), passThrough.take);
  const viewed = views.length === 0 ? undefined : createStoreEngine(store, { clock, onAdmit, views, log });
  const readings: Reading[] = [uncontracted];
  const tell = tellIn(log);
  const made = (scope: ScopeParts, name: string): void => passThrough.made(scope, name, clock());
  const sdk = uncontracted.provider;
  const onMade = (scope: ScopeParts, { name }: { readonly name: string }): void => made(scope, name);
  const ofViews = createViews(views, tell);
  const meterProvider =
    viewed === undefined
      ? registeredMeters(sdk, { tell, onAdmit, onMade })
      : registeredMeters(createViewedProvider(sdk, { views: ofViews, observables: viewed.meterProvider, onMade: made }), {
          tell,
          onAdmit,
          onMade,
          unresolvedOf: (scope) => ofViews.unresolved(scopeOf(scope)),
        });

  return {
    histograms: 'explicit',
    meterProvider,
    attach(contract: Contract, recorded: readonly Recordable[]) {
      sayExplicit(contract, recorded, log);
      const own = contractReading(contract, recorded);
      readings.push(own);
      return own.instruments;
    },
    async collect(budgetMs, timeoutMs) {
      const errors = await Promise.all([...readings.map((one) => one.collect()), viewed?.collect(budgetMs, timeoutMs) ?? []]);
      return errors.flat();
    },
    async close() {
      await Promise.all([...readings.map((one) => one.close()), viewed?.close()]);
    },
  };
}

/** A view has one aggregation, and a second view of an instrument would be a second metric. */
function sayExplicit({ name }: Contract, recorded: readonly Recordable[], log: (line: string) => void): void {
  const both = recorded.filter(({ metric: { bounds, exponential } }) => bounds.length > 0 && exponential !== undefined);
  if (both.length === 0) return;
  const series = both.map(({ metric }) => metric.series).join(', ');
  log(
    `${name}: the SDK's engine records the buckets of bounds alone, without exponential ones, of ${series}. Fix: leave out engine: sdkEngine(), or remove bounds or exponential`,
  );
}

/** Of every instrument that no contract names. */
function uncontractedViews(views: readonly ViewOptions[], onAdmit: OnAdmit): SdkView[] {
  const onShortened = (label: string): void => onAdmit({ outcome: 'shortened', label });
  if (views.length > 0) return sdkViews(views, onShortened);
  return [{ instrumentName: '*', attributesProcessors: [{ process: (attributes) => recordable(attributes, onShortened) }] }];
}

/**
 * The recorded metrics of a contract. The SDK cannot forget a series, so once it holds too many removed ones, the next collection
 * is the last of its provider, and a new provider continues from there.
 */
function contractReading(
  contract: Contract,
  recorded: readonly Recordable[],
): Reading & { readonly instruments: readonly Instrument[] } {
  const known = recorded.map(({ metric, family }) => ({
    metric,
    family,
    known: createSdkSeries(Object.keys(metric.labels), family),
  }));
  const byName = new Map(known.map((one) => [one.metric.instrument, one]));
  let gone = 0;
  let current = begin();

  function begin() {
    const own = reading(viewsOf(contract), (_scope, metrics) => {
      for (const data of metrics) {
        const one = byName.get(data.descriptor.name);
        if (one !== undefined) gone += pointsToRows(one, data.dataPoints as DataPoint<PointValue>[]);
      }
    });
    const meter = own.provider.getMeter(contract.name);
    return { ...own, puts: recorded.map(({ metric }) => putOf(meter, metric)) };
  }

  return {
    instruments: known.map((one, at) =>
      instrument(recorded[at] as Recordable, one, (series, value) => current.puts[at]?.(series, value)),
    ),
    close: () => current.close(),
    async collect() {
      const before = current;
      const isLast = gone > mostGone;
      // Right away, so that the new provider gets every measurement from here on.
      if (isLast) current = begin();
      gone = 0;
      const errors = await before.collect();
      if (isLast) {
        gone = 0;
        for (const one of known) rebase(one);
        await before.close();
      }
      return errors;
    },
  };
}

/** The SDK has no exemplars, so they bypass it. */
function instrument({ metric, series: table, exemplars }: Recordable, { known }: SdkMetric, put: Put): Instrument {
  const write: Write = (series, value) => {
    put(known.of(series), value);
    exemplars?.offer(series.row, value);
  };
  const bound = judgedBound(table, write);
  const judged = judgedMeasure(table, write);
  const adjust = judgedAdjust(table, (series, value) => put(known.of(series), (known.of(series).last ?? 0) + value));
  return Object.freeze<Instrument>({
    measure: (value, labels) => void judged(value, labels),
    bound: (labels) => bound(labels).measure,
    ...(metric.kind === 'gauge' ? { adjust: (value: number, labels: unknown) => void adjust(value, labels) } : {}),
  });
}

type Put = (series: SdkSeries, value: number) => void;

function reading(views: SdkView[], onMetrics: (scope: Scope, metrics: readonly MetricData[]) => void) {
  const { PrometheusExporter } = prometheusExporter();
  const { MeterProvider } = sdkMetrics();
  const exporter = new PrometheusExporter({ preventServerStart: true });
  const provider = new MeterProvider({ views, readers: [exporter] });
  return {
    provider,
    close: () => provider.shutdown(),
    async collect(): Promise<readonly unknown[]> {
      try {
        const { resourceMetrics, errors } = await exporter.collect();
        for (const { scope, metrics } of resourceMetrics.scopeMetrics) onMetrics(scope, metrics);
        return errors;
      } catch (error) {
        return [error];
      }
    },
  };
}

function putOf(meter: Meter, { kind, instrument: name, unit, help }: Metric): Put {
  const options = { unit, description: help };
  switch (kind) {
    case 'counter': {
      const counter = meter.createCounter(name, options);
      return ({ attributes }, value) => counter.add(value, attributes);
    }
    case 'updowncounter': {
      const counter = meter.createUpDownCounter(name, options);
      return ({ attributes }, value) => counter.add(value, attributes);
    }
    case 'histogram':
    case 'summary': {
      const histogram = meter.createHistogram(name, options);
      return ({ attributes }, value) => histogram.record(value, attributes);
    }
    default: {
      const gauge = meter.createGauge(name, options);
      return (series, value) => {
        series.last = value;
        gauge.record(value, series.attributes);
      };
    }
  }
}
