/**
 * The stock exporter under the SDK's periodic reader: one `export` is one push, whatever requests and retries it takes, and ends in time. It tells
 * the reader success always, because the reader's word for a failure is an error in the host's diagnostics at every interval.
 */
import type { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import type { PushMetricExporter, ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { isSuccess, remarkOf } from '../answers/answer.ts';
import { createCleaner } from '../answers/clean.ts';
import { describeFailure, type Outcome } from '../answers/failure.ts';
import { packageVersion } from '../package-version.ts';
import { settingNames } from '../settings/setting-names.ts';
import type { PushSettings } from '../settings/settings.ts';
import { batches } from './batches.ts';
import { type Connection, createConnection } from './connection.ts';

export interface PushExporter extends PushMetricExporter {
  /** Cuts a push under way, and gives the next ones until `endBy` (`performance.now()`). */
  hurry(endBy: number): void;
  /** Whether the receiver wants no push yet, and the last one is not due. */
  isHeld(): boolean;
  /** No attempt reaches the network any more. */
  end(): void;
}

type ExporterClass = typeof OTLPMetricExporter;
type ExporterOptions = NonNullable<ConstructorParameters<ExporterClass>[0]>;
type Result = Parameters<Parameters<PushMetricExporter['export']>[1]>[0];

/** `ExportResultCode.SUCCESS` and `AggregationTemporalityPreference.CUMULATIVE` (a test holds them against the SDK). */
export const exporterNumbers = { success: 0, cumulative: 1 } as const;

export function createExporter(
  Exporter: ExporterClass,
  settings: PushSettings,
  report: (outcome: Outcome, seconds: number) => void,
): PushExporter {
  const target = settings.target();
  const url = new URL(target.url);
  const clean = createCleaner(target);
  const failed = (error: string): Outcome => ({ failure: describeFailure({ error }, clean, settingNames) });
  let endBy = Number.POSITIVE_INFINITY;
  let heldUntil = 0;
  let connection = connect();

  const isHeld = () => endBy === Number.POSITIVE_INFINITY && performance.now() < heldUntil;

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
      // Stands ahead of the exporter's own.
      userAgent: `Meterbridge/${packageVersion()}`,
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
    heldUntil = over.heldUntil();
    const answer = attempt?.answer;
    if (answer !== undefined && isSuccess(answer)) return { failure: undefined, remark: remarkOf(answer, clean) };
    return { failure: describeFailure(attempt ?? { error: result.error?.message }, clean, settingNames) };
  }

  async function push(metrics: ResourceMetrics): Promise<void> {
    if (isHeld()) return;
    const began = performance.now();
    const end = Math.min(began + settings.timeoutMs, endBy);
    const over = await connection;
    // The exporter's own limit counts silence only; a receiver that answers byte by byte is cut off here.
    const timer = setTimeout(over.abort, Math.max(1, end - began)).unref();
    let outcome: Outcome = { failure: undefined, remark: undefined };
    let first = true;
    for (const batch of batches(metrics)) {
      const left = Math.floor(end - performance.now());
      outcome = left < 1 && !first ? failed('timed out') : await send(exporterFor(over, Math.max(1, left), first), batch, over);
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
        report(failed(String(error)), 0);
        finish();
      });
    },
    hurry(deadline: number) {
      endBy = deadline;
      // Retries of the push under way die with their connection, lest they arrive after the last push.
      connection.then((old) => old.close());
      connection = connect();
    },
    isHeld,
    end() {
      connection.then((last) => last.close());
    },
    forceFlush: async () => {},
    shutdown: async () => {},
    selectAggregationTemporality: () => exporterNumbers.cumulative,
  });
}
