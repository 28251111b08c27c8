/** A real OpenTelemetry Collector on free ports, run with the repository's `otel-collector.yaml` as it is. */
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../examples/demo/free-port.ts';
import { bodyOf, startChild } from './child.ts';
import { type DebugBatch, parseDebugText } from './debug-text.ts';

export interface Collector {
  /** What a push is pointed at: `http://127.0.0.1:PORT`, without a path. */
  readonly endpoint: string;
  /** The batches that the debug exporter has printed so far. */
  batches(): readonly DebugBatch[];
  /** The last of them, once at least `count` have been printed in full. */
  lastBatch(count: number): Promise<DebugBatch>;
  /** The page of its prometheus exporter. */
  readonly page: string;
  /** What its prometheus exporter serves: text 0.0.4, or the format of `accept`. */
  scrape(accept?: string): Promise<string>;
  stderr(): string;
  stop(): Promise<void>;
}

export interface CollectorOptions {
  /** `metric_expiration` of the prometheus exporter, as the Collector writes durations. Default: the file's. */
  readonly metricExpiration?: string;
  /** Laid over the file: `yaml:` and the keys, separated by `::`, as the Collector's `--config` takes them. */
  readonly over?: readonly string[];
}

const configuration = fileURLToPath(new URL('../../otel-collector.yaml', import.meta.url));
const attempts = 3;

/** When the test fails, what the Collector had said is in its report. */
export async function startCollector(t: TestContext, binary: string, options: CollectorOptions = {}): Promise<Collector> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOnce(t, binary, options);
    } catch (error) {
      // Between finding a free port and the Collector taking it, another program may have been faster.
      if (attempt === attempts || !String(error).includes('address already in use')) throw error;
    }
  }
}

async function startOnce(t: TestContext, binary: string, { over = [], metricExpiration }: CollectorOptions): Promise<Collector> {
  // It says on which port its receiver is, but not its exporter.
  const prometheus = await freePort();
  const configurations = [configuration, ...over].flatMap((one) => ['--config', one]);
  const child = startChild(t, binary, configurations, {
    OTLP_HTTP_PORT: '0',
    OTLP_GRPC_PORT: '0',
    PROMETHEUS_PORT: String(prometheus),
    HEALTH_CHECK_PORT: '0',
    ...(metricExpiration === undefined ? {} : { METRIC_EXPIRATION: metricExpiration }),
  });
  // By its own word: whoever else answers at a port may be another one.
  await child.until('ready', () => child.stderr().includes('Everything is ready.'));
  const [, endpoint] = /Starting HTTP server.*"endpoint": "([^"]+)"/.exec(child.stderr()) ?? [];
  assert.ok(endpoint, child.stderr());

  const page = `http://127.0.0.1:${prometheus}/metrics`;
  const batches = () => parseDebugText(child.stdout());
  return Object.freeze({
    endpoint: `http://${endpoint}`,
    page,
    batches,
    async lastBatch(count: number) {
      await child.until(`${count} batches in the debug exporter's text`, () => batches().length >= count);
      return batches().at(-1) as DebugBatch;
    },
    async scrape(accept = 'text/plain') {
      const body = await bodyOf(page, { headers: { accept } });
      if (body === undefined)
        throw new Error(`the Collector's prometheus exporter does not answer: ${child.stderr().slice(-2_000)}`);
      return body;
    },
    stderr: child.stderr,
    stop: child.stop,
  });
}
