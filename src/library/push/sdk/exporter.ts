/**
 * The stock exporter under the SDK's periodic reader: one `export` is one push, with all its requests and retries, and ends in
 * time. It always reports success to the reader, because the reader would log a failure as an error in the application's
 * diagnostics at every interval.
 */
import type { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import type { PushMetricExporter, ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { isSuccess, remarkOf } from '../../../net/otlp-client/answers/answer.ts';
import { createCleaner } from '../../../net/otlp-client/answers/clean.ts';
import { describeFailure, type Outcome } from '../../../net/otlp-client/answers/failure.ts';
import { packageVersion } from '../package-version.ts';
import { settingNames } from '../settings/setting-names.ts';
import type { PushSettings, Target } from '../settings/settings.ts';
import { batches } from './batches.ts';
import { type Connection, createConnection } from './connection.ts';

export interface PushExporter extends PushMetricExporter {
  /** Aborts a push in progress, and gives the next ones until `endBy` (`performance.now()`). */
  hurry(endBy: number): void;
  /** Whether the receiver asks for no push yet, and the last one is not due. */
  isHeld(): boolean;
  /** Prevents any further network traffic. */
  end(): void;
}

type ExporterClass = typeof OTLPMetricExporter;
type ExporterOptions = NonNullable<ConstructorParameters<ExporterClass>[0]>;
type Result = Parameters<Parameters<PushMetricExporter['export']>[1]>[0];

/** `ExportResultCode.SUCCESS` and `AggregationTemporalityPreference.CUMULATIVE` (a test compares them with the SDK). */
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
  const exporters = createExporters(Exporter, settings, target);

  const isHeld = () => endBy === Number.POSITIVE_INFINITY && performance.now() < heldUntil;

  function connect(): Promise<Connection> {
    return createConnection(url.protocol, target.tls);
  }

  /** One with the full time serves most pushes; a later part of a large push, or the last push, has less time left. */
  function exporterFor(over: Connection, left: number, first: boolean): OTLPMetricExporter {
    return first && endBy === Number.POSITIVE_INFINITY ? exporters.whole(over) : exporters.create(over, Math.max(1, left));
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
    // The exporter's own limit counts silence only; this ends a receiver that responds byte by byte.
    const timer = setTimeout(over.abort, Math.max(1, end - began)).unref();
    let outcome: Outcome = { failure: undefined, remark: undefined };
    let first = true;
    for (const batch of batches(metrics)) {
      const left = Math.floor(end - performance.now());
      outcome = left < 1 && !first ? failed('timed out') : await send(exporterFor(over, left, first), batch, over);
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
      // Retries of the push in progress end with their connection, so that they cannot arrive after the last push.
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

interface Exporters {
  /** With the time of a whole push. */
  whole(over: Connection): OTLPMetricExporter;
  create(over: Connection, timeoutMillis: number): OTLPMetricExporter;
}

/** The SDK's exporter fixes its time limit, retries included, when it is created. */
function createExporters(Exporter: ExporterClass, settings: PushSettings, { url, headers }: Target): Exporters {
  let whole: OTLPMetricExporter | undefined;
  const create = (over: Connection, timeoutMillis: number) =>
    new Exporter({
      url,
      headers: { ...headers },
      timeoutMillis,
      compression: settings.compression as NonNullable<ExporterOptions['compression']>,
      httpAgentOptions: () => over.agent,
      temporalityPreference: exporterNumbers.cumulative,
      // Runs before the exporter's own.
      userAgent: `Meterbridge/${packageVersion()}`,
    });
  return {
    create,
    whole(over) {
      whole ??= create(over, settings.timeoutMs);
      return whole;
    },
  };
}
