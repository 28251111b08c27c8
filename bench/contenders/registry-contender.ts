/** prom-client and its successor `@prometheus-io/client` have one interface; what differs is the module. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Contender, Page, Shape } from './contender.ts';
import { gaugeLabels, gaugeValue } from './contender.ts';

interface Config {
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly string[];
  readonly buckets?: readonly number[];
  readonly registers: readonly Registry[];
}

interface Registry {
  readonly contentType: string;
  metrics(): Promise<string>;
}

interface Labelled {
  labels(labels: object): object;
}

/** What is used of either module. */
export interface Client {
  readonly Registry: new () => Registry;
  readonly Counter: new (config: Config) => Labelled;
  readonly Gauge: new (config: Config) => Labelled & { set(labels: object, value: number): void };
  readonly Histogram: new (config: Config) => Labelled & { observe(labels: object, value: number): void };
}

export function registryContender(client: Client): Contender {
  function config(registry: Registry, { name, labels }: Shape): Config {
    return { name, help: 'Benchmark.', labelNames: labels.map((label) => label.name), registers: [registry] };
  }
  function counters(shapes: readonly Shape[]) {
    const registry = new client.Registry();
    return {
      instruments: shapes.map((shape) => new client.Counter(config(registry, shape))),
      call: (instrument: string, value: string, labels: string) => `${instrument}.inc(${labels}, ${value})`,
    };
  }
  return Object.freeze<Contender>({
    counters,
    apiCounters: counters,
    openCounters: counters,
    boundCounters: (shapes) => ({
      instruments: shapes.map((shape) => {
        const first = Object.fromEntries(shape.labels.map(({ name, values }) => [name, values[0]]));
        return new client.Counter(config(new client.Registry(), shape)).labels(first);
      }),
      call: (instrument, value) => `${instrument}.inc(${value})`,
    }),
    histograms(shapes, bounds) {
      const registry = new client.Registry();
      return {
        instruments: shapes.map((shape) => new client.Histogram({ ...config(registry, shape), buckets: bounds })),
        call: (instrument, value, labels) => `${instrument}.observe(${labels}, ${value})`,
      };
    },
    gaugePage(series) {
      const registry = new client.Registry();
      const gauge = new client.Gauge({
        name: 'bench_value',
        help: 'Value.',
        labelNames: ['method', 'path'],
        registers: [registry],
      });
      return page(registry, (round) => {
        for (let index = 0; index < series; index++) gauge.set(gaugeLabels(index), gaugeValue(index, round));
      });
    },
    histogramPage(series, buckets) {
      const registry = new client.Registry();
      const config = { name: 'bench_time_seconds', help: 'Time.', labelNames: ['path'], buckets, registers: [registry] };
      const histogram = new client.Histogram(config);
      return page(registry, (round) => {
        for (let index = 0; index < series; index++)
          histogram.observe({ path: `/api/items/${index}` }, ((index + round) % 97) / 10);
      });
    },
  });
}

function page(registry: Registry, change: (round: number) => void): Page {
  return {
    change,
    render: async () => Buffer.from(await registry.metrics()).byteLength,
    async serve() {
      const server = createServer(async (_request, response) => {
        response.setHeader('content-type', registry.contentType);
        response.end(await registry.metrics());
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`;
    },
  };
}
