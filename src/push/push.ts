/**
 * Push: a periodic reader of the SDK on a provider without instruments, whose only producer is the store. State, not a queue: while a
 * receiver is away nothing is kept but the store itself, so an outage costs resolution, never totals. The SDK is loaded when push starts.
 */
import type { MetricProducer } from '@opentelemetry/sdk-metrics';
import { createExporter, type Outcome, type PushExporter } from './exporter.ts';
import { emptyCollection } from './producer.ts';
import { createReport } from './report.ts';
import type { PushSettings } from './settings.ts';

export interface PushEvent {
  readonly outcome: 'success' | 'failed';
  /** From the first byte out to the receiver's last word, retries included. */
  readonly seconds: number;
}

export interface PushStart {
  readonly settings: PushSettings;
  readonly producer: MetricProducer;
  readonly onPush?: ((event: PushEvent) => void) | undefined;
  /** Takes a line when pushes stop working, and when they work again. */
  readonly log: (line: string) => void;
}

export interface Push {
  /** Pushes now. False when that failed, or took longer than `deadlineMs` (default 5,000). */
  flush(deadlineMs?: number): Promise<boolean>;
  /** The last push, within `deadlineMs` (default 5,000); nothing is pushed afterwards. Never rejects; again is the same. */
  close(deadlineMs?: number): Promise<void>;
}

/** Half of what a container runtime usually grants (10 s) between SIGTERM and SIGKILL. */
const defaultDeadlineMs = 5_000;

interface Engine {
  readonly exporter: PushExporter;
  flush(): Promise<void>;
  shutdown(): Promise<void>;
}

/** Returns at once. Nothing of push keeps the process alive but `flush` and `close`, until their deadline. */
export function startPush(options: PushStart): Push {
  const { settings, onPush, log } = options;
  const report = createReport(settings.shown, log);
  let lastGood = true;
  const producer = ownProducer(options.producer, settings, (error) => {
    lastGood = false;
    report.failed({
      cause: 'collect',
      text: `the store could not be read: ${String(error)}`,
      fix: 'report it, this is a bug of Meterbridge',
    });
  });
  const onOutcome = (outcome: Outcome, seconds: number) => {
    lastGood = outcome.failure === undefined;
    if (outcome.failure !== undefined) report.failed(outcome.failure);
    else report.succeeded(outcome.partial);
    onPush?.({ outcome: lastGood ? 'success' : 'failed', seconds });
  };
  const engine = start(options, producer, onOutcome).catch((error: unknown) => {
    log(`push to ${settings.shown} cannot start: ${String(error)}`);
    return undefined;
  });
  let closing: Promise<void> | undefined;

  async function flush(deadlineMs: number = defaultDeadlineMs): Promise<boolean> {
    if (closing !== undefined) return false;
    const flushed = async () => {
      const running = await engine;
      if (running === undefined) return false;
      lastGood = true;
      await running.flush();
      return lastGood;
    };
    return within(deadlineMs, flushed(), false);
  }

  async function shutdown(deadlineMs: number): Promise<void> {
    const endBy = performance.now() + deadlineMs;
    const last = async () => {
      const running = await engine;
      if (running === undefined) return;
      producer.hurry(endBy);
      running.exporter.hurry(endBy);
      await running.shutdown();
    };
    await within(deadlineMs, last(), undefined);
    engine.then((running) => running?.exporter.end());
  }

  return Object.freeze({
    flush,
    close(deadlineMs: number = defaultDeadlineMs) {
      closing ??= shutdown(deadlineMs).catch((error: unknown) => log(`push to ${settings.shown} did not end well: ${String(error)}`));
      return closing;
    },
  });
}

async function start(
  options: PushStart,
  producer: MetricProducer,
  onOutcome: (outcome: Outcome, seconds: number) => void,
): Promise<Engine> {
  const { settings } = options;
  const [sdk, resources, otlp] = await Promise.all([
    import('@opentelemetry/sdk-metrics'),
    import('@opentelemetry/resources'),
    import('@opentelemetry/exporter-metrics-otlp-http'),
  ]);
  const exporter = createExporter(otlp.OTLPMetricExporter, settings, onOutcome);
  const reader = new sdk.PeriodicExportingMetricReader({
    exporter,
    exportIntervalMillis: settings.intervalMs,
    // The exporter keeps its own, shorter time; the reader's limit would only cut it off with an error.
    exportTimeoutMillis: settings.intervalMs,
    metricProducers: [producer],
  });
  const resource = resources.defaultResource().merge(resources.resourceFromAttributes(settings.resource));
  const provider = new sdk.MeterProvider({ resource, readers: [reader] });
  return { exporter, flush: () => provider.forceFlush(), shutdown: () => provider.shutdown() };
}

/**
 * The store's producer within push's time. Errors of callbacks are told where they arise, so the SDK does not get to repeat them at every
 * interval. `hurry` ends a collection under way, empty, and halves what is left until `endBy` between the next one and its push.
 */
function ownProducer(inner: MetricProducer, settings: PushSettings, failed: (error: unknown) => void) {
  let endBy = Number.POSITIVE_INFINITY;
  let cut = Promise.withResolvers<undefined>();
  return {
    async collect() {
      // A new one for each: a promise that outlives the race would keep something of every race.
      cut = Promise.withResolvers();
      const timeoutMillis = Math.max(1, Math.min(settings.timeoutMs, (endBy - performance.now()) / 2));
      try {
        const result = await Promise.race([inner.collect({ timeoutMillis }), cut.promise]);
        return result === undefined ? emptyCollection : { ...result, errors: [] };
      } catch (error) {
        failed(error);
        return emptyCollection;
      }
    },
    hurry(deadline: number) {
      endBy = deadline;
      cut.resolve(undefined);
    },
  };
}

async function within<T>(ms: number, work: Promise<T>, late: T): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  // Not unref'd: while somebody waits for a push, the process stays.
  const expired = new Promise<T>((resolve) => {
    timer = setTimeout(() => resolve(late), ms);
  });
  return Promise.race([work, expired]).finally(() => clearTimeout(timer));
}
