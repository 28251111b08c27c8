/** What a process pays before its first measurement, and before its first scrape. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type BenchCase, Skip } from '../bench-case.ts';
import { builtPackage } from '../built.ts';
import { listeners } from '../http/start-listeners.ts';
import { keptStart } from '../ingest/kept-start.ts';
import type { Load } from '../ingest/payloads.ts';

/** Imports, makes a counter and counts once. Strings, so that nothing is imported ahead. */
const starts: Readonly<Record<string, (built: string) => Promise<void>>> = {
  async meterbridge(built) {
    await startBridge(built, {});
  },
  async 'meterbridge-sdk'(built) {
    const { sdkEngine } = await import(join(built, 'sdk.js'));
    await startBridge(built, { engine: sdkEngine() });
  },
  async 'prom-client'() {
    startRegistry((await import('prom-client')).default as unknown as Registries);
  },
  async '@prometheus-io/client'() {
    startRegistry((await import('@prometheus-io/client')).default as unknown as Registries);
  },
  async 'otel-sdk'() {
    const { MeterProvider } = await import('@opentelemetry/sdk-metrics');
    const { PrometheusExporter } = await import('@opentelemetry/exporter-prometheus');
    const provider = new MeterProvider({ readers: [new PrometheusExporter({ preventServerStart: true })] });
    provider.getMeter('bench').createCounter('bench.runs').add(1, { status: 'success' });
  },
};

interface Registries {
  readonly Registry: new () => object;
  readonly Counter: new (config: object) => { inc(labels: object): void };
}

async function startBridge(built: string, options: object): Promise<void> {
  const { contract, counter, meterbridge, oneOf } = await import(join(built, 'index.js'));
  const declared = contract('bench', { runs: counter({ help: 'Runs.', labels: { status: oneOf('success', 'failed') } }) });
  meterbridge(declared, { env: {}, ...options }).metrics.runs.add(1, { status: 'success' });
}

function startRegistry({ Registry, Counter }: Registries): void {
  new Counter({ name: 'bench_runs', help: 'Runs.', labelNames: ['status'], registers: [new Registry()] }).inc({
    status: 'success',
  });
}

const gauges: Load = { kind: 'gauge', points: 1_000, series: 100_000, attributes: 4 };

export const cases: readonly BenchCase[] = [
  {
    suite: 'start',
    name: 'import',
    what: 'import the package and record the first value, in a new process',
    contenders: Object.keys(starts),
    rounds: 15,
    quickRounds: 5,
    fresh: true,
    async prepare(contender) {
      const start = starts[contender];
      if (start === undefined) throw new Skip(`${contender} is unknown here`);
      const built = contender.startsWith('meterbridge') ? builtPackage() : '';
      return async () => {
        const from = performance.now();
        await start(built);
        return { ms: performance.now() - from };
      };
    },
  },
  {
    suite: 'start',
    name: 'listen',
    what: 'from fork to listening, to the first answered scrape, and what is resident then; `empty`: bare node:http, `empty-thread`: in a worker',
    contenders: Object.keys(listeners),
    rounds: 15,
    quickRounds: 5,
    async prepare(contender) {
      const built = contender.startsWith('meterbridge') ? builtPackage() : '';
      return async () => {
        const from = performance.now();
        const child = fork(join(import.meta.dirname, '../http/start-server.ts'), [contender, built], { execArgv: [] });
        const said = async (): Promise<number> => Number((await once(child, 'message'))[0]);
        try {
          await said();
          const ms = performance.now() - from;
          const rss = await said();
          const scraped = performance.now() - from;
          return { ms, 'ms to first scrape': scraped, 'resident MiB': rss / 2 ** 20 };
        } finally {
          child.kill();
          await once(child, 'exit');
        }
      };
    },
  },
  keptStart('kept-100k', gauges),
  keptStart('kept-histograms-100k', { ...gauges, kind: 'histogram' }, { fullOnly: true }),
  keptStart('kept-1m', { ...gauges, series: 1_000_000 }, { fullOnly: true }),
];
