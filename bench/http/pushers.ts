/** Who pushes a program's counters to a receiver. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, createServer, request } from 'node:http';
import { join } from 'node:path';
import { contract, counter, identity, meterbridge, oneOf } from '../../src/index.ts';
import { labelSets, listening, methods } from './program.ts';

export interface PushAsked {
  readonly series: number;
  readonly compression: 'none' | 'gzip';
  readonly endpoint: string;
}

/** One push, until it is answered. */
export type Push = () => Promise<void>;

export async function startReceiver(): Promise<string> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'receiver.ts')], { stdio: ['pipe', 'pipe', 'inherit'] });
  process.once('exit', () => child.kill());
  const [port] = await once(child.stdout, 'data');
  return `http://127.0.0.1:${String(port).trim()}`;
}

export const pushers: Readonly<Record<string, (asked: PushAsked) => Promise<Push>>> = {
  meterbridge: ours,
  async 'otel-sdk'({ series, compression, endpoint }) {
    const { MeterProvider, PeriodicExportingMetricReader } = await import('@opentelemetry/sdk-metrics');
    const { OTLPMetricExporter } = await import('@opentelemetry/exporter-metrics-otlp-http');
    const exporter = new OTLPMetricExporter({ url: `${endpoint}/v1/metrics`, compression: compression as never });
    const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
    const views = [{ instrumentName: '*', aggregationCardinalityLimit: series + 2 }];
    const requests = new MeterProvider({ readers: [reader], views }).getMeter('shop').createCounter('shop.requests');
    const sets = labelSets(series);
    return async () => {
      for (const labels of sets) requests.add(1, { ...labels });
      await reader.forceFlush();
    };
  },
  /** A body of Meterbridge's, posted by bare `node:http`. */
  async constant(asked) {
    const bodies: Buffer[] = [];
    const taker = createServer((posted, response) => {
      posted.on('data', (part: Buffer) => bodies.push(part)).on('end', () => response.end());
    });
    await (await ours({ ...asked, endpoint: (await listening(taker)).replace('/metrics', '') }))();
    taker.closeAllConnections();
    taker.close();
    const body = Buffer.concat(bodies);
    const agent = new Agent({ keepAlive: true });
    const headers = { 'content-type': 'application/x-protobuf', 'content-length': String(body.length) };
    return () =>
      new Promise((resolve, reject) => {
        const attempt = request(`${asked.endpoint}/v1/metrics`, { method: 'POST', agent, headers }, (response) => {
          response.resume().on('end', resolve);
        });
        attempt.on('error', reject).end(body);
      });
  },
};

async function ours({ series, compression, endpoint }: PushAsked): Promise<Push> {
  const labels = { method: oneOf(...methods), route: identity({ limit: series }) };
  const declared = contract('shop', { requests: counter({ help: 'Requests.', labels, zeroFilled: false }) });
  const push = { endpoint, compression, intervalMs: 3_600_000 };
  const bridge = meterbridge(declared, { env: {}, isolated: true, log: () => {}, push });
  const sets = labelSets(series);
  return async () => {
    for (const one of sets) bridge.metrics.requests.add(1, { ...one });
    if (!(await bridge.flush())) throw new Error('BUG: the push was not accepted');
  };
}
