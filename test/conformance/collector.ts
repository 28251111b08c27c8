/** A real OpenTelemetry Collector on free ports, run with the repository's `otel-collector.yaml` as it is. */
import { fileURLToPath } from 'node:url';
import { bodyOf, freePorts, startChild } from './child.ts';
import { type DebugBatch, parseDebugText } from './debug-text.ts';

export interface Collector {
  /** What a push is pointed at: `http://127.0.0.1:PORT`, without a path. */
  readonly endpoint: string;
  /** The batches that the debug exporter has printed so far. */
  batches(): readonly DebugBatch[];
  /** The last of them, once at least `count` have been printed in full. */
  lastBatch(count: number): Promise<DebugBatch>;
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

export async function startCollector(binary: string, options: CollectorOptions = {}): Promise<Collector> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOnce(binary, options);
    } catch (error) {
      // Between finding a free port and the Collector taking it, another program may have been faster.
      if (attempt === attempts || !String(error).includes('address already in use')) throw error;
    }
  }
}

async function startOnce(binary: string, options: CollectorOptions): Promise<Collector> {
  const [otlp, prometheus, health] = await freePorts(3);
  const child = startChild(
    binary,
    [configuration, ...(options.over ?? [])].flatMap((one) => ['--config', one]),
    {
      OTLP_HTTP_PORT: String(otlp),
      PROMETHEUS_PORT: String(prometheus),
      HEALTH_CHECK_PORT: String(health),
      ...(options.metricExpiration === undefined ? {} : { METRIC_EXPIRATION: options.metricExpiration }),
    },
  );
  await child.until('ready', async () => (await bodyOf(`http://127.0.0.1:${health}/`))?.includes('Server available') ?? false);

  const batches = () => parseDebugText(child.stdout());
  return Object.freeze({
    endpoint: `http://127.0.0.1:${otlp}`,
    batches,
    async lastBatch(count: number) {
      await child.until(`${count} batches in the debug exporter's text`, () => batches().length >= count);
      return batches().at(-1) as DebugBatch;
    },
    async scrape(accept = 'text/plain') {
      const body = await bodyOf(`http://127.0.0.1:${prometheus}/metrics`, { headers: { accept } });
      if (body === undefined) throw new Error(`the Collector's prometheus exporter does not answer: ${child.stderr().slice(-2_000)}`);
      return body;
    },
    stderr: child.stderr,
    stop: child.stop,
  });
}
