/**
 * The process of the shop: the shop as it is, with what the demonstration adds around it. OpenTelemetry's exporter, where it is
 * installed, serves the same store from the shop's own event loop, as it does in every program.
 */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileOf } from './file-of.ts';

// By its address, so that the package has it as the one file that `--source` prints.
const { bridge, metrics, server }: typeof import('./shop.ts') = await import(fileOf('shop').href);

/** What it reports once everything listens. */
export interface Ready {
  readonly api: string;
  readonly metrics: string;
  /** The page that shows what flows. */
  readonly page: string;
  /** Undefined: OpenTelemetry's exporter is not installed. */
  readonly stock?: string;
}

/** A request of the demonstration: block the event loop for so many milliseconds. */
export interface Block {
  readonly blockMs: number;
}

process.on('message', ({ blockMs }: Block) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, blockMs));
// The demonstration has gone, whatever has ended it.
process.once('disconnect', () => process.exit());
process.once('SIGTERM', async () => {
  await bridge.close();
  process.exit();
});

if (!server.listening) await once(server, 'listening');
const stock = await listenStock(Number(process.env.STOCK_PORT ?? 0));
// A listener of its own: the one in a thread has no page.
const watched = await bridge.listen('127.0.0.1:0', { page: 'always' });
const page = new URL('/', watched.url).href;
const ready: Ready = { api: urlOf(server), metrics: metrics.url, page, ...(stock && { stock: `${urlOf(stock)}/metrics` }) };
process.send?.(ready);

/** OpenTelemetry's exporter behind a server of this event loop: it cannot listen at any free port. */
async function listenStock(port: number): Promise<Server | undefined> {
  const packages = [import('@opentelemetry/exporter-prometheus'), import('@opentelemetry/sdk-metrics')] as const;
  const loaded = await Promise.all(packages).catch(() => undefined);
  if (loaded === undefined) return undefined;
  const [{ PrometheusExporter }, { MeterProvider }] = loaded;
  const exporter = new PrometheusExporter({
    preventServerStart: true,
    metricProducers: [bridge.producer],
    withoutScopeInfo: true,
  });
  new MeterProvider({ readers: [exporter] });
  const listening = createServer((request, response) => exporter.getMetricsRequestHandler(request, response)).listen(
    port,
    '127.0.0.1',
  );
  await once(listening, 'listening');
  return listening;
}

function urlOf(listening: Server): string {
  return `http://127.0.0.1:${(listening.address() as AddressInfo).port}`;
}
