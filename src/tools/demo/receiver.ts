/**
 * Where the shop pushes: the Collector-compatible service, as `meterbridge serve` runs it, in the demonstration's own process.
 */
import { Writable } from 'node:stream';
import { components } from '../../service/components.ts';
import { readConfig } from '../../service/config/index.ts';
import { startService } from '../../service/graph/service.ts';
import { defaultLimits } from '../../service/limits.ts';

export interface Receiver {
  /** For `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  readonly endpoint: string;
  /** Where it serves what it has received. */
  readonly url: string;
  /** Resolves with a reason when it ends by itself. */
  readonly failed: Promise<Error>;
  close(): Promise<void>;
}

/** Far more than the demonstration has. */
const limits = { ...defaultLimits, maxSeries: 10_000, maxSeriesPerResource: 10_000, maxFamilies: 1_000 };

/** @param port of what it serves; 0: any. It receives at any port. */
export async function startReceiver(port: number, version: string): Promise<Receiver> {
  const config = {
    receivers: { otlp: { protocols: { http: { endpoint: '127.0.0.1:0' } } } },
    exporters: { prometheus: { endpoint: `127.0.0.1:${port}`, without_scope_info: true } },
    service: {
      telemetry: { metrics: { level: 'none' } },
      pipelines: { metrics: { receivers: ['otlp'], exporters: ['prometheus'] } },
    },
  };
  const read = readConfig({ config: [`yaml:${JSON.stringify(config)}`] }, components);
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  let log = '';
  const stream = new Writable({
    write(text, _encoding, done) {
      if (!log.includes('Everything is ready')) log += text;
      done();
    },
  });
  const service = await startService(read.config, { stdout: stream, stderr: stream, version, limits });
  const places = /Listening: (.*)/.exec(log)?.[1]?.split(', ') ?? [];
  const [receives, serves] = ['/v1/metrics', '/metrics'].map((path) => places.find((place) => new URL(place).pathname === path));
  if (receives === undefined || serves === undefined) throw new Error(`the service does not say where it listens:\n${log}`);
  return { endpoint: new URL(receives).origin, url: serves, failed: service.failed, close: service.shutdown };
}
