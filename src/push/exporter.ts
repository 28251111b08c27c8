/**
 * The stock exporter under the SDK's periodic reader: one `export` is one push, whatever requests and retries it takes, and ends in time. It tells
 * the reader success always, because the reader's word for a failure is an error in the host's diagnostics at every interval.
 */
import type { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import type { PushMetricExporter, ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { partialSuccess } from './answer.ts';
import { batches } from './batches.ts';
import { type Connection, createConnection } from './connection.ts';
import { describeFailure, type Outcome, secretsOf } from './failure.ts';
import type { PushSettings } from './settings.ts';

export interface PushExporter extends PushMetricExporter {
  /** Cuts a push under way, and gives the next ones until `endBy` (`performance.now()`). */
  hurry(endBy: number): void;
  /** No attempt reaches the network any more. */
  end(): void;
}

type ExporterClass = typeof OTLPMetricExporter;
type ExporterOptions = NonNullable<ConstructorParameters<ExporterClass>[0]>;
type Result = Parameters<Parameters<PushMetricExporter['export']>[1]>[0];

const timedOut: Outcome = { failure: describeFailure({ error: 'timed out' }) };

/** `ExportResultCode.SUCCESS` and `AggregationTemporalityPreference.CUMULATIVE` (a test holds them against the SDK). */
export const exporterNumbers = { success: 0, cumulative: 1 } as const;

export function createExporter(
  Exporter: ExporterClass,
  settings: PushSettings,
  report: (outcome: Outcome, seconds: number) => void,
): PushExporter {
  const target = settings.target();
  const url = new URL(target.url);
  const secrets = secretsOf(target);
  let endBy = Number.POSITIVE_INFINITY;
  let connection = connect();

  function connect(): Promise<Connection> {
    return createConnection(url.protocol, target.tls);
  }

  function create(over: Connection, timeoutMillis: number): OTLPMetricExporter {
    return new Exporter({
      url: target.url,
      headers: { ...target.headers },
      timeoutMillis,
      compression: settings.compression as NonNullable<ExporterOptions['compression']>,
      httpAgentOptions: () => over.agent,
      temporalityPreference: exporterNumbers.cumulative,
      userAgent: 'Meterbridge',
    });
  }

  /**
   * The SDK's exporter has its time limit, retries included, from its making. One with the whole time serves as a rule; what comes
   * with less time left, a later part of a big push or the last push, gets one of its own.
   */
  let whole: OTLPMetricExporter | undefined;
  function exporterFor(over: Connection, left: number, first: boolean): OTLPMetricExporter {
    if (!first || endBy !== Number.POSITIVE_INFINITY) return create(over, left);
    whole ??= create(over, settings.timeoutMs);
    return whole;
  }

  async function send(exporter: OTLPMetricExporter, metrics: ResourceMetrics, over: Connection): Promise<Outcome> {
    over.forget();
    const result = await new Promise<Result>((resolve) => exporter.export(metrics, resolve));
    const attempt = over.last();
    if (result.code === exporterNumbers.success) return { failure: undefined, partial: partialSuccess(attempt?.body) };
    return { failure: describeFailure(attempt ?? { error: result.error?.message }, secrets) };
  }

  async function push(metrics: ResourceMetrics): Promise<void> {
    const began = performance.now();
    const end = Math.min(began + settings.timeoutMs, endBy);
    const over = await connection;
    // The exporter's own limit counts silence only; a receiver that answers byte by byte is cut off here.
    const timer = setTimeout(over.abort, Math.max(1, end - began)).unref();
    let outcome: Outcome = { failure: undefined, partial: undefined };
    let first = true;
    for (const batch of batches(metrics)) {
      const left = Math.floor(end - performance.now());
      outcome = left < 1 && !first ? timedOut : await send(exporterFor(over, Math.max(1, left), first), batch, over);
      if (outcome.failure !== undefined) break;
      first = false;
    }
    clearTimeout(timer);
    report(outcome, (performance.now() - began) / 1000);
  }

  return Object.freeze({
    export(metrics: ResourceMetrics, done: (result: Result) => void) {
      const finish = () => done({ code: exporterNumbers.success });
      push(metrics).then(finish, (error: unknown) => {
        report({ failure: describeFailure({ error: String(error) }, secrets) }, 0);
        finish();
      });
    },
    hurry(deadline: number) {
      endBy = deadline;
      // Retries of the push under way die with their connection, lest they arrive after the last push.
      connection.then((old) => old.close());
      connection = connect();
    },
    end() {
      connection.then((last) => last.close());
    },
    forceFlush: async () => {},
    shutdown: async () => {},
    selectAggregationTemporality: () => exporterNumbers.cumulative,
  });
}
