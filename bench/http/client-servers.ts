/** What a JavaScript program could take in Meterbridge's place, each behind the server that its documentation shows. */
import { createServer } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { labelSets, listening, type Program, queueSize, type Serve } from './program.ts';

interface Client {
  readonly Registry: new () => { readonly contentType: string; setContentType(type: string): void; metrics(): Promise<string> };
  readonly Counter: new (config: object) => { inc(labels: object): void };
  readonly Gauge: new (config: object) => { set(value: number): void };
}

const openMetrics = 'application/openmetrics-text; version=1.0.0; charset=utf-8';
const compress = promisify(gzip);

function filled(
  { Counter, Gauge }: Client,
  registers: readonly object[],
  { series, observed }: Program,
): (series: number) => void {
  const counter = new Counter({ name: 'shop_requests_total', help: 'Requests.', labelNames: ['method', 'route'], registers });
  const sets = labelSets(series);
  for (const labels of sets) counter.inc(labels);
  if (observed) {
    const gauge = new Gauge({
      name: 'shop_queue',
      help: 'Jobs that wait.',
      registers,
      collect: async () => gauge.set(await queueSize()),
    });
  }
  return (one) => counter.inc(sets[one] as object);
}

const registry =
  (load: () => Promise<unknown>): Serve =>
  async (program) => {
    const client = (await load()) as Client;
    const registry = new client.Registry();
    const count = filled(client, [registry], program);
    const server = createServer(async (request, response) => {
      if (request.headers.accept?.startsWith('application/openmetrics-text') === true) registry.setContentType(openMetrics);
      const text = await registry.metrics();
      response.setHeader('content-type', registry.contentType);
      if (request.headers['accept-encoding'] !== 'gzip') return void response.end(text);
      response.setHeader('content-encoding', 'gzip');
      response.end(await compress(text));
    });
    return { url: await listening(server), count };
  };

export const clients: Readonly<Record<string, Serve>> = {
  'prom-client': registry(async () => (await import('prom-client')).default),
  '@prometheus-io/client': registry(async () => (await import('@prometheus-io/client')).default),
  async 'fastify-metrics'(program) {
    const client = (await import('@prometheus-io/client')).default as unknown as Client;
    const { default: fastify } = await import('fastify');
    const { default: plugin } = await import('fastify-metrics');
    const app = fastify();
    await app.register(
      plugin as never,
      { endpoint: '/metrics', defaultMetrics: { enabled: false }, routeMetrics: { enabled: false } } as never,
    );
    const { client: own } = (app as unknown as { metrics: { client: { register: object } } }).metrics;
    const count = filled(client, [own.register], program);
    return { url: `${await app.listen({ port: 0, host: '127.0.0.1' })}/metrics`, count };
  },
  async 'otel-sdk'({ series, observed }) {
    const { PrometheusExporter } = await import('@opentelemetry/exporter-prometheus');
    const { MeterProvider } = await import('@opentelemetry/sdk-metrics');
    // The exporter takes 0 for its default port.
    const port = await freePort();
    const exporter = new PrometheusExporter({ host: '127.0.0.1', port, preventServerStart: true });
    const views = [{ instrumentName: '*', aggregationCardinalityLimit: series + 2 }];
    const meter = new MeterProvider({ readers: [exporter], views }).getMeter('shop');
    const counter = meter.createCounter('shop.requests', { description: 'Requests.' });
    const sets = labelSets(series);
    for (const labels of sets) counter.add(1, labels);
    if (observed) meter.createObservableGauge('shop.queue').addCallback(async (result) => result.observe(await queueSize()));
    await exporter.startServer();
    return {
      url: `http://127.0.0.1:${port}/metrics`,
      count: (one) => counter.add(1, sets[one] as { method: string; route: string }),
    };
  },
};

async function freePort(): Promise<number> {
  const server = createServer();
  const port = Number(new URL(await listening(server)).port);
  await new Promise((resolve) => server.close(resolve));
  return port;
}
