/** The smallest program with a listener, of each library. Strings, so that nothing is imported ahead. */
import { createServer } from 'node:http';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

/** Listens; the URL of the metrics. `built`: where Meterbridge is. */
export type Listen = (built: string) => Promise<string>;

export const listeners: Readonly<Record<string, Listen>> = {
  meterbridge: (built) => bridge(built, false),
  'meterbridge-thread': (built) => bridge(built, true),
  'prom-client': async () => registry((await import('prom-client')).default),
  '@prometheus-io/client': async () => registry((await import('@prometheus-io/client')).default),
  empty: () => served(async () => 'nothing 1\n'),
  async 'empty-thread'() {
    const worker = new Worker("require('node:worker_threads').parentPort.on('message', () => {})", { eval: true });
    await new Promise((resolve) => worker.once('online', resolve));
    return served(async () => 'nothing 1\n');
  },
};

async function bridge(built: string, thread: boolean): Promise<string> {
  const { contract, counter, meterbridge, oneOf } = await import(join(built, 'index.js'));
  const declared = contract('bench', { runs: counter({ help: 'Runs.', labels: { status: oneOf('success', 'failed') } }) });
  const made = meterbridge(declared, { env: {}, log() {} });
  made.metrics.runs.add(1, { status: 'success' });
  return (await made.listen('127.0.0.1:0', { thread })).url;
}

interface Registries {
  readonly Registry: new () => { metrics(): Promise<string> };
  readonly Counter: new (config: object) => { inc(labels: object): void };
}

async function registry(client: unknown): Promise<string> {
  const { Registry, Counter } = client as Registries;
  const registry = new Registry();
  new Counter({ name: 'bench_runs', help: 'Runs.', labelNames: ['status'], registers: [registry] }).inc({ status: 'success' });
  return served(() => registry.metrics());
}

async function served(metrics: () => Promise<string>): Promise<string> {
  const server = createServer(async (_request, response) => response.end(await metrics()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as { port: number }).port}/metrics`;
}
