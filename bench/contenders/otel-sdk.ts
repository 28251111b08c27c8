/** The OpenTelemetry SDK with its Prometheus exporter. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import { type Calls, type Contender, gaugeLabels, gaugeValue, type Page, type Shape } from './contender.ts';

/** Views only raise the limit of series, so that all of them are measured. */
function provider(limit: number) {
  const exporter = new PrometheusExporter({ preventServerStart: true });
  const views = [{ instrumentName: '*', aggregationCardinalityLimit: limit + 2 }];
  return { exporter, meter: new MeterProvider({ readers: [exporter], views }).getMeter('bench') };
}

/** Of one instrument, at most. */
function seriesOf(shapes: readonly Shape[]): number {
  return Math.max(...shapes.map(({ labels }) => labels.reduce((product, { values }) => product * values.length, 1)));
}

function counters(shapes: readonly Shape[]): Calls {
  const { meter } = provider(seriesOf(shapes));
  return {
    instruments: shapes.map(({ name }) => meter.createCounter(name)),
    call: (instrument, value, labels) => `${instrument}.add(${value}, ${labels})`,
  };
}

function page(exporter: PrometheusExporter, change: (round: number) => void): Page {
  const serializer = new PrometheusSerializer();
  return {
    change,
    async render() {
      const { resourceMetrics } = await exporter.collect();
      return Buffer.from(serializer.serialize(resourceMetrics)).byteLength;
    },
    async serve() {
      const server = createServer((request, response) => exporter.getMetricsRequestHandler(request, response));
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`;
    },
  };
}

/** What a push does to a provider: a second reader that collects. */
class Collecting extends MetricReader {
  protected async onShutdown(): Promise<void> {}
  protected async onForceFlush(): Promise<void> {}
}

export const contender: Contender = Object.freeze({
  counters,
  apiCounters: counters,
  openCounters: counters,
  histograms(shapes: readonly Shape[], bounds: readonly number[]) {
    const { meter } = provider(seriesOf(shapes));
    const advice = { explicitBucketBoundaries: [...bounds] };
    return {
      instruments: shapes.map(({ name }) => meter.createHistogram(name, { advice })),
      call: (instrument: string, value: string, labels: string) => `${instrument}.record(${value}, ${labels})`,
    };
  },
  gaugePage(series: number) {
    const { exporter, meter } = provider(series);
    const gauge = meter.createGauge('bench.value');
    return page(exporter, (round) => {
      for (let index = 0; index < series; index++) gauge.record(gaugeValue(index, round), gaugeLabels(index));
    });
  },
  histogramPage(series: number, bounds: readonly number[]) {
    const { exporter, meter } = provider(series);
    const histogram = meter.createHistogram('bench.time', { advice: { explicitBucketBoundaries: [...bounds] } });
    return page(exporter, (round) => {
      for (let index = 0; index < series; index++) histogram.record(((index + round) % 97) / 10, { path: `/api/items/${index}` });
    });
  },
  pusher(shapes: readonly Shape[]) {
    const collecting = new Collecting();
    const idle = new PrometheusExporter({ preventServerStart: true });
    // With a view, as everybody has who sets bounds or limits: without one the SDK keeps its readers apart, and nothing grows.
    const views = [{ instrumentName: '*', aggregationCardinalityLimit: 2_000 }];
    const meter = new MeterProvider({ readers: [collecting, idle], views }).getMeter('bench');
    const all = shapes.map(({ name }) => meter.createCounter(name));
    return {
      record(round: number) {
        for (const [at, counter] of all.entries()) {
          const { labels } = shapes[at] as Shape;
          counter.add(1, Object.fromEntries(labels.map(({ name, values }) => [name, String(values[round % values.length])])));
        }
      },
      async push() {
        await collecting.collect();
      },
    };
  },
});
