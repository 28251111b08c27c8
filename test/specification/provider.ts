/** The providers that the specification's rules are held against, and what they collect. */
import { DiagLogLevel, diag, type MeterProvider } from '@opentelemetry/api';
import type { ScopeMetrics } from '@opentelemetry/sdk-metrics';
import { MetricReader, MeterProvider as SdkMeterProvider } from '@opentelemetry/sdk-metrics';
import { createStore } from '../../src/core/store/index.ts';
import { createProducer } from '../../src/library/push/index.ts';
import { createStoreEngine } from '../../src/library/recording/index.ts';

export interface Provided {
  readonly provider: MeterProvider;
  collect(): Promise<readonly ScopeMetrics[]>;
  shutdown(): Promise<void>;
}

function store(): Provided {
  const own = createStore();
  const engine = createStoreEngine(own, { clock: Date.now });
  const producer = createProducer({ view: own.view, refresh: async () => void (await engine.collect(1_000)) });
  return {
    provider: engine.meterProvider,
    collect: async () => (await producer.collect()).resourceMetrics.scopeMetrics,
    shutdown: () => engine.close(),
  };
}

class Reader extends MetricReader {
  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
}

function sdk(): Provided {
  const reader = new Reader();
  const provider = new SdkMeterProvider({ readers: [reader] });
  return {
    provider,
    collect: async () => (await reader.collect()).resourceMetrics.scopeMetrics,
    shutdown: () => provider.shutdown(),
  };
}

/** The engine that is tested, and the SDK: what both do is not only our reading of the specification. */
export const providers = { store, sdk } as const;
export type ProviderName = keyof typeof providers;

/** What is said through the API's diagnostics while `work` runs, errors and warnings. */
export async function told(work: () => void | Promise<void>): Promise<readonly string[]> {
  const lines: string[] = [];
  const keep = (line: string): void => void lines.push(line);
  const drop = (): void => {};
  const logger = { error: keep, warn: keep, info: drop, debug: drop, verbose: drop };
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  try {
    await work();
  } finally {
    diag.disable();
  }
  return lines;
}

/** `name{attributes}` → value or bucket counts, of all scopes. */
export async function collected({ collect }: Provided): Promise<Readonly<Record<string, unknown>>> {
  const points: [string, unknown][] = [];
  for (const { metrics } of await collect()) {
    for (const { descriptor, dataPoints } of metrics) {
      for (const { attributes, value } of dataPoints) {
        const sorted = Object.entries(attributes).toSorted(([a], [b]) => (a < b ? -1 : 1));
        const shown = sorted.map(([name, one]) => `${name}=${JSON.stringify(one)}`).join(',');
        points.push([
          `${descriptor.name}{${shown}}`,
          typeof value === 'number' ? value : { count: value.count, ...bucketsOf(value) },
        ]);
      }
    }
  }
  return Object.fromEntries(points);
}

function bucketsOf(value: object): { bounds?: readonly number[] } {
  const { buckets } = value as { buckets?: { boundaries?: number[] } };
  return buckets?.boundaries === undefined ? {} : { bounds: buckets.boundaries };
}
